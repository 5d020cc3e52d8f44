/** @file Places, names and keys of a chart of points; tables as CSV. */
import { describe, expect, it } from "vitest";
import { cellText, writeCsv } from "./chart-table.ts";
import {
  accuracyRange,
  frontLines,
  frontPath,
  nearestSpot,
  nextIndex,
  placeLabels,
} from "./scatter.ts";

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

const AROUND = { left: 0, right: 200, top: 0, bottom: 100, lines: [], spots: [] };

it("turns a name at the edge, and leaves out what would stand over a more important one", () => {
  const labels = [
    { x: 50, y: 50, text: "Baseline" },
    { x: 195, y: 50, text: "edge" },
    // As many at one place as there are sides to it, and two more.
    ...Array.from({ length: 8 }, (_, i) => ({ x: 100, y: 50, text: `#${i}` })),
  ];
  const placed = placeLabels(labels, AROUND);
  expect(placed.slice(0, 2).map(({ text, anchor }) => [text, anchor])).toEqual([
    ["Baseline", "start"],
    ["edge", "end"],
  ]);
  expect(placed.length).toBeLessThan(labels.length);
  const places = new Set(placed.map(({ x, y }) => `${x} ${y}`));
  expect(places.size).toBe(placed.length);
});

it("puts a name where it covers no line and no point, and crosses a line rather than a point", () => {
  const label = { x: 50, y: 50, text: "#2 cut" };
  const across = (y: number) => ({ from: { x: 0, y }, to: { x: 200, y } });
  const [free] = placeLabels([label], { ...AROUND, lines: [across(46)] });
  expect(free).toMatchObject({ anchor: "start", y: 66 });
  // Its own point and the line through it are beside it.
  const spots = [
    { x: 50, y: 50 },
    { x: 70, y: 60 },
    { x: 30, y: 60 },
    { x: 50, y: 66 },
  ];
  const [crossing] = placeLabels([label], { ...AROUND, lines: [across(42)], spots });
  expect(crossing?.y).toBeLessThan(50);
});

it("keeps a name off the ring around its own point, on whichever side it stands", () => {
  const ring = 13.5;
  const at = { x: 100, y: 50 };
  // As many names as a point has places for.
  const names = Array.from({ length: 6 }, (_, i) => ({ ...at, text: `#${i}` }));
  const placed = placeLabels(names, AROUND);
  expect(new Set(placed.map(({ anchor }) => anchor)).size).toBe(3);
  for (const { x, y, anchor, text } of placed) {
    if (anchor === "middle") {
      const away = y < at.y ? at.y - (y + 3) : y - 9 - at.y;
      expect(away, text).toBeGreaterThanOrEqual(ring);
    } else expect(Math.abs(x - at.x), text).toBeGreaterThanOrEqual(ring);
  }
});

it("knows the lines that the front is drawn by", () => {
  const front = [
    { x: 10, y: 90 },
    { x: 40, y: 50 },
  ];
  expect(frontLines(front, 100)).toEqual([
    { from: { x: 10, y: 90 }, to: { x: 40, y: 90 } },
    { from: { x: 40, y: 90 }, to: { x: 40, y: 50 } },
    { from: { x: 40, y: 50 }, to: { x: 100, y: 50 } },
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
