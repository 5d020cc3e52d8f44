/** @file What is below the pointer stays below it, and all of a drawing can be seen. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { findBlocks } from "./find-blocks.ts";
import { clampScale, scrollAfter, wholeScale } from "./zoom.ts";

const extent = fc.record({
  width: fc.integer({ min: 100, max: 4000 }),
  height: fc.integer({ min: 100, max: 90_000 }),
});

it("shows the whole drawing, and lets nobody go below that or lose it", () => {
  fc.assert(
    fc.property(
      extent,
      extent,
      fc.double({ min: 1e-4, max: 100, noNaN: true }),
      (room, all, wish) => {
        const whole = wholeScale(room, all);
        expect(all.width * whole).toBeLessThanOrEqual(room.width + 1e-6);
        expect(all.height * whole).toBeLessThanOrEqual(room.height + 1e-6);
        expect(clampScale(whole, room, all)).toBe(whole);
        expect(clampScale(wish, room, all)).toBeGreaterThanOrEqual(Math.min(0.25, whole));
        expect(clampScale(wish, room, all)).toBeLessThanOrEqual(2);
      },
    ),
  );
});

it("keeps the point below the pointer where it is, wherever there is room to scroll", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 800 }),
      fc.integer({ min: 0, max: 3000 }),
      fc.double({ min: 0.3, max: 2, noNaN: true }),
      fc.double({ min: 0.3, max: 2, noNaN: true }),
      (at, scrolled, before, after) => {
        const axis = { at, scrolled, room: 800, size: 20_000 };
        const then = scrollAfter(axis, before, after);
        const point = (at + scrolled) / before;
        if (then > 0) expect((at + then) / after).toBeCloseTo(point, 6);
        else expect(point * after).toBeLessThanOrEqual(at + 1e-6);
      },
    ),
  );
});

it("finds names by their letters, in forward order, and nothing by nothing", () => {
  const ids = ["conv1", "layer1.0.conv1", "layer1.0.Conv2", "fc"];
  expect(findBlocks(ids, " conv ")).toEqual(["conv1", "layer1.0.conv1", "layer1.0.Conv2"]);
  expect(findBlocks(ids, "")).toEqual([]);
  expect(findBlocks(ids, "pool")).toEqual([]);
});
