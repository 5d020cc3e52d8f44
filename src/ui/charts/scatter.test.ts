/** @file Scales, names and keys of a chart of points; tables as CSV. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellText, writeCsv } from "./chart-table.ts";
import {
  accuracyRange,
  frontPath,
  makeScale,
  nearestSpot,
  nextIndex,
  placeLabels,
} from "./scatter.ts";

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

it("goes as low as the runs do, and leaves collapsed positions at the foot", () => {
  const at = (accuracy: number, run: number | null = null) => ({ accuracy, run });
  expect(accuracyRange([at(0.88, 1), at(0.86), at(0.1)])).toEqual([0.86, 0.88]);
  expect(accuracyRange([at(0.88, 1), at(0.3, 2), at(0.1)])).toEqual([0.3, 0.88]);
  const [low, high] = accuracyRange([at(0.88, 1)]);
  expect(high - low).toBeCloseTo(0.01, 12);
});

it("draws the front as steps up to the edge", () => {
  const front = [
    { x: 10, y: 90 },
    { x: 40, y: 50 },
  ];
  expect(frontPath(front, 100)).toBe("M10 90H40V50H100");
  expect(frontPath([], 100)).toBe("");
});

it("takes the nearest point within reach", () => {
  const spots = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
  ];
  expect(nearestSpot(spots, { x: 6, y: 0 }, 20)).toBe(1);
  expect(nearestSpot(spots, { x: 6, y: 60 }, 20)).toBeNull();
  expect(nearestSpot([], { x: 0, y: 0 }, 20)).toBeNull();
});

it("goes from point to point by arrow keys, and stops at the ends", () => {
  expect(nextIndex("ArrowRight", 0, 3)).toBe(1);
  expect(nextIndex("ArrowRight", 2, 3)).toBe(2);
  expect(nextIndex("ArrowLeft", 0, 3)).toBe(0);
  expect(nextIndex("End", 0, 3)).toBe(2);
  expect(nextIndex("Tab", 1, 3)).toBeNull();
});

it("leaves out a name that would stand over a more important one, and turns one at the edge", () => {
  const labels = [
    { x: 50, y: 50, text: "Baseline" },
    { x: 55, y: 52, text: "hidden" },
    { x: 195, y: 50, text: "edge" },
  ];
  const placed = placeLabels(labels, 200);
  expect(placed.map(({ text, anchor }) => [text, anchor])).toEqual([
    ["Baseline", "start"],
    ["edge", "end"],
  ]);
});

describe("table", () => {
  const table = {
    columns: [
      { title: "Run", name: "run" },
      { title: "Accuracy", name: "accuracy", say: (share: number) => `${share * 100} %` },
    ],
    rows: [
      ['"small", quick', 0.5],
      ["two\nlines", null],
      ["off", Number.NaN],
    ],
  };
  it("writes CSV that quotes what has to be, and nothing where nothing is known", () => {
    expect(writeCsv(table)).toBe(
      'run,accuracy\r\n"""small"", quick",0.5\r\n"two\nlines",\r\noff,\r\n',
    );
  });
  it("says numbers as people read them, and a dash for what is not known", () => {
    const [, column] = table.columns;
    if (column === undefined) throw new Error("no column");
    expect([0.5, null, Number.NaN, "x"].map((cell) => cellText(column, cell))).toEqual([
      "50 %",
      "–",
      "–",
      "x",
    ]);
  });
});
