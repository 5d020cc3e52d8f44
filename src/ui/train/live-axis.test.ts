/** @file The axis under the scales says where they are, however large they grow. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { countBins, placeOf } from "../charts/histogram.ts";
import { THIN } from "../format.ts";
import { LIVE_AXIS, lowestName, namedScales, widened } from "./live-axis.ts";

const BINS = 80;

it("has every scale stand between the numbers that it lies between", () => {
  const scales = fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(scales, (given) => {
      const axis = widened(LIVE_AXIS, given);
      const largest = Math.max(...given.map(Math.abs));
      if (largest > 10 ** axis.low) {
        // Nothing larger than the axis is heaped up at its end.
        expect(axis.low + placeOf(largest, axis) * (axis.high - axis.low)).toBeCloseTo(
          Math.log10(largest),
          9,
        );
      }
      for (const named of namedScales(axis)) {
        const place = placeOf(named, axis);
        const { counts } = countBins(given.map(Math.abs), BINS, axis);
        const right = counts.subarray(Math.ceil(place * BINS)).reduce((sum, n) => sum + n, 0);
        const larger = given.filter((scale) => Math.abs(scale) >= named).length;
        // All but those of the bin through which the number's own place runs.
        expect(right).toBeLessThanOrEqual(larger);
      }
    }),
  );
});

it("names ten once a scale has grown beyond it, and never goes back", () => {
  expect(namedScales(LIVE_AXIS)).toEqual([0.001, 0.01, 0.1, 1]);
  expect(widened(LIVE_AXIS, [0.5, 1.7])).toBe(LIVE_AXIS);
  const wide = widened(LIVE_AXIS, [0.5, -12]);
  expect(wide.high).toBeCloseTo(1.25, 12);
  expect(namedScales(wide).at(-1)).toBe(10);
  expect(widened(wide, [0.5])).toBe(wide);
  expect(widened(LIVE_AXIS, [Number.NaN, Infinity, 0])).toBe(LIVE_AXIS);
});

it("names the first bar by where it ends, as long as that does not reach the first number", () => {
  expect(lowestName(LIVE_AXIS, BINS, 600)).toBe(`≤${THIN}1.1e−4`);
  // On a phone, too, until the axis has widened.
  expect(lowestName(LIVE_AXIS, BINS, 328)).not.toBeNull();
  expect(lowestName(widened(LIVE_AXIS, [1e3]), BINS, 328)).toBeNull();
  // Letters of 7 px; a number stands around its place.
  for (let width = 100; width < 1200; width += 10) {
    for (const largest of [1, 12, 1e3, 1e6]) {
      const axis = widened(LIVE_AXIS, [largest]);
      const [first = 0] = namedScales(axis);
      const free = placeOf(first, axis) * width - (String(first).length * 7) / 2;
      const name = lowestName(axis, BINS, width);
      if (name !== null) expect(name.length * 7).toBeLessThan(free);
    }
  }
});
