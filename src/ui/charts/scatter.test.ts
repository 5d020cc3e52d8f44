/** @file Places, names and keys of a chart of points; tables as CSV. */
import { describe, expect, it } from "vitest";
import { cellText, writeCsv } from "./chart-table.ts";
import { accuracyRange, frontPath, nearestSpot, nextIndex, placeLabels } from "./scatter.ts";

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
