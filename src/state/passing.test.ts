/** @file Cutting and training in passes: what each leaves behind, and what becomes of one that is stopped. */
import { expect, it, vi } from "vitest";
import type { Engine } from "./engine.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

async function started(engine: Partial<Engine> = {}) {
  const fake = createFakeEngine({ pace: 0 });
  const seeds: number[] = [];
  const train: Engine["train"] = async (request, ...more) => {
    seeds.push(request.settings.seed);
    return await (engine.train ?? fake.train)(request, ...more);
  };
  const bench = createWorkbench({ ...fake, ...engine, train });
  await bench.commands.start();
  bench.commands.editTraining("finetune", { seconds: "1", seed: "5" });
  const { page } = bench;
  return {
    ...bench,
    seeds,
    kinds: () => page.getState().runs.map(({ making }) => making.kind),
  };
}

it("cuts, trains and keeps as often as was chosen, each from what the last one left", async () => {
  const { commands, passing, kinds, page, seeds, activity } = await started();
  commands.changeMethod({ options: { scope: "layer", minimumShare: 0.5 } }, "more");
  commands.setRatio(0.5);
  commands.choosePasses(3);
  const seen: unknown[] = [];
  passing.subscribe(({ now }) => seen.push(now?.pass ?? null));
  await commands.runPasses();
  expect(kinds()).toEqual(["loaded", ...Array(3).fill(["pruned", "fine-tuned"]).flat()]);
  expect([...new Set(seen)]).toEqual([1, 2, 3, null]);
  // Each pass has shuffles of its own.
  expect(seeds).toEqual([5, 6, 7]);
  const { runs, runId } = page.getState();
  expect(runs.map(({ parent }) => parent)).toEqual([null, 1, 2, 3, 4, 5, 6]);
  expect(runId).toBe(7);
  const macs = runs
    .filter(({ making }) => making.kind === "pruned")
    .map((run) => run.session.cost.macs);
  for (const [i, now] of macs.entries()) {
    expect(now).toBeLessThan((macs[i - 1] ?? runs[0]?.session.cost.macs ?? 0) * 0.4);
  }
  expect(activity.getState().message).toBe("3 passes are done; each is among the runs.");
});

it("scores each pass anew where a criterion looks at images, and keeps what was set by hand", async () => {
  const { commands, page, method } = await started();
  commands.changeMethod({ criterion: "taylor" }, "criterion");
  await vi.waitFor(() => expect(method.getState().method.criterion).toBe("taylor"));
  commands.setRatio(0.3);
  commands.keepChannels("conv9", 40);
  commands.choosePasses(2);
  await commands.runPasses();
  const plans = page
    .getState()
    .runs.flatMap(({ making }) => (making.kind === "pruned" ? [making.plan] : []));
  expect(plans.map(({ criterion, requested }) => [criterion, requested])).toEqual([
    ["taylor", 0.3],
    ["taylor", 0.3],
  ]);
  for (const plan of plans) expect(plan.kept.get("conv9")).toHaveLength(40);
  expect(plans[1]?.achieved).toBeGreaterThan(0.2);
});

it("stops with the training that is stopped, whose result is the person's to keep", async () => {
  const bench = await started();
  const { commands, passing, training, kinds, activity } = bench;
  commands.editTraining("finetune", { seconds: "60" });
  commands.setRatio(0.3);
  commands.choosePasses(4);
  const run = commands.runPasses();
  await vi.waitFor(() => expect(training.getState().latest?.step ?? 0).toBeGreaterThan(0));
  expect(passing.getState().now).toEqual({ pass: 1, of: 4 });
  commands.cancel();
  await run;
  expect(passing.getState().now).toBeNull();
  expect(kinds()).toEqual(["loaded", "pruned"]);
  expect(training.getState()).toMatchObject({ status: "ended", outcome: { ended: "stopped" } });
  expect(activity.getState().message).toMatch(/^Stopped in pass 1 of 4/);
  commands.keepTraining();
  expect(kinds()).toEqual(["loaded", "pruned", "fine-tuned"]);
});

it("begins no further pass when it was stopped after the last step", async () => {
  const deaf = createFakeEngine({ pace: 0 });
  const { commands, training, kinds, activity } = await started({
    train: (request, onEvent) => deaf.train(request, onEvent),
    apply: (...given) => deaf.apply(...given),
    loadShipped: (...given) => deaf.loadShipped(...given),
    hold: (...given) => deaf.hold(...given),
  });
  commands.setRatio(0.3);
  commands.choosePasses(3);
  const run = commands.runPasses();
  await vi.waitFor(() => expect(training.getState().latest?.step ?? 0).toBeGreaterThan(0));
  commands.stopTraining();
  await run;
  expect(kinds()).toEqual(["loaded", "pruned", "fine-tuned"]);
  expect(activity.getState().message).toMatch(/^Stopped in pass 2 of 3/);
});

it("ends where a pass fails, and says why where it failed", async () => {
  const { commands, kinds, page, passing } = await started({
    train: () => Promise.reject(new Error("no memory")),
  });
  commands.setRatio(0.3);
  commands.choosePasses(2);
  await commands.runPasses();
  expect(kinds()).toEqual(["loaded", "pruned"]);
  expect(page.getState().problems.finetune).toBeDefined();
  expect(passing.getState().now).toBeNull();
});

it("cuts no network that a person has brought to the page between two passes", async () => {
  const { commands, page, kinds, passing } = await started();
  commands.setRatio(0.3);
  commands.choosePasses(3);
  const again = (): void => {
    commands.restore(1);
    commands.setRatio(0.5);
  };
  const unsubscribe = passing.subscribe(({ now }) => {
    if (now?.pass === 2) void Promise.resolve().then(again);
  });
  await commands.runPasses();
  unsubscribe();
  expect(page.getState().runId).toBe(1);
  expect(kinds()).toEqual(["loaded", "pruned", "fine-tuned"]);
  expect(passing.getState().now).toBeNull();
});

it("says why a later pass is not cut wherever the person is by then", async () => {
  const { commands, page, kinds, activity } = await started();
  commands.changeMethod({ options: { scope: "layer" } }, "more");
  commands.chooseMode("list");
  commands.keepChannels("conv9", 40);
  commands.choosePasses(3);
  await commands.runPasses();
  // All that this cut takes is gone after the first pass.
  expect(kinds()).toEqual(["loaded", "pruned", "fine-tuned"]);
  expect(page.getState().step).toBe("finetune");
  expect(page.getState().problems).toEqual({
    finetune: "Pass 2 would take no channel more, so the passes end here.",
  });
  expect(activity.getState().message).toMatch(/^Stopped in pass 2 of 3/);

  commands.restore(1);
  commands.goTo("prune");
  commands.chooseMode("target");
  commands.typeSetting("goal", "3 M");
  commands.chooseGoal("macs");
  expect(commands.typeSetting("goal", "2.5 %")).toBeNull();
  await commands.runPasses();
  expect(page.getState().problems.finetune).toMatch(/^The next pass cannot be cut like the last: /);
  expect(page.getState().problems.prune).toBeUndefined();
});

it("does not begin with nothing to cut, nor with a mask", async () => {
  const { commands, kinds, page } = await started();
  commands.choosePasses(2);
  await commands.runPasses();
  expect(page.getState().problems.prune).toMatch(/^No channel goes at this setting/);
  commands.changeMethod({ manner: { kind: "mask" } }, "more");
  commands.setRatio(0.5);
  await commands.runPasses();
  expect(page.getState().problems.prune).toMatch(/^Passes cut channels out/);
  expect(kinds()).toEqual(["loaded"]);
});
