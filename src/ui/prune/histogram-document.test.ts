/** @file The histogram's table and drawing say what the plan does, of all layers and of each. */
import { expect, it } from "vitest";
import { makeSparseNetwork } from "../../state/testing/fake-network.ts";
import { preparePage } from "../../state/planner.ts";
import { barsOf } from "../charts/bars.ts";
import { writeCsv } from "../charts/chart-table.ts";
import { writeDrawing } from "../charts/write-drawing.ts";
import { drawHistogram, histogramBins, histogramTable } from "./histogram-document.ts";
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
