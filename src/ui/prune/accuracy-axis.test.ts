import { describe, expect, it } from "vitest";
import { bendsOf, isBroken, placeOn, rangeOf } from "./accuracy-axis.ts";

const at = (ratio: number, accuracy: number) => ({ ratio, accuracy });

describe("the axis of the measured accuracies", () => {
  it("goes from the best one down to the worst, five points at least", () => {
    const near = rangeOf([at(0, 0.878), at(0.2, 0.876)], 0.878);
    expect(near.foot).toBeCloseTo(0.828, 9);
    expect(isBroken(near)).toBe(false);
    const far = rangeOf([at(0, 0.878), at(0.2, 0.9), at(0.3, 0.7)], 0.878);
    expect([far.top, far.foot]).toEqual([0.9, 0.7]);
    expect(placeOn(far, 0.9)).toBe(0);
    expect(placeOn(far, 0.7)).toBeCloseTo(1, 9);
    // The baseline is where it is, though noise has put another one above it.
    expect(placeOn(far, 0.878)).toBeCloseTo(0.11, 9);
  });

  it("shows what is worse below its foot, each at a height of its own", () => {
    const range = rangeOf([at(0, 0.88), at(0.4, 0.52), at(0.6, 0.1)], 0.88);
    expect(range.foot).toBeCloseTo(0.58, 9);
    expect(isBroken(range)).toBe(true);
    const [foot, half, least] = [0.58, 0.52, 0.1].map((accuracy) => placeOn(range, accuracy));
    expect(foot).toBeCloseTo(0.8, 9);
    expect(half).toBeGreaterThan(foot ?? 1);
    expect(least).toBeGreaterThan(half ?? 1);
    expect(least).toBeCloseTo(1, 9);
  });

  it("bends its line where it crosses the foot, so that what is between two points lies on it", () => {
    const dots = [at(0, 0.88), at(0.4, 0.88), at(0.6, 0.1)];
    const range = rangeOf(dots, 0.88);
    const [, , bend, ...rest] = bendsOf(range, dots);
    expect(bend?.accuracy).toBe(range.foot);
    expect(bend?.ratio).toBeCloseTo(0.4 + (0.2 * 0.3) / 0.78, 9);
    expect(rest).toEqual([dots[2]]);
    const flat = [at(0, 0.88), at(0.4, 0.87)];
    expect(bendsOf(rangeOf(flat, 0.88), flat)).toEqual(flat);
  });
});
