/** @file The gap between dead and living channels. */
import { describe, expect, it } from "vitest";
import { findGap } from "./gap.ts";

describe("the gap", () => {
  const repeat = (count: number, of: (i: number) => number): number[] =>
    Array.from({ length: count }, (_, i) => of(i));
  const gapOf = (scores: number[]) => findGap(Float64Array.from(scores).sort());

  it("lies between the dead and the living", () => {
    const scores = [...repeat(60, (i) => 1e-7 * (1 + i / 60)), ...repeat(40, (i) => 0.1 + i / 50)];
    expect(gapOf(scores)).toMatchObject({ ratio: 0.6, high: 0.1 });
  });

  it("counts exact zeros as dead", () => {
    expect(gapOf([...repeat(30, () => 0), ...repeat(70, () => 0.4)])).toEqual({
      ratio: 0.3,
      low: 0,
      high: 0.4,
    });
  });

  it("is seen past a few stragglers", () => {
    const stragglers = repeat(8, (i) => 10 ** (-6 + i / 2));
    const scores = [
      ...repeat(600, () => 1e-7),
      ...stragglers,
      ...repeat(400, (i) => 0.1 + i / 500),
    ];
    expect(gapOf(scores)?.ratio).toBeCloseTo(0.6, 2);
  });

  it("is wider than a decade", () => {
    const heaps = (distance: number) => [
      ...repeat(50, () => 0.01),
      ...repeat(50, () => 0.01 * distance),
    ];
    expect(gapOf(heaps(9))).toBeUndefined();
    expect(gapOf(heaps(11))?.ratio).toBe(0.5);
  });

  it("is not there in one heap, nor below a few giants, nor among zeros", () => {
    expect(gapOf(repeat(500, (i) => 0.07 + i / 1000))).toBeUndefined();
    expect(gapOf([...repeat(990, (i) => 0.05 + i / 1e4), ...repeat(10, () => 50)])).toBeUndefined();
    expect(gapOf(repeat(50, () => 0))).toBeUndefined();
    expect(gapOf([])).toBeUndefined();
  });
});
