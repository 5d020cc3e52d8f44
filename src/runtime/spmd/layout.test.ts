/** @file Layouts: positions are where the channels are, and gaps stay gaps. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compact,
  gatherTable,
  grouped,
  groupStarts,
  inverseTable,
  isCompact,
  sameLayout,
  sideBySide,
  unrolled,
  type Layout,
} from "./layout.ts";

const layouts = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
  .map((parts): Layout => sideBySide(parts.map(compact)));

/** A pixel in which every channel holds its number, and gaps hold −1. */
const pixelOf = ({ physical, map }: Layout): number[] => {
  const pixel = Array.from({ length: physical }, () => -1);
  map.forEach((position, channel) => (pixel[position] = channel));
  return pixel;
};

describe("a layout", () => {
  it("fills pixels up to a multiple of 4", () => {
    expect(compact(5)).toEqual({ physical: 8, map: [0, 1, 2, 3, 4] });
    expect(compact(8).physical).toBe(8);
    expect(isCompact(compact(5))).toBe(true);
    expect(isCompact(grouped(6, 2))).toBe(false);
  });

  it("side by side starts each part at a multiple of 4", () => {
    const both = sideBySide([compact(3), compact(5)]);
    expect(both).toEqual({ physical: 12, map: [0, 1, 2, 4, 5, 6, 7, 8] });
    expect(sameLayout(both, sideBySide([compact(3), compact(5)]))).toBe(true);
    expect(sameLayout(both, compact(8))).toBe(false);
  });

  it("unrolled has a map's features in the order of flatten", () => {
    expect(unrolled(compact(2), 3, 4)).toEqual({ physical: 12, map: [0, 1, 4, 5, 8, 9] });
  });

  it("never puts two channels in one place, nor any outside", () => {
    fc.assert(
      fc.property(layouts, ({ physical, map }) => {
        expect(physical % 4).toBe(0);
        expect(new Set(map).size).toBe(map.length);
        expect(map.every((position) => position >= 0 && position < physical)).toBe(true);
      }),
    );
  });
});

describe("a gather", () => {
  it("brings every channel where the other layout has it", () => {
    fc.assert(
      fc.property(layouts, (from) => {
        const to = compact(from.map.length);
        const pixel = pixelOf(from);
        const moved = gatherTable(from, to).map((at) => (at < 0 ? -1 : (pixel[at] ?? -1)));
        expect(moved).toEqual(pixelOf(to));
      }),
    );
  });

  it("selects: −1 is a channel of zeros, like the gaps", () => {
    expect(gatherTable(sideBySide([compact(1), compact(2)]), compact(3), [2, -1, 0])).toEqual([
      5, -1, 0, -1,
    ]);
  });

  it("has an inverse unless a channel is taken twice", () => {
    expect(inverseTable([5, -1, 0, -1], 8)).toEqual([2, -1, -1, -1, -1, 0, -1, -1]);
    expect(() => inverseTable([1, 1], 4)).toThrow(/gathered twice/);
  });
});

describe("groups", () => {
  it("can be worked on where each starts at a multiple of 4 and has its vectors to itself", () => {
    expect(groupStarts(grouped(15, 3), 3)).toEqual([0, 8, 16]);
    expect(groupStarts(compact(8), 2)).toEqual([0, 4]);
    expect(groupStarts(sideBySide([compact(3), compact(3)]), 2)).toEqual([0, 4]);
  });

  it("cannot otherwise", () => {
    expect(groupStarts(compact(6), 2)).toBeUndefined();
    expect(groupStarts(sideBySide([compact(2), compact(4)]), 2)).toBeUndefined();
    expect(groupStarts(sideBySide([compact(4), compact(4), compact(4)]), 2)).toBeUndefined();
  });
});
