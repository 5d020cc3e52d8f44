/** @file The drawings in numbers: rows, columns, leaves and bins. */
import { describe, expect, it } from "vitest";
import {
  binChannels,
  binOf,
  countBins,
  decades,
  logAxis,
  placeOf,
  RemovedBins,
  roundScores,
  scoreAt,
  scoreAxis,
} from "./histogram.ts";
import {
  BESIDE,
  besidePanel,
  coveredBy,
  FINGER,
  foldedAtFirst,
  isFolded,
  layoutColumns,
  layoutRows,
  rowAt,
  rowOfLayer,
  rowsWithin,
  WIDEST,
} from "./row-layout.ts";
import { leafLength, leavesOf, placeLeaf, reachOf, scaleTrellis } from "./trellis-geometry.ts";

describe("rows", () => {
  const layout = layoutRows([32, 32, 16, 16]);
  it("opens a gap between resolutions", () => {
    expect(layout.rows.map((row) => row.top)).toEqual([0, 34, 76, 110]);
    expect(layout.rows.map((row) => row.isFirst)).toEqual([true, false, true, false]);
    expect(layout.height).toBe(144);
  });
  it("finds the row at a height", () => {
    expect([0, 33, 34, 75, 76, 143].map((y) => rowAt(layout, y))).toEqual([0, 0, 1, 1, 2, 3]);
    expect([-1, 144].map((y) => rowAt(layout, y))).toEqual([null, null]);
    expect(rowAt(layoutRows([]), 0)).toBeNull();
  });
  it("is never lower than a finger needs, however many rows there are", () => {
    for (const rows of [4, 40]) {
      const { rows: placed } = layoutRows(Array<number>(rows).fill(32), new Set(), FINGER);
      expect(placed.every(({ height }) => height === FINGER)).toBe(true);
    }
  });
  it("gives the rows in sight", () => {
    expect(rowsWithin(layout, 40, 80)).toEqual([1, 3]);
    expect(rowsWithin(layout, -500, 5000)).toEqual([0, 4]);
  });
  it("folds stages to a row each, and finds the layers in them", () => {
    const folded = layoutRows([32, 32, 16, 16, 16, 8], new Set([1]));
    expect(folded.rows.map(({ first, end, top }) => [first, end, top])).toEqual([
      [0, 1, 0],
      [1, 2, 34],
      [2, 5, 76],
      [5, 6, 118],
    ]);
    expect(folded.rows.map(isFolded)).toEqual([false, false, true, false]);
    expect([0, 1, 2, 4, 5, 6, null].map((layer) => rowOfLayer(folded, layer))).toEqual([
      0, 1, 2, 2, 3, -1, -1,
    ]);
    expect(folded.height).toBe(152);
  });
  it("opens a network with more layers than can be looked over folded but for its first stage", () => {
    const deep = [32, 16, 8].flatMap((side) => Array.from({ length: 54 }, () => side));
    expect([...foldedAtFirst(deep)]).toEqual([1, 2]);
    expect(foldedAtFirst(deep.slice(0, 40)).size).toBe(0);
    expect(layoutRows(deep, foldedAtFirst(deep)).rows).toHaveLength(56);
  });
  it("makes many rows compact", () => {
    expect(layoutRows(Array.from({ length: 163 }, () => 32)).rows[1]?.top).toBe(22);
  });
});

describe("columns", () => {
  it("stand side by side at any width", () => {
    for (const width of [330, 390, 560, 700, 856, 1016, 1400]) {
      for (const [longest = 0, most = 0] of [
        [5, 96],
        [14, 112],
        [30, 2048],
      ]) {
        const { resolution, name, wires, bar, count, curve, within } = layoutColumns(
          width,
          longest,
          most,
        );
        expect(count.width).toBeGreaterThanOrEqual(`${most} / ${most}`.length * 7);
        const all = [resolution, name, wires, bar, count, curve, within].filter((c) => c !== null);
        for (const [i, column] of all.entries()) {
          const next = all[i + 1];
          if (next !== undefined) expect(column.x + column.width).toBeLessThanOrEqual(next.x);
        }
        const last = all.at(-1);
        expect((last?.x ?? 0) + (last?.width ?? 0)).toBe(width);
      }
    }
  });
});

describe("the columns beside a panel", () => {
  it("leave the wires where they are, nothing over another or under the panel, and bars to be read", () => {
    for (const box of [BESIDE, 960, 1016, WIDEST, 1400, 1480]) {
      const [width, covered] = [Math.min(box, WIDEST), coveredBy(box)];
      for (const [longest = 0, most = 0] of [
        [5, 96],
        [14, 2048],
      ]) {
        const whole = layoutColumns(width, longest, most);
        const { wires, bar, count, lock, curve, within } = besidePanel(whole, width, covered);
        expect([wires, curve, within]).toEqual([whole.wires, null, null]);
        const all = [wires, bar, count, lock].filter((column) => column !== null);
        for (const [i, column] of all.entries()) {
          const next = all[i + 1]?.x ?? width - covered;
          expect(column.x + column.width).toBeLessThanOrEqual(next);
        }
        expect(bar?.width).toBeGreaterThan(0.6 * (whole.bar?.width ?? 0));
      }
    }
  });

  it("stay as they are where the panel stands below the sheet, or beside it", () => {
    for (const box of [700, BESIDE - 1, 1504]) {
      const whole = layoutColumns(Math.min(box, WIDEST), 5, 96);
      expect(besidePanel(whole, box, coveredBy(box))).toBe(whole);
    }
  });
});

