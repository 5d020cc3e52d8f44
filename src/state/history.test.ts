/** @file Undo and redo: what is a step, and that going back brings back all of it. */
import { expect, it, vi } from "vitest";
import type { Engine } from "./engine.ts";
import { createHistory, type Moment } from "./history.ts";
import { DEFAULT_METHOD } from "./method.ts";
import { FORM_DEFAULTS } from "./training-form.ts";
import { createFakeEngine, type FakeOptions } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

const FIRST: Moment = {
  runId: 1,
  method: DEFAULT_METHOD,
  meanwhile: null,
  forms: FORM_DEFAULTS,
  passes: 1,
  shelf: [],
};

async function started(options: FakeOptions = {}, change: Partial<Engine> = {}) {
  const engine = createFakeEngine({ pace: 0, ...options });
  const bench = createWorkbench({ ...engine, ...change });
  await bench.commands.start();
  await noted();
  return { ...bench, ratio: () => bench.slider.getState().ratio };
}

/** Steps are noted once everything that belongs to a change has happened. */
const noted = (): Promise<void> => Promise.resolve();

it("has nothing to undo on a fresh page", async () => {
  const { history, commands, ratio } = await started();
  expect(history.getState()).toEqual({ canUndo: false, canRedo: false });
  commands.undo();
  commands.redo();
  expect(ratio()).toBe(0);
});

it("goes back through every change and forth again, until something else is done", async () => {
  const { commands, history, method, ratio } = await started();
  commands.setRatio(0.3);
  await noted();
  commands.changeMethod({ criterion: "l2", options: { scope: "layer" } }, "criterion");
  await noted();
  commands.setRatio(0.6);
  await noted();
  commands.undo();
  expect(ratio()).toBe(0.3);
  expect(method.getState().method.criterion).toBe("l2");
  commands.undo();
  expect(method.getState().method).toMatchObject({ criterion: "bn-scale", options: {} });
  expect(ratio()).toBe(0.3);
  commands.redo();
  expect(method.getState().method).toMatchObject({ criterion: "l2", options: { scope: "layer" } });
  expect(history.getState()).toEqual({ canUndo: true, canRedo: true });
  commands.setRatio(0.1);
  await noted();
  expect(history.getState().canRedo).toBe(false);
  commands.undo();
  expect(ratio()).toBe(0.3);
});

it("takes everything between down and up for one step", async () => {
  const { commands, ratio } = await started();
  commands.holdHistory();
  for (const at of [0.1, 0.2, 0.3, 0.4]) {
    commands.setRatio(at);
    await noted();
  }
  commands.releaseHistory();
  await noted();
  commands.setRatio(0.9);
  await noted();
  commands.undo();
  expect(ratio()).toBe(0.4);
  commands.undo();
  expect(ratio()).toBe(0);
});

it("brings back the network before a cut, at the ratio at which it was cut", async () => {
  const { commands, page, ratio } = await started();
  const whole = page.getState().session?.cost;
  commands.setRatio(0.5);
  await noted();
  await commands.apply();
  await noted();
  const cut = page.getState().session?.cost;
  commands.undo();
  expect(page.getState().session?.cost).toEqual(whole);
  expect(ratio()).toBe(0.5);
  commands.redo();
  expect(page.getState().session?.cost).toEqual(cut);
  expect(page.getState().runs.length).toBe(2);
});

it("takes back what a criterion is still looking for, and comes back to what it found", async () => {
  const { commands, method, history, ratio } = await started();
  commands.setRatio(0.3);
  await noted();
  commands.changeMethod({ criterion: "taylor" }, "criterion");
  await noted();
  // Where else it will be cut is a step of its own.
  commands.setRatio(0.6);
  await noted();
  commands.undo();
  expect(method.getState()).toMatchObject({ isScoring: true, asked: { criterion: "taylor" } });
  expect(ratio()).toBe(0.3);
  commands.undo();
  expect(method.getState()).toMatchObject({ isScoring: false, asked: { criterion: "bn-scale" } });
  expect(ratio()).toBe(0.3);
  commands.undo();
  expect(ratio()).toBe(0);
  expect(history.getState()).toEqual({ canUndo: false, canRedo: true });
  commands.redo();
  commands.redo();
  await vi.waitFor(() => expect(method.getState().method.criterion).toBe("taylor"));
  await noted();
  commands.undo();
  expect(method.getState().method.criterion).toBe("bn-scale");
  commands.redo();
  expect(method.getState().method.criterion).toBe("taylor");
});

