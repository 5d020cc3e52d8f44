/** @file The arena: what lives at the same time never shares a byte, and little is wasted. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildArchitecture } from "../../model/index.ts";
import { arrange, roomFor, type Stay } from "./arena.ts";
import { lowerTraining } from "./lower-training.ts";

const stays = fc.array(
  fc
    .record({ bytes: fc.nat(5000), first: fc.nat(60), length: fc.nat(20) })
    .map(({ bytes, first, length }): Stay => ({ bytes, first, last: first + length })),
  { maxLength: 60 },
);

function expectSound(all: readonly Stay[]): void {
  const { offsets, bytes } = arrange(all);
  all.forEach((a, i) => {
    const start = offsets[i] ?? Number.NaN;
    expect(start % 64).toBe(0);
    expect(start + roomFor(a.bytes)).toBeLessThanOrEqual(bytes);
    all.slice(0, i).forEach((b, j) => {
      if (a.first > b.last || b.first > a.last) return;
      const other = offsets[j] ?? Number.NaN;
      expect(start + roomFor(a.bytes) <= other || other + roomFor(b.bytes) <= start).toBe(true);
    });
  });
}

/** The most bytes that are alive at once. */
function least(all: readonly Stay[]): number {
  const times = new Set(all.map(({ first }) => first));
  const alive = (time: number): number =>
    all
      .filter(({ first, last }) => first <= time && time <= last)
      .reduce((sum, { bytes }) => sum + roomFor(bytes), 0);
  return Math.max(0, ...[...times].map(alive));
}

describe("an arena", () => {
  it("keeps apart what lives at the same time", () => {
    fc.assert(fc.property(stays, expectSound));
  });

  it("gives bytes back to those who come later", () => {
    const { offsets, bytes } = arrange([
      { bytes: 64, first: 0, last: 1 },
      { bytes: 64, first: 2, last: 3 },
    ]);
    expect(offsets).toEqual([0, 0]);
    expect(bytes).toBe(roomFor(64));
  });

  it.each(["vgg16:width=0.25", "resnet-20", "densenet-40", "preresnet-29"])(
    "of %s takes hardly more than what is alive at once",
    (name) => {
      const { listing } = lowerTraining(buildArchitecture(name, 1), 8, 2);
      const all = [...listing.lives()].map(([{ bytes }, [first, last]]) => ({
        bytes,
        first,
        last,
      }));
      expectSound(all);
      expect(arrange(all).bytes).toBeLessThan(1.1 * least(all));
    },
  );
});
