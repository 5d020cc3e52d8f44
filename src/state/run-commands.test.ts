/** @file Naming, pinning and removing runs on a fake engine. */
import { expect, it, vi } from "vitest";
import { compareRuns } from "./runs.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench, type Workbench } from "./workbench.ts";

/** A baseline and two cuts of it; the second is on the page. */
async function withTwoCuts() {
  const engine = createFakeEngine({ pace: 0, architecture: "vgg13:width=0.1" });
  const release = vi.spyOn(engine, "release");
  const workbench = createWorkbench(engine);
  const { commands } = workbench;
  await commands.start();
  for (const ratio of [0.3, 0.5]) {
    commands.restore(1);
    commands.setRatio(ratio);
    await commands.apply();
  }
  return { ...workbench, release };
}

/** Steps are noted once everything that belongs to a change has happened. */
const noted = (): Promise<void> => Promise.resolve();

it("takes a name, cleans and cuts it, and gives the generated one back for nothing", async () => {
  const { page, commands } = await withTwoCuts();
  const nameOf = () => page.getState().runs[1]?.name;
  commands.renameRun(2, "  small\n\u0007and  quick ");
  expect(nameOf()).toBe("small and quick");
  commands.renameRun(2, "🌱".repeat(100));
  expect(nameOf()).toBe("🌱".repeat(80));
  commands.renameRun(2, "   ");
  expect(nameOf()).toBeUndefined();
  commands.renameRun(2, "#2 cut at 30\u202f%");
  expect(nameOf()).toBeUndefined();
  expect(page.getState().runs.map(({ name }) => name)).toEqual([undefined, undefined, undefined]);
});

it("takes names and pins back, and restores as steps among the others", async () => {
  const { page, commands } = await withTwoCuts();
  await noted();
  const third = () => page.getState().runs.find(({ id }) => id === 3);
  commands.pinRun(3, true);
  await noted();
  commands.renameRun(3, "kept");
  await noted();
  commands.restore(2);
  await noted();
  commands.undo();
  expect(page.getState().runId).toBe(3);
  expect(third()).toMatchObject({ isPinned: true, name: "kept" });
  commands.undo();
  expect(third()).toMatchObject({ isPinned: true });
  expect(third()?.name).toBeUndefined();
  commands.undo();
  expect(third()?.isPinned).toBe(false);
  commands.redo();
  commands.redo();
  expect(third()).toMatchObject({ isPinned: true, name: "kept" });
});

it("writes a person's names into the report", async () => {
  const { commands } = await withTwoCuts();
  commands.renameRun(2, "small");
  const report = JSON.parse(new TextDecoder().decode(commands.report().bytes)) as {
    runs: { label: string }[];
  };
  expect(report.runs.map(({ label }) => label)).toEqual(["Baseline", "small", "Cut at 50\u202f%"]);
});