it("takes back first what was refused, and what waits for curves in one step", async () => {
  const { commands, method, history, ratio } = await started();
  commands.chooseMode("sensitivity");
  await noted();
  commands.choosePasses(4);
  await noted();
  commands.undo();
  expect(method.getState().needsCurves).toBe(true);
  commands.undo();
  await noted();
  expect(method.getState()).toMatchObject({ needsCurves: false, asked: DEFAULT_METHOD });
  expect(history.getState()).toEqual({ canUndo: false, canRedo: true });
  commands.setRatio(0.5);
  await noted();
  commands.chooseMode("target");
  await noted();
  expect(commands.typeSetting("goal", "0.01 %")).not.toBeNull();
  await noted();
  commands.undo();
  await noted();
  const { asked, refusal } = method.getState();
  expect(asked.allocation).toMatchObject({ kind: "target" });
  expect(asked).toBe(method.getState().method);
  expect(refusal).toBeNull();
  commands.undo();
  expect(ratio()).toBe(0.5);
  expect(method.getState().method).toMatchObject({ allocation: { kind: "global-threshold" } });
});

it("leaves no step behind where what was waited for never came", async () => {
  const { commands, method, history } = await started(undefined, {
    evidence: () => Promise.reject(new Error("no memory")),
  });
  commands.setRatio(0.3);
  await noted();
  commands.changeMethod({ criterion: "taylor" }, "criterion");
  await vi.waitFor(() => expect(method.getState().refusal).not.toBeNull());
  await noted();
  commands.undo();
  expect(method.getState()).toMatchObject({ refusal: null, asked: { criterion: "bn-scale" } });
  commands.undo();
  expect(method.getState().method).toEqual(DEFAULT_METHOD);
  expect(history.getState().canUndo).toBe(false);
});

it("goes nowhere while a training runs, and forgets at another network", async () => {
  const { commands, history, page, ratio, training } = await started({ pace: 0.01 });
  commands.setRatio(0.5);
  await noted();
  void commands.startTraining("finetune");
  await vi.waitFor(() => expect(training.getState().status).toBe("running"));
  commands.undo();
  expect(ratio()).toBe(0.5);
  expect(page.getState().problems.load ?? page.getState().problems.finetune).toMatch(
    /A training is running/,
  );
  commands.stopTraining();
  await vi.waitFor(() => expect(training.getState().status).toMatch(/^(idle|ended)$/));
  await commands.discardTraining();
  await commands.buildArchitecture("vgg11:width=0.125");
  await noted();
  expect(history.getState()).toEqual({ canUndo: false, canRedo: false });
});

it("forgets a run without leaving steps to it, or steps that change nothing", async () => {
  let now: Moment = FIRST;
  const asked: number[] = [];
  const history = createHistory({
    capture: () => now,
    restore: (moment) => {
      asked.push(moment.runId);
      now = moment;
      return true;
    },
  });
  for (const runId of [1, 2, 3, 2, 1, 3]) {
    now = { ...now, runId };
    history.changed();
    await noted();
  }
  history.commands.undo();
  history.forget(3);
  // 1, 2, (3), 2, 1: the two steps to run 2 became one, and nothing is left to do again.
  expect(history.store.getState()).toEqual({ canUndo: true, canRedo: false });
  history.commands.undo();
  history.commands.undo();
  history.commands.undo();
  expect(asked).toEqual([1, 2, 1]);
  history.forget(2);
  expect(history.store.getState()).toEqual({ canUndo: false, canRedo: false });
});

it("forgets a run that was the last thing noted, though another is on the page by now", async () => {
  let now: Moment | null = FIRST;
  const history = createHistory({ capture: () => now, restore: () => true });
  history.changed();
  await noted();
  now = { ...FIRST, runId: 2 };
  history.changed();
  await noted();
  // There may be nothing to prune.
  now = null;
  history.changed();
  await noted();
  history.forget(2);
  now = { ...FIRST, method: { ...DEFAULT_METHOD, criterion: "l1" } };
  history.changed();
  await noted();
  expect(history.store.getState()).toEqual({ canUndo: true, canRedo: false });
});

it("takes back how a paper trains with all else that the paper has set", async () => {
  const { commands, training, method } = await started();
  const before = training.getState().forms;
  commands.choosePreset("network-slimming");
  await noted();
  expect(training.getState().forms).not.toEqual(before);
  commands.undo();
  expect(training.getState().forms).toEqual(before);
  expect(method.getState().method).toEqual(DEFAULT_METHOD);
});

it("takes what is typed into one field for one step, and none where it is as before", async () => {
  const { commands, training, history } = await started();
  const seconds = () => training.getState().forms.finetune.seconds;
  for (const text of ["1", "12", "120"]) {
    commands.editTraining("finetune", { seconds: text });
    await noted();
  }
  commands.editTraining("finetune", { batchSize: "32" });
  await noted();
  commands.undo();
  expect(training.getState().forms.finetune).toMatchObject({ seconds: "120", batchSize: "64" });
  commands.undo();
  expect(seconds()).toBe("15");
  expect(history.getState()).toEqual({ canUndo: false, canRedo: true });
  for (const text of ["1", ""]) {
    commands.editTraining("sparse", { seconds: text });
    await noted();
  }
  commands.editTraining("sparse", { seconds: "60" });
  await noted();
  expect(history.getState().canUndo).toBe(false);
});
