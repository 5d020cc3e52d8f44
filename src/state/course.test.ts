/** @file What stays of a training: its curves, bounded and rounded, and whose they are. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { batchesOf, courseOf, lastTrained, ridgeRows, scalesOf, validationsOf } from "./course.ts";
import { look, NO_SCALES } from "./scale-history.ts";
import { append, EMPTY_SERIES } from "./series.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

it("keeps every curve of a training however long it was, from its first step to its last look", () => {
  const value = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), value, (steps, seen) => {
      let [series, scaleHistory] = [EMPTY_SERIES, NO_SCALES];
      const validations = [];
      for (let step = 1; step <= steps; step++) {
        series = append(series, { step, loss: seen * 3, accuracy: seen });
        validations.push({ step, accuracy: seen });
        const scales = Float32Array.of(seen, 0.5);
        if (step % 50 === 0) scaleHistory = look(scaleHistory, { step, scales });
      }
      const course = courseOf({ series, validations, scaleHistory });
      if (course === undefined) expect.fail();
      const batches = batchesOf(course);
      expect(batches.map(({ step }) => step)).toEqual(series.points.map(({ step }) => step));
      for (const { loss, accuracy } of batches) {
        expect(Math.abs(loss - seen * 3)).toBeLessThanOrEqual(1e-5 * loss);
        expect(Math.abs(accuracy - seen)).toBeLessThanOrEqual(1e-5 * accuracy);
      }
      expect(validationsOf(course).length).toBeLessThanOrEqual(500);
      expect(validationsOf(course)[0]?.step).toBe(1);
      expect(scalesOf(course)).toHaveLength(scaleHistory.curve.points.length);
      const moments = ridgeRows(course);
      expect(moments.length).toBeLessThanOrEqual(33);
      expect(moments.at(-1)?.step).toBe(scaleHistory.newest?.step);
      for (const { counts } of moments) expect(counts.reduce((sum, n) => sum + n, 0)).toBe(2);
      // A run with its curves is some ten thousand bytes of a project.
      expect(JSON.stringify(course).length).toBeLessThan(60_000);
    }),
    { numRuns: 20 },
  );
});

it("counts all scales on an axis that holds them, the dead ones at its left end", () => {
  const series = append(EMPTY_SERIES, { step: 1, loss: 1, accuracy: 0.5 });
  const ridgeAt = (...scales: number[]) => {
    const scaleHistory = look(NO_SCALES, { step: 1, scales: Float32Array.from(scales) });
    return courseOf({ series, validations: [], scaleHistory })?.ridge ?? expect.fail();
  };
  const filled = ({ counts }: ReturnType<typeof ridgeAt>) =>
    (counts[0] ?? []).flatMap((n, bin) => (n === 0 ? [] : [[bin, n]]));
  const usual = ridgeAt(0, 1e-6, 0.005, -0.5);
  expect(usual).toMatchObject({ low: -4, high: 0.25 });
  expect(filled(usual)).toEqual([
    [0, 2],
    [31, 1],
    [69, 1],
  ]);
  const large = ridgeAt(0, 120);
  expect(large.high).toBe(2.25);
  expect(filled(large).map(([bin]) => bin)).toEqual([0, 77]);
});

it("keeps nothing of a training that took no step", () => {
  const nothing = { series: EMPTY_SERIES, validations: [], scaleHistory: NO_SCALES };
  expect(courseOf(nothing)).toBeUndefined();
});

it("leads from the network on the page to the last training that made it", async () => {
  const { page, training, commands } = createWorkbench(
    createFakeEngine({ pace: 0, architecture: "vgg13:width=0.1" }),
  );
  await commands.start();
  await commands.startTraining("sparse");
  const { series } = training.getState();
  expect(series.points.length).toBeGreaterThan(10);
  commands.keepTraining();
  commands.setRatio(0.5);
  await commands.apply();
  const sparse = lastTrained(page.getState(), "sparse");
  expect(sparse?.id).toBe(2);
  expect(sparse === undefined ? 0 : batchesOf(sparse.course).length).toBe(series.points.length);
  expect(sparse?.course.scales.steps.length).toBeGreaterThan(1);
  expect(lastTrained(page.getState(), "fine-tuned")).toBeUndefined();
  commands.restore(1);
  expect(lastTrained(page.getState(), "sparse")).toBeUndefined();
});
