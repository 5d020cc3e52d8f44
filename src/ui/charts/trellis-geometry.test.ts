/** @file Pointing at leaves: the inverse of where they are drawn, at every width and size. */
import { array, assert, constantFrom, double, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  besideRank,
  hitLeaf,
  leafLength,
  leavesOf,
  middleOf,
  placeLeaf,
  scaleTrellis,
} from "./trellis-geometry.ts";

const wire = record({
  channels: integer({ min: 1, max: 700 }),
  halfWidth: integer({ min: 40, max: 300 }),
  row: constantFrom(22, 34),
  scores: array(double({ min: 0, max: 3, noNaN: true }), { minLength: 1, maxLength: 700 }),
});

describe("a leaf", () => {
  it("is hit at its own point, by its length, and where it grows from", () => {
    assert(
      property(wire, ({ channels, halfWidth, row, scores }) => {
        const scale = scaleTrellis({
          widest: channels,
          halfWidth: halfWidth,
          rowHeight: row,
          scores: [1e-4, 3],
        });
        const { leaves } = leavesOf(channels, channels, scale.each);
        for (let i = 0; i < leaves; i++) {
          const length = leafLength(scores[i % scores.length] ?? 0, scale);
          expect(hitLeaf(middleOf(i, length, scale), leaves, scale)).toBe(i);
          expect(hitLeaf({ x: placeLeaf(i, scale).x, y: 0 }, leaves, scale)).toBe(i);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is hit along its whole axis, and its neighbours on theirs", () => {
    const scale = scaleTrellis({ widest: 96, halfWidth: 246, rowHeight: 34, scores: [1e-4, 1] });
    for (const share of [0.2, 0.6, 1, 1.6]) {
      expect(hitLeaf(middleOf(37, scale.longest * share, scale), 96, scale)).toBe(37);
    }
  });

  it("is not hit from far beyond the last one, nor on a wire without any", () => {
    const scale = scaleTrellis({ widest: 20, halfWidth: 246, rowHeight: 34, scores: [1e-4, 1] });
    expect(hitLeaf({ x: 200, y: 0 }, 20, scale)).toBeNull();
    expect(hitLeaf({ x: 4, y: 0 }, 0, scale)).toBeNull();
    expect(hitLeaf({ x: -4, y: 0 }, 1, scale)).toBeNull();
  });

  it("is still hit where only the other side of the wire is taken", () => {
    const scale = scaleTrellis({ widest: 96, halfWidth: 246, rowHeight: 34, scores: [1e-4, 1] });
    expect(hitLeaf({ x: 6, y: 5 }, 1, scale)).toBe(0);
  });
});

describe("going along a wire", () => {
  it("comes to every channel once from the left end to the right, and back", () => {
    assert(
      property(integer({ min: 1, max: 300 }), integer({ min: 1, max: 9 }), (of, each) => {
        for (const step of [1, -1] as const) {
          let rank = 0;
          for (let i = 0; i < of; i++) rank = besideRank(rank, step === 1 ? -1 : 1, { of, each });
          const seen = new Set([rank]);
          for (let i = 1; i < of; i++) seen.add((rank = besideRank(rank, step, { of, each })));
          expect(seen.size).toBe(of);
          expect(besideRank(rank, step, { of, each })).toBe(rank);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("goes the way that the leaves stand", () => {
    const walk = [5, 3, 1, 0, 2, 4];
    const steps = { of: 6, each: 1 };
    expect(walk.map((rank) => besideRank(rank, 1, steps))).toEqual([3, 1, 0, 2, 4, 4]);
    expect(walk.map((rank) => besideRank(rank, -1, steps))).toEqual([5, 5, 3, 1, 0, 2]);
  });
});
