/** @file Naming, pinning and removing runs on a fake engine. */
import { expect, it, vi } from "vitest";
import { compareRuns } from "./runs.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

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

it("names and pins without a step to undo", async () => {
  const { page, commands, history } = await withTwoCuts();
  commands.undo();
  const before = history.getState();
  commands.pinRun(3, true);
  commands.renameRun(3, "kept");
  await Promise.resolve();
  expect(page.getState().runs[2]).toMatchObject({ isPinned: true, name: "kept" });
  expect(history.getState()).toEqual(before);
});

it("writes a person's names into the report", async () => {
  const { commands } = await withTwoCuts();
  commands.renameRun(2, "small");
  const report = JSON.parse(new TextDecoder().decode(commands.report().bytes)) as {
    runs: { label: string }[];
  };
  expect(report.runs.map(({ label }) => label)).toEqual(["Baseline", "small", "Cut at 50\u202f%"]);
});

it("removes a run with its network and its steps, and never gives its number again", async () => {
  const { page, commands, release, slider } = await withTwoCuts();
  commands.restore(1);
  await Promise.resolve();
  const key = page.getState().runs[2]?.session.key;
  await commands.removeRun(3);
  expect(page.getState().runs.map(({ id }) => id)).toEqual([1, 2]);
  expect(release).toHaveBeenCalledExactlyOnceWith(key);

  // Undo goes over the steps that led to it, down to the start, and stays on runs that are there.
  const seen = [];
  for (let i = 0; i < 12; i++) {
    commands.undo();
    await Promise.resolve();
    seen.push(page.getState().runId);
  }
  expect(new Set(seen)).toEqual(new Set([1, 2]));
  expect(page.getState().runId).toBe(1);
  expect(slider.getState().ratio).toBe(0);

  commands.setRatio(0.5);
  await commands.apply();
  expect(page.getState().runs.map(({ id }) => id)).toEqual([1, 2, 4]);
});

it("refuses to remove what is needed, and says why", async () => {
  const { page, commands, release } = await withTwoCuts();
  await commands.removeRun(3);
  expect(page.getState().problems.finetune).toMatch(/^#3 cut at 50.% stays\. It is on the page/);
  await commands.removeRun(1);
  expect(page.getState().problems.finetune).toMatch(/^Baseline stays\. The others are compared/);
  await commands.removeRun(99);
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
  await commands.removeRun(3);
  expect(page.getState().runs).toHaveLength(3);
  expect(release).not.toHaveBeenCalled();
});

it("keeps a run that an unkept training was made from", async () => {
  const { page, training, commands } = await withTwoCuts();
  await commands.startTraining("finetune");
  await vi.waitFor(() => expect(training.getState().status).toBe("ended"));
  commands.restore(1);
  await commands.removeRun(3);
  expect(page.getState().problems.finetune).toMatch(/neither kept nor discarded/);
  await commands.discardTraining();
  await commands.removeRun(3);
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
  await commands.removeRun(2);
  expect(comparing.getState().lit).toBeNull();
});
