/** @file A cut that is set and not applied: it is asked about once for each setting, and carried out where one is. */
import { expect, it } from "vitest";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { unappliedOf } from "./unapplied.ts";
import { createWorkbench, type Workbench } from "./workbench.ts";

async function started(): Promise<Workbench> {
  const bench = createWorkbench(createFakeEngine({ pace: 0 }));
  await bench.commands.start();
  return bench;
}

const asked = ({ page, method, slider }: Workbench) =>
  unappliedOf(page.getState(), method.getState(), slider.getState());

it("asks about a cut that is set, stays answered for that setting, and asks again about another", async () => {
  const bench = await started();
  const { commands } = bench;
  expect(asked(bench)).toBeNull();
  commands.setRatio(0.4);
  expect(asked(bench)).toMatchObject({ title: "The cut of 40\u202f%", isLeftOut: false });
  commands.leaveCutOut();
  expect(asked(bench)?.isLeftOut).toBe(true);
  commands.setRatio(0.5);
  expect(asked(bench)?.isLeftOut).toBe(false);
  commands.setRatio(0.4);
  expect(asked(bench)?.isLeftOut).toBe(true);
  commands.setRatio(0);
  expect(asked(bench)).toBeNull();
});

it("carries it out on the step where the question stands, and says so", async () => {
  const bench = await started();
  const { page, slider, commands } = bench;
  commands.setRatio(0.5);
  const planned = slider.getState().preview?.cost;
  commands.goTo("export");
  expect(await commands.applyHere()).toBe(true);
  expect(page.getState()).toMatchObject({ step: "export", runs: [{ id: 1 }, { id: 2 }] });
  expect(page.getState().session?.cost).toEqual(planned);
  expect(asked(bench)).toBeNull();
  // Nothing is set any more.
  expect(await commands.applyHere()).toBe(false);
});

it("carries it out and goes on to fine-tuning, unless the person has gone elsewhere meanwhile", async () => {
  const bench = await started();
  const { page, commands } = bench;
  commands.goTo("prune");
  commands.setRatio(0.5);
  await commands.apply();
  expect(page.getState()).toMatchObject({ step: "finetune", runId: 2 });
  commands.goTo("prune");
  commands.setRatio(0.5);
  const cutting = commands.apply();
  commands.goTo("export");
  await cutting;
  expect(page.getState()).toMatchObject({ step: "export", runId: 3 });
});

it("says on the step where it is asked why a training forbids it", async () => {
  const bench = await started();
  const { page, commands } = bench;
  commands.setRatio(0.5);
  commands.goTo("finetune");
  const training = commands.startTraining("finetune");
  expect(await commands.applyHere()).toBe(false);
  expect(page.getState().problems.finetune).toMatch(/^A training is running/);
  commands.stopTraining();
  await training;
});
