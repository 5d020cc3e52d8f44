/** @file What a pointer means among sensitivity curves. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { bandOf, HEIGHT, placeCurves, placeLabels, pointAt } from "./curve-points.ts";

const RATIOS = [0.1, 0.3, 0.5, 0.7, 0.9];
const names = ["a", "b", "c"];
const start = { ratio: 0, accuracy: 0.9, interval: [0.88, 0.92] as const };

/** One that does not fall, one that falls late, one that falls at once; far apart but at the start. */
const curves = new Map(
  names.map((name, i) => [
    name,
    RATIOS.map((ratio) => ({ ratio, accuracy: 0.9 - 0.4 * i * ratio })),
  ]),
);

it("means the measured point itself, at every point of every curve", () => {
  const placed = placeCurves({ curves, names, start }, 640);
  expect(placed.curves.map(({ layer }) => layer)).toEqual([0, 1, 2]);
  for (const { layer, samples } of placed.curves) {
    for (const sample of samples.slice(1)) {
      const at = { x: placed.x.at(sample.ratio), y: placed.y.at(sample.accuracy) };
      expect(pointAt(placed, at)).toEqual({ layer, sample });
    }
  }
});

it("means the nearest point of the curve that is passed between two of them", () => {
  const placed = placeCurves({ curves, names, start }, 640);
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 0.9, noNaN: true }), (ratio) => {
      const found = pointAt(placed, {
        x: placed.x.at(ratio),
        y: placed.y.at(0.9 - 0.8 * ratio) + 2,
      });
      expect(found?.layer).toBe(2);
      const away = RATIOS.map((one) => Math.abs(one - ratio));
      expect(Math.abs((found?.sample.ratio ?? 9) - ratio)).toBeCloseTo(Math.min(...away), 9);
    }),
  );
});

it("means nothing far from every curve, and draws no band that is not known", () => {
  const placed = placeCurves({ curves, names, start }, 640);
  expect(pointAt(placed, { x: placed.x.at(0.9), y: placed.y.at(0.72) })).toBeNull();
  expect(bandOf(placed.curves[0]?.samples ?? [], placed)).toBe("");
  const known = RATIOS.map((ratio) => ({ ratio, accuracy: 0.5, interval: [0.4, 0.6] as const }));
  expect(bandOf(known, placed)).toMatch(/^M.*Z$/);
  // Nothing measured is an empty chart, and no error.
  expect(placeCurves({ curves: new Map(), names, start: null }, 640).curves).toEqual([]);
});

it("puts the names at the curves' ends apart from each other, in their order and within the plot", () => {
  const ends = fc.array(fc.integer({ min: 28, max: 256 }), { minLength: 1, maxLength: 163 });
  fc.assert(
    fc.property(ends, (all) => {
      const labels = placeLabels(all.map((from, layer) => ({ layer, from })));
      expect(labels.length).toBe(Math.min(all.length, 17));
      labels.forEach(({ from, y }, i) => {
        const next = labels[i + 1];
        if (next !== undefined) {
          expect(next.y - y).toBeGreaterThanOrEqual(14 - 1e-9);
          expect(next.from).toBeGreaterThanOrEqual(from);
        }
        expect(y).toBeGreaterThan(20);
        expect(y).toBeLessThan(HEIGHT - 40);
      });
    }),
  );
  // Where there is room, each stands at its own curve.
  expect(placeLabels([50, 100].map((from, layer) => ({ layer, from }))).map(({ y }) => y)).toEqual([
    50, 100,
  ]);
});
