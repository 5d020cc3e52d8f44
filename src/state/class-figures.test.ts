/** @file Figures by class add up to the accuracies on the page, also after figures came back from storage. */
import { expect, it, vi } from "vitest";
import { changedPairs, classFigures } from "./class-figures.ts";
import { confusionsOf, pairOf, positionName, wholeName } from "./measured.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

const three = (rows: readonly (readonly number[])[]) => ({
  classes: 3,
  counts: Uint32Array.from(rows.flat()),
});

it("says of each class how often it is right, and which confusions grew", () => {
  const confusions = {
    count: 25,
    before: three([
      [9, 1, 0],
      [2, 8, 0],
      [0, 0, 5],
    ]),
    after: three([
      [6, 3, 1],
      [1, 9, 0],
      [0, 0, 5],
    ]),
  };
  expect(classFigures(confusions)).toEqual([
    { label: 0, count: 10, before: 0.9, after: 0.6 },
    { label: 1, count: 10, before: 0.8, after: 0.9 },
    { label: 2, count: 5, before: 1, after: 1 },
  ]);
  expect(changedPairs(confusions)).toEqual([
    { label: 0, answer: 1, before: 1, after: 3 },
    { label: 0, answer: 2, before: 0, after: 1 },
  ]);
});

it("adds up to the accuracies that are shown", async () => {
  const { commands, measured, page, method, slider } = createWorkbench(
    createFakeEngine({ pace: 0 }),
  );
  await commands.start();
  commands.setRatio(0.7);
  const key = page.getState().session?.key ?? "";
  const { ratio } = slider.getState();
  const name = positionName({ key, method: method.getState().text, ratio });
  const base = wholeName(key);
  const settled = { timeout: 10_000 };
  await vi.waitFor(
    () => expect(pairOf(measured.getState(), name, base)?.now.count).toBe(10_000),
    settled,
  );
  const pair = pairOf(measured.getState(), name, base);
  const confusions = confusionsOf(measured.getState(), name, base);
  if (confusions === null || pair === null) throw new Error("not told apart");
  const figures = classFigures(confusions);
  const right = (which: "before" | "after"): number =>
    figures.reduce((sum, figure) => sum + figure[which] * figure.count, 0);
  expect(figures.reduce((sum, { count }) => sum + count, 0)).toBe(pair.now.count);
  expect(right("before")).toBeCloseTo(pair.was.correct, 6);
  expect(right("after")).toBeCloseTo(pair.now.correct, 6);
  expect(right("after")).toBeLessThan(right("before"));
});

it("measures again what was kept without its classes, and only that", async () => {
  const { commands, measured, page } = createWorkbench(createFakeEngine({ pace: 0 }));
  await commands.start();
  const base = wholeName(page.getState().session?.key ?? "");
  await vi.waitFor(() => expect(measured.getState().evaluations.get(base)).toHaveLength(3), {
    timeout: 10_000,
  });
  const samples = measured.getState().evaluations.get(base) ?? [];
  // As a project brings them back.
  const kept = samples.map(({ milliseconds, count, correct, accuracy, loss, interval }) => ({
    milliseconds,
    count,
    correct,
    accuracy,
    loss,
    interval,
  }));
  const [first, second = first, ...rest] = kept;
  if (second === undefined || first === undefined) throw new Error("no samples");
  const mixed = [{ ...first, confusion: samples[0]?.confusion }, second, ...rest];
  measured.setState({
    evaluations: new Map([[base, mixed as typeof samples]]),
  });
  expect(confusionsOf(measured.getState(), base, base)?.count).toBe(first.count);
  commands.divideByClass([base]);
  // What is known stays until it is known better.
  expect(measured.getState().evaluations.get(base)).toHaveLength(3);
  await vi.waitFor(
    () => expect(confusionsOf(measured.getState(), base, base)?.count).toBe(10_000),
    { timeout: 10_000 },
  );
});
