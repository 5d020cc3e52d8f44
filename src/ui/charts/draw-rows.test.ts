/** @file How much of a layer's bar is green: what stays is seen, however little, and nothing is where nothing stays. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { spanOf } from "./draw-rows.ts";

it("shows that a layer keeps something, and never more than its bar", () => {
  expect(spanOf(1 / 112, 80)).toBe(1.5);
  expect(spanOf(56 / 112, 80)).toBe(40);
  expect([spanOf(0, 80), spanOf(1, 80), spanOf(1.2, 80)]).toEqual([0, 80, 80]);
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, share, fc.integer({ min: 2, max: 200 }), (a, b, width) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)].map((one) => spanOf(one, width));
      expect(less).toBeLessThanOrEqual(more ?? 0);
      expect(more).toBeLessThanOrEqual(width);
      expect((less ?? 0) >= 1.5).toBe(Math.min(a, b) > 0);
    }),
  );
});
