/** @file A handle's place and the number that it stands for are the same thing said twice. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { barTrack, nearestWidth, steppedWidth, wireTrack } from "./kept-track.ts";

const widths = fc
  .uniqueArray(fc.integer({ min: 1, max: 512 }), { minLength: 1, maxLength: 64 })
  .map((all) => all.sort((a, b) => a - b));

it("finds on a bar the number that it was put at", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2048 }), fc.nat(400), fc.nat(), (of, x, some) => {
      const kept = some % (of + 1);
      const track = barTrack({ x, width: 124 }, of);
      expect(Math.round(track.keptAt(track.xOf(kept)))).toBe(kept);
    }),
  );
});

it("stands on a wire beside the last leaf that stays, and means its channels", () => {
  const track = wireTrack({ x: 100, width: 400 }, { each: 1, pitch: 5, gap: 4 });
  // Leaves stand on both sides in turn: every second channel makes the wire longer.
  expect([track.xOf(1), track.xOf(2), track.xOf(3)]).toEqual([309, 309, 314]);
  expect(track.keptAt(track.xOf(48))).toBe(48);
  expect(track.xOf(10_000)).toBe(500);
});

it("goes only to numbers that the layer can have, and each key goes its way", () => {
  fc.assert(
    fc.property(widths, fc.integer({ min: -50, max: 600 }), (all, wanted) => {
      const near = nearestWidth(all, wanted);
      expect(all).toContain(near);
      expect(all.every((width) => Math.abs(width - wanted) >= Math.abs(near - wanted))).toBe(true);
      const [up, down] = [steppedWidth(all, near, "ArrowUp"), steppedWidth(all, near, "ArrowDown")];
      expect(up).toBe(all[Math.min(all.length - 1, all.indexOf(near) + 1)]);
      expect(down).toBe(all[Math.max(0, all.indexOf(near) - 1)]);
      expect(steppedWidth(all, near, "PageUp")).toBeGreaterThanOrEqual(up ?? Infinity);
      expect(steppedWidth(all, near, "PageDown")).toBeLessThanOrEqual(down ?? -Infinity);
      expect(steppedWidth(all, near, "Home")).toBe(all[0]);
      expect(steppedWidth(all, near, "End")).toBe(all.at(-1));
      expect(steppedWidth(all, near, "Enter")).toBeUndefined();
    }),
  );
});
