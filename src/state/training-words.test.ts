/** @file What the page says of a training beside its own step. */
import { expect, it } from "vitest";
import { known } from "../core/index.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { pausedTask, unkeptOf } from "./training-words.ts";
import { createWorkbench } from "./workbench.ts";

async function started() {
  const workbench = createWorkbench(createFakeEngine({ pace: 0 }));
  await workbench.commands.start();
  return workbench;
}

it("names the task that stands still by the label that it has in the status line", async () => {
  const { commands, training, activity, page } = await started();
  expect(pausedTask(training.getState())).toBeNull();
  const run = commands.startTraining("finetune");
  expect(pausedTask(training.getState())).toBeNull();
  // It has its place before anything is known of it.
  expect(unkeptOf(training.getState(), page.getState().runs)).toEqual({
    purpose: "finetune",
    from: page.getState().runs[0],
    validation: null,
  });
  await commands.pauseTraining(true);
  const paused = known(pausedTask(training.getState()) ?? undefined, "paused task");
  await expect
    .poll(() => activity.getState().tasks.map(({ label }) => label), { interval: 5 })
    .toContain(paused);
  commands.stopTraining();
  expect(pausedTask(training.getState())).toBeNull();
  await run;
});

it("has a result with what held-back images say of it, until it is kept or discarded", async () => {
  const { commands, training, page } = await started();
  const unkept = () => unkeptOf(training.getState(), page.getState().runs);
  expect(unkept()).toBeNull();
  await commands.startTraining("sparse");
  const { outcome } = training.getState();
  expect(unkept()).toEqual({
    purpose: "sparse",
    from: known(page.getState().runs[0], "run"),
    validation: known(outcome?.validation ?? undefined, "validation"),
  });
  // One of a run of another network belongs to no table of this one's.
  expect(unkeptOf(training.getState(), [])).toBeNull();
  commands.keepTraining();
  expect(unkept()).toBeNull();
  await commands.startTraining("finetune");
  expect(unkept()).toMatchObject({ purpose: "finetune", from: page.getState().runs[1] });
  await commands.discardTraining();
  expect(unkept()).toBeNull();
});
