import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { look, NO_SCALES, type ScaleHistory } from "./scale-history.ts";

describe("the history of BN scales", () => {
  it("says how many are dead and how large they are", () => {
    const scales = Float32Array.of(0, 0.005, -0.5, 1.5);
    const { curve, moments } = look(NO_SCALES, { step: 7, scales });
    expect(curve.points).toEqual([{ step: 7, dead: 0.5, mean: expect.closeTo(0.50125, 5) }]);
    expect(moments.points).toEqual([{ step: 7, scales }]);
  });

  it("leaves out what is no number, and networks without scales", () => {
    for (const scales of [Float32Array.of(1, Number.NaN), new Float32Array()]) {
      expect(look(NO_SCALES, { step: 1, scales })).toEqual(NO_SCALES);
    }
  });

  it("keeps a few moments of a long run, evenly spread from its start", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1500 }), (steps) => {
        let history: ScaleHistory = NO_SCALES;
        for (let step = 1; step <= steps; step++) {
          history = look(history, { step, scales: Float32Array.of(1) });
        }
        const at = history.moments.points.map(({ step }) => step);
        expect(at.length).toBeLessThanOrEqual(32);
        expect(at[0]).toBe(1);
        const gaps = new Set(at.slice(1).map((step, i) => step - (at[i] ?? 0)));
        expect(gaps.size).toBeLessThanOrEqual(1);
        expect(steps - (at.at(-1) ?? 0)).toBeLessThan(history.moments.every);
      }),
      { numRuns: 30 },
    );
  });
});
