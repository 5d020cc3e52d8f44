/** @file Round ticks, and values between them. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeScale } from "./scale.ts";

describe("scale", () => {
  it("holds every value between round ticks", () => {
    // From shares of accuracy in thousandths up to billions of MACs.
    const value = fc.integer({ min: 0, max: 1e9 }).map((n) => n / 1000);
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const scale = makeScale([low, high], [0, 100]);
        // A ten-thousandth of a pixel: narrow ranges of large values lose digits.
        for (const at of [scale.at(low), scale.at(high)]) {
          expect(at).toBeGreaterThanOrEqual(-1e-4);
          expect(at).toBeLessThanOrEqual(100 + 1e-4);
        }
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
        expect(scale.ticks.length).toBeLessThanOrEqual(8);
        expect(scale.at(scale.ticks[0] ?? NaN)).toBeCloseTo(0, 4);
        expect(scale.at(scale.ticks.at(-1) ?? NaN)).toBeCloseTo(100, 4);
      }),
    );
  });
  it("chooses ones, twos and fives, and no crumbs", () => {
    expect(makeScale([0, 11.23e6], [0, 1]).ticks).toEqual([0, 5e6, 10e6, 15e6]);
    expect(makeScale([0.83, 0.881], [0, 1]).ticks).toEqual([0.82, 0.84, 0.86, 0.88, 0.9]);
  });
});
