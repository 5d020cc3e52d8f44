/** @file A step that is left stands still; gone back to, it knows what it has missed. */
import { expect, it, vi } from "vitest";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { whileOpen } from "./while-open.ts";
import { createWorkbench, type Workbench } from "./workbench.ts";

async function onPrune(): Promise<{ bench: Workbench; prune: Workbench }> {
  const bench = createWorkbench(createFakeEngine({ pace: 0 }));
  await bench.commands.start();
  bench.commands.goTo("prune");
  const isOpen = (): boolean => bench.page.getState().step === "prune";
  return { bench, prune: whileOpen(bench, isOpen) };
}

it("follows a store while its step is open, and not once nobody listens", async () => {
  const { bench, prune } = await onPrune();
  const heard = vi.fn();
  const stop = prune.slider.subscribe(({ ratio }) => heard(ratio));
  bench.commands.setRatio(0.4);
  expect(prune.slider.getState()).toBe(bench.slider.getState());
  expect(heard).toHaveBeenLastCalledWith(0.4);
  stop();
  heard.mockClear();
  bench.commands.setRatio(0.5);
  expect(heard).not.toHaveBeenCalled();
});

it("keeps the network and the cut as they were when a cut goes on to fine-tuning, and tells nobody", async () => {
  const { bench, prune } = await onPrune();
  bench.commands.setRatio(0.5);
  const before = prune.page.getState().session;
  const slider = prune.slider.getState();
  const heard = vi.fn();
  const sessions = new Set<unknown>();
  prune.page.subscribe(({ session }) => sessions.add(session));
  for (const store of [prune.slider, prune.method, prune.gallery]) store.subscribe(heard);
  await bench.commands.apply();
  expect(bench.page.getState()).toMatchObject({ step: "finetune", runId: 2 });
  expect(bench.page.getState().session).not.toBe(before);
  expect(prune.page.getState().session).toBe(before);
  expect(prune.slider.getState()).toBe(slider);
  expect(heard).not.toHaveBeenCalled();
  expect([...sessions].filter((session) => session !== before)).toEqual([]);
});

it("catches up at once where a person goes back before it is gone", async () => {
  const { bench, prune } = await onPrune();
  bench.commands.setRatio(0.5);
  const [heard, unmoved] = [vi.fn(), vi.fn()];
  prune.slider.subscribe(({ ratio }) => heard(ratio));
  prune.firstVisit.subscribe(unmoved);
  bench.commands.goTo("export");
  bench.commands.setRatio(0.7);
  expect(heard).not.toHaveBeenCalled();
  expect(prune.slider.getState().ratio).toBe(0.5);
  bench.commands.goTo("prune");
  expect(heard.mock.calls).toEqual([[0.7]]);
  expect(prune.slider.getState()).toBe(bench.slider.getState());
  expect(unmoved).not.toHaveBeenCalled();
});