it("has a removed run back by undo, and removes it again by redo", async () => {
  const { page, commands, release } = await withTwoCuts();
  commands.restore(1);
  await noted();
  const third = page.getState().runs[2];
  commands.removeRun(3);
  await noted();
  expect(page.getState().runs.map(({ id }) => id)).toEqual([1, 2]);
  commands.undo();
  expect(page.getState().runs[2]?.session).toBe(third?.session);
  commands.redo();
  expect(page.getState().runs.map(({ id }) => id)).toEqual([1, 2]);
  commands.undo();
  // Back to where it was on the page.
  commands.undo();
  expect(page.getState()).toMatchObject({ runId: 3, removed: [] });
  expect(release).not.toHaveBeenCalled();

  commands.restore(1);
  commands.setRatio(0.5);
  await commands.apply();
  expect(page.getState().runs.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
});

/** Removes the third run, does something else, and then undoes the removal: the run is on the page at last. */
async function bringBackThird({ activity, commands }: Workbench): Promise<void> {
  commands.restore(1);
  await noted();
  commands.removeRun(3);
  const { undo } = activity.getState();
  await noted();
  commands.pinRun(2, true);
  await noted();
  undo?.();
  await noted();
  commands.restore(3);
  await noted();
}

it("leaves a run in place that a training was made from, also when its removal is undone to", async () => {
  const bench = await withTwoCuts();
  const { page, training, commands } = bench;
  commands.editTraining("finetune", { seconds: "1" });
  await bringBackThird(bench);
  await commands.startTraining("finetune");
  expect(training.getState()).toMatchObject({ status: "ended", fromRun: 3 });
  commands.undo();
  commands.undo();
  expect(page.getState()).toMatchObject({ runId: 1, removed: [] });
  commands.keepTraining();
  expect(page.getState().runs.map(({ id, parent }) => [id, parent])).toEqual([
    [1, null],
    [2, 1],
    [3, 1],
    [4, 3],
  ]);
});

it("goes all the way back over a removal that cannot be brought back, and forth again", async () => {
  const bench = await withTwoCuts();
  const { page, history, commands } = bench;
  await bringBackThird(bench);
  commands.setRatio(0.5);
  await noted();
  await commands.apply();
  await noted();
  expect(page.getState().runs.at(-1)).toMatchObject({ id: 4, parent: 3 });
  for (let i = 0; i < 20 && history.getState().canUndo; i++) {
    commands.undo();
    await noted();
    expect(page.getState().runs.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  }
  expect(history.getState()).toEqual({ canUndo: false, canRedo: true });
  for (let i = 0; i < 20 && history.getState().canRedo; i++) {
    commands.redo();
    await noted();
  }
  expect(history.getState()).toEqual({ canUndo: true, canRedo: false });
  expect(page.getState().runId).toBe(4);
});

it("offers to take a removal back where it says so, whatever was done since", async () => {
  const { page, activity, history, commands } = await withTwoCuts();
  commands.restore(1);
  await noted();
  const ids = () => page.getState().runs.map(({ id }) => id);
  commands.removeRun(3);
  await noted();
  activity.getState().undo?.();
  expect(ids()).toEqual([1, 2, 3]);
  expect(history.getState().canRedo).toBe(true);
  expect(activity.getState()).toMatchObject({
    undo: null,
    message: expect.stringMatching(/again/),
  });

  commands.removeRun(3);
  const { undo } = activity.getState();
  await noted();
  commands.pinRun(2, true);
  await noted();
  undo?.();
  await noted();
  expect(ids()).toEqual([1, 2, 3]);
  expect(page.getState().runs[1]?.isPinned).toBe(true);
  commands.undo();
  expect(ids()).toEqual([1, 2]);
  undo?.();
  undo?.();
  expect(ids()).toEqual([1, 2, 3]);
});

it("lets a removed network go when nothing leads back to it", async () => {
  const { page, commands, release } = await withTwoCuts();
  commands.restore(1);
  await noted();
  const key = page.getState().runs[2]?.session.key;
  commands.removeRun(3);
  await noted();
  expect(release).not.toHaveBeenCalled();
  await commands.buildArchitecture("vgg11:width=0.125");
  expect(release).toHaveBeenCalledWith(key);
  expect(page.getState().removed).toEqual([]);
});

it("has the last eight back that were removed, and steps over the others", async () => {
  const { page, commands, release, history } = await withTwoCuts();
  for (let percent = 10; percent < 17; percent++) {
    commands.restore(1);
    commands.setRatio(percent / 100);
    await commands.apply();
  }
  commands.restore(1);
  await noted();
  const first = page.getState().runs[1]?.session.key;
  for (let id = 2; id <= 10; id++) {
    commands.removeRun(id);
    await noted();
  }
  expect(page.getState().runs).toHaveLength(1);
  expect(page.getState().removed.map(({ id }) => id)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  expect(release).toHaveBeenCalledExactlyOnceWith(first);
  while (history.getState().canUndo) commands.undo();
  expect(page.getState().runs.map(({ id }) => id)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(page.getState().runId).toBe(1);
});

it("refuses to remove what is needed, and says why", async () => {
  const { page, commands, release } = await withTwoCuts();
  commands.removeRun(3);
  expect(page.getState().problems.finetune).toMatch(/^#3 cut at 50.% stays\. It is on the page/);
  commands.removeRun(1);
  expect(page.getState().problems.finetune).toMatch(/^Baseline stays\. The others are compared/);
  commands.removeRun(99);
  expect(page.getState().runs).toHaveLength(3);
  expect(release).not.toHaveBeenCalled();
});

it("keeps the network of an equal run in the worker", async () => {
  const { page, commands, release } = await withTwoCuts();
  commands.restore(1);
  commands.setRatio(0.5);
  await commands.apply();
  const { runs } = page.getState();
  expect(runs[3]?.session.key).toBe(runs[2]?.session.key);
  commands.removeRun(3);
  expect(page.getState().runs).toHaveLength(3);
  expect(release).not.toHaveBeenCalled();
});

it("keeps a run that an unkept training was made from", async () => {
  const { page, training, commands } = await withTwoCuts();
  await commands.startTraining("finetune");
  await vi.waitFor(() => expect(training.getState().status).toBe("ended"));
  commands.restore(1);
  commands.removeRun(3);
  expect(page.getState().problems.finetune).toMatch(/neither kept nor discarded/);
  await commands.discardTraining();
  commands.removeRun(3);
  expect(page.getState().runs.map(({ id }) => id)).toEqual([1, 2]);
});

it("hands a cut's accuracy and latency on to the run that it becomes", async () => {
  const { page, measured, commands } = await withTwoCuts();
  commands.restore(1);
  commands.goTo("prune");
  commands.setRatio(0.4);
  const latencies = () => measured.getState().latencies;
  const named = (end: string) => [...latencies().keys()].some((name) => name.endsWith(end));
  await vi.waitFor(() => expect(named("|0.400")).toBe(true), 10_000);
  await commands.apply();
  const rows = compareRuns(page.getState(), measured.getState());
  const { accuracy, latency } = rows.at(-1)?.figures ?? {};
  expect(accuracy?.value).toBeGreaterThan(0);
  expect(accuracy?.change).not.toBeNull();
  expect(latency?.change).toBeLessThan(0);
});

it("lights up a run, and no more once it is gone", async () => {
  const { commands, comparing } = await withTwoCuts();
  commands.compare({ lit: 2 });
  commands.removeRun(2);
  expect(comparing.getState().lit).toBeNull();
});
