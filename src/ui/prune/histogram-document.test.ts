/** @file The histogram's table and drawing say what the plan does, of all layers and of each. */
import { expect, it } from "vitest";
import { makeSparseNetwork } from "../../state/testing/fake-network.ts";
import { preparePage } from "../../state/planner.ts";
import { barsOf, countTicks, shareOfMost } from "../charts/bars.ts";
import { writeCsv } from "../charts/chart-table.ts";
import { COUNTS, OVER } from "../charts/drawn-counts.ts";
import { countBins, scoreAxis, widenAxis } from "../charts/histogram.ts";
import { writeDrawing } from "../charts/write-drawing.ts";
import {
  barWords,
  drawHistogram,
  histogramBins,
  histogramTable,
  nextBar,
} from "./histogram-document.ts";
import { layoutMultiples, MULTIPLE, multiplesWithin } from "./multiples.ts";

const pruning = preparePage(makeSparseNetwork(), "bn-scale", { locked: ["conv3"] });
const preview = pruning.at(0.5);
const shown = { pruning, preview, threshold: preview.threshold };
const all = histogramBins(pruning);

const palette = {
  ink: "#1",
  ink2: "#2",
  half: "#3",
  line: "#4",
  sheet: "#5",
  paper: "#6",
  row: "#7",
  leaf: "#8",
  leafLow: "#c",
  leafHigh: "#d",
  clay: "#9",
  claySoft: "#a",
  amber: "#b",
  dpr: 1,
};

it("counts every channel once, and as many removed as the plan does", () => {
  const { rows, columns } = histogramTable(all, shown, "all");
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  const sum = (name: string): number =>
    rows.reduce((total, cells) => total + Number(cells[at(name)]), 0);
  expect(sum("channels")).toBe(pruning.total);
  expect(sum("removed")).toBe(preview.removed);
  expect(sum("kept")).toBe(pruning.total - preview.removed);
});

it("says of each layer what stays of it, and nothing of one that is locked", () => {
  const { rows } = histogramTable(all, shown, "layers");
  pruning.layers.forEach(({ name, of, isLocked }, i) => {
    const own = rows.filter(([layer]) => layer === name);
    const [channels, kept] = [3, 4].map((cell) =>
      own.reduce((sum, cells) => sum + Number(cells[cell]), 0),
    );
    expect([name, channels, kept]).toEqual([
      name,
      isLocked ? 0 : of,
      isLocked ? 0 : preview.kept[i],
    ]);
  });
  expect(writeCsv(histogramTable(all, shown, "layers"))).toMatch(
    /^layer,score_from,score_to,channels,kept,removed\r\nconv1,/,
  );
});

it("draws the bars of both views with their words, escaped", () => {
  const svg = writeDrawing(drawHistogram(all, shown, "layers"), palette);
  for (const { name } of pruning.layers) expect(svg).toContain(`>${name}<`);
  expect(svg.match(/url\(#removed\)/g)?.length).toBeGreaterThan(10);
  const odd = { width: 1, height: 1, bars: [], lines: [], texts: [{ x: 0, y: 0, text: "<&>" }] };
  expect(writeDrawing(odd, palette)).toContain(">&lt;&amp;&gt;<");
  // Heights are said of all in one histogram, as far up as they go.
  const whole = drawHistogram(all, shown, "all");
  const counted = countTicks(all.bins.most).map(String);
  expect(whole.texts.map(({ text }) => text)).toEqual(
    expect.arrayContaining(["channels", ...counted]),
  );
  expect(whole.bars[0]?.kept.every(({ x, y }) => x >= COUNTS && y >= OVER)).toBe(true);
  // One threshold goes through all rows.
  const line = drawHistogram(all, shown, "layers").lines.find(({ color }) => color === "ink");
  expect(line?.to[1]).toBe(pruning.layers.length * 32);
});

it("stands every bar on the ground, what goes on top of what stays", () => {
  const place = { x: 10, y: 5, width: 40, height: 20 };
  const { kept, removed } = barsOf({ counts: [4, 0, 2], most: 4, gone: [1, 0, 2] }, place);
  expect(kept).toHaveLength(1);
  expect(removed).toHaveLength(2);
  expect((kept[0]?.y ?? 0) + (kept[0]?.height ?? 0)).toBe(25);
  expect((removed[0]?.y ?? 0) + (removed[0]?.height ?? 0)).toBeCloseTo(kept[0]?.y ?? 0);
  expect((removed[1]?.y ?? 0) + (removed[1]?.height ?? 0)).toBe(25);
  expect((kept[0]?.height ?? 0) / 20).toBeCloseTo(0.75);
});

it("paints the rows in sight and no others, and leaves the axis room", () => {
  expect(multiplesWithin(163, 0, 13 * MULTIPLE)).toEqual([0, 13]);
  expect(multiplesWithin(163, 100 * MULTIPLE + 1, 2 * MULTIPLE)).toEqual([100, 103]);
  expect(multiplesWithin(5, 0, 1000)).toEqual([0, 5]);
  const { x, width } = layoutMultiples([{ name: "layer3.17.select", of: 256 }], 300);
  expect(x).toBeLessThan(150);
  expect(width).toBeGreaterThan(100);
});

it("keeps one axis before and after a cut, logarithmic as it was", () => {
  const scores = [1e-6, 1e-5, 1e-3, 0.2, 0.3, 0.4];
  const whole = scoreAxis(scores);
  const left = scoreAxis(scores.slice(3));
  expect([whole.isLinear, left.isLinear]).toEqual([undefined, true]);
  expect(widenAxis(whole, left)).toEqual({
    low: whole.low,
    high: Math.max(whole.high, Math.log10(left.high)),
  });
  expect(widenAxis(left, whole)).toEqual(widenAxis(whole, left));
  expect(widenAxis(left, scoreAxis([0.3, 0.35, 0.5]))).toMatchObject({ isLinear: true });
});

it("says a bar in words, the first as all that is smaller, and goes past the empty ones", () => {
  const bins = countBins([0, 1e-9, 0.2, 0.2, 1], 52, scoreAxis([0, 1e-9, 0.2, 0.2, 1]));
  expect(barWords(bins, 0, 2)).toMatch(/^\S+ and below: 2 channels, all go$/);
  const second = nextBar(bins, 0, 1);
  expect(barWords(bins, second, 1)).toMatch(/^0\.\d+ to 0\.\d+: 2 channels, 1 of them go$/);
  const last = nextBar(bins, second, 1);
  expect([nextBar(bins, last, 1), nextBar(bins, last, -1)]).toEqual([last, second]);
});

it("lets low bars be seen beside a high one on a logarithmic scale, with ticks within it", () => {
  const place = { x: 0, y: 0, width: 30, height: 90 };
  const heights = [false, true].map((isLog) =>
    barsOf({ counts: [200, 4, 1], most: 200, gone: [], isLog }, place).kept.map(
      (bar) => bar.height,
    ),
  );
  expect(heights[0]?.[1]).toBeLessThan(3);
  expect(heights[1]?.[1]).toBeGreaterThan(25);
  expect(heights[1]?.[0]).toBe(90);
  for (const isLog of [false, true]) {
    for (const most of [1, 2, 7, 60, 300, 5000]) {
      const ticks = countTicks(most, isLog);
      expect(ticks.length).toBeGreaterThan(0);
      expect(Math.max(...ticks.map((n) => shareOfMost(n, most, isLog)))).toBeLessThanOrEqual(1);
    }
  }
});