describe("leaves", () => {
  const scale = scaleTrellis({ widest: 96, halfWidth: 246, rowHeight: 34, scores: [1e-4, 1] });
  it("have the full pitch when they fit", () => {
    expect([scale.each, scale.pitch]).toEqual([1, expect.closeTo(4.91, 1)]);
    expect(scale.longest).toBeCloseTo(14.5, 0);
  });
  it("stand right and left in turn, above and below in turn", () => {
    const four = [0, 1, 2, 3].map((i) => placeLeaf(i, { pitch: 5, gap: 4 }));
    expect(four.map((leaf) => leaf.x)).toEqual([4, -4, 9, -9]);
    expect(four.map((leaf) => leaf.lift)).toEqual([-1, -1, 1, 1]);
  });
  it("never reach beyond their wire, however wide the layer", () => {
    for (const widest of [1, 7, 96, 512, 4096]) {
      for (const half of [60, 130, 246]) {
        const tight = scaleTrellis({
          widest: widest,
          halfWidth: half,
          rowHeight: 22,
          scores: [1e-6, 1],
        });
        const { leaves } = leavesOf(widest, widest, tight.each);
        expect(reachOf(leaves, tight)).toBeLessThanOrEqual(half);
      }
    }
  });
  it("grow with the score and survive zeros", () => {
    const lengths = [0, 1e-9, 0.01, 0.1, 1].map((s) => leafLength(s, scale));
    expect(lengths.toSorted((a, b) => a - b)).toEqual(lengths);
    expect(lengths[0]).toBe(scale.shortest);
    expect(lengths.at(-1)).toBe(scale.longest);
    const flat = scaleTrellis({ widest: 8, halfWidth: 100, rowHeight: 34, scores: [0, 0] });
    expect(Number.isFinite(leafLength(0, flat))).toBe(true);
  });
});

describe("histogram", () => {
  it("counts every score once, zeros in the first bin", () => {
    const scores = Float64Array.of(0, 1e-12, 0.001, 0.01, 0.1, 1);
    const bins = countBins(scores, 20, logAxis(scores));
    expect(bins.counts.reduce((a, b) => a + b, 0)).toBe(6);
    expect(bins.counts[0]).toBeGreaterThanOrEqual(2);
  });
  it("goes from score to place and back", () => {
    const axis = { low: -4, high: 0 };
    expect(placeOf(0.01, axis)).toBeCloseTo(0.5, 12);
    expect(scoreAt(0.5, axis)).toBeCloseTo(0.01, 12);
    expect(binOf(1, axis, 10)).toBe(9);
    expect(decades(axis)).toEqual([-4, -3, -2, -1, 0]);
  });
  it("has an axis even when all scores are equal or zero", () => {
    for (const scores of [Float64Array.of(), Float64Array.of(0, 0), Float64Array.of(0.5, 0.5)]) {
      for (const { low, high } of [logAxis(scores), scoreAxis(scores)]) {
        expect(high).toBeGreaterThan(low);
        expect(Number.isFinite(high - low)).toBe(true);
      }
    }
  });
  it("is logarithmic for spread scores and linear for others", () => {
    const spread = Float64Array.from({ length: 100 }, (_, i) => 10 ** (-3 + i / 33));
    const even = Float64Array.from({ length: 100 }, (_, i) => (i + 1) / 100);
    const signed = Float64Array.from({ length: 100 }, (_, i) => i - 50);
    const close = Float64Array.from({ length: 100 }, (_, i) => 1 + i / 1000);
    expect(scoreAxis(spread).isLinear).toBeUndefined();
    for (const scores of [even, signed, close]) {
      const axis = scoreAxis(scores);
      expect(axis.isLinear).toBe(true);
      const [least = 0, most = 0] = [scores[0], scores[99]];
      expect(placeOf(least, axis)).toBeGreaterThanOrEqual(0);
      expect(placeOf(most, axis)).toBeLessThanOrEqual(1);
      expect(placeOf(least, axis)).toBeLessThan(placeOf(most, axis));
      expect(scoreAt(placeOf(scores[40] ?? 0, axis), axis)).toBeCloseTo(scores[40] ?? 0, 9);
      const ticks = roundScores(axis);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThan(7);
    }
    expect(roundScores({ low: 0, high: 1.02, isLinear: true })).toEqual([0, 0.5, 1]);
  });
  it("hatches of each bar what really goes", () => {
    const layers = [Float64Array.of(0.1, 0.9, 0.2), Float64Array.of(0.15, 0.95)];
    const all = Float64Array.from(layers.flatMap((layer) => [...layer])).sort();
    const bins = countBins(all, 2, { low: 0, high: 1, isLinear: true });
    const removed = new RemovedBins(binChannels(layers, bins), bins.counts.length);
    // Each layer loses its lowest: the second keeps a score that the first has lost.
    expect([...removed.count((i) => (i === 0 ? Int32Array.of(1) : undefined))]).toEqual([2, 0]);
    expect([...removed.count((i) => (i === 0 ? Int32Array.of(0, 2) : Int32Array.of(0)))]).toEqual([
      0, 2,
    ]);
    expect([...removed.count(() => undefined)]).toEqual([0, 0]);
  });
});
