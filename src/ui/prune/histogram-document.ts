/**
 * @file The histogram's numbers as a table and its drawing as a file, of all layers together or of each by
 * itself, as the plan on the page cuts them. Pure.
 */
import type { Preview, Pruning } from "../../state/index.ts";
import { barsOf } from "../charts/bars.ts";
import type { ChartTable } from "../charts/chart-table.ts";
import { COUNTS, drawnCounts, OVER } from "../charts/drawn-counts.ts";
import {
  binChannels,
  countBins,
  decades,
  filledBins,
  LayerBins,
  placeOf,
  RemovedBins,
  roundScores,
  scoreAt,
  scoreAxis,
  type Axis,
  type Bins,
} from "../charts/histogram.ts";
import type { Drawing } from "../charts/write-drawing.ts";
import { count, plural, score, THIN } from "../format.ts";

export const BINS = 52;

/** Whose bars are shown. */
export type HistogramView = "all" | "layers";

/** Everything of a histogram that no ratio changes. */
export interface HistogramBins {
  readonly bins: Bins;
  readonly gone: RemovedBins;
  readonly layers: LayerBins;
}

/** What is asked of a plan. */
export interface Shown {
  readonly pruning: Pruning;
  /** Null where nothing goes. */
  readonly preview: Preview | null;
  /** The score at or below which channels go; null where there is no single one. */
  readonly threshold: number | null;
  /** Heights follow the logarithm of the counts. */
  readonly isLog?: boolean;
}

export function histogramBins(
  { sorted, layers }: Pruning,
  axis: Axis = scoreAxis(sorted),
): HistogramBins {
  const bins = countBins(sorted, BINS, axis);
  const own = layers.map((layer) => (layer.isLocked ? new Float64Array() : layer.own));
  const channels = binChannels(own, bins);
  return { bins, gone: new RemovedBins(channels, BINS), layers: new LayerBins(channels, BINS) };
}

/** What stands in a bin, from where to where; of the first one on a logarithmic axis, up to where. */
function rangeOf(bin: number, axis: Axis): readonly [from: number, to: number] {
  const [from, to] = [bin, bin + 1].map((edge) => scoreAt(edge / BINS, axis));
  return [bin === 0 && axis.isLinear !== true ? 0 : (from ?? 0), to ?? 0];
}

/** A bar in words: `0.11 to 0.13: 14 channels, 3 of them go`. */
export function barWords(bins: Bins, bin: number, goes: number): string {
  const [from, to] = rangeOf(bin, bins);
  const n = bins.counts[bin] ?? 0;
  const isLowest = bin === 0 && bins.isLinear !== true;
  const range = isLowest ? `${score(to)} and below` : `${score(from)} to ${score(to)}`;
  const of = goes === 0 ? "" : goes === n ? ", all go" : `, ${count(goes)} of them go`;
  return `${range}: ${plural(n, "channel")}${of}`;
}

/** What the first bar is called: on a logarithmic axis it holds all that is smaller, too; null where nothing is. */
export function lowestName({ sorted }: Pruning, bins: Bins): string | null {
  const isHeld = bins.isLinear !== true && (sorted[0] ?? 1) < 10 ** bins.low;
  return isHeld ? `≤${THIN}${score(rangeOf(0, bins)[1])}` : null;
}

/** The next bar in a direction that there is anything in; the same one at the end. */
export function nextBar(bins: Bins, from: number, step: 1 | -1): number {
  for (let bin = from + step; bin >= 0 && bin < bins.counts.length; bin += step) {
    if ((bins.counts[bin] ?? 0) > 0) return bin;
  }
  return from;
}

export function histogramTable(
  { bins, gone, layers }: HistogramBins,
  { pruning, preview }: Shown,
  view: HistogramView,
): ChartTable {
  const staysIn = (i: number) => preview?.plan.kept.get(pruning.layers[i]?.name ?? "");
  const columns = [
    { title: "From", name: "score_from", say: score },
    { title: "To", name: "score_to", say: score },
    { title: "Channels", name: "channels", say: count },
    { title: "Kept", name: "kept", say: count },
    { title: "Removed", name: "removed", say: count },
  ];
  const rows = (counts: Int32Array, removed: Int32Array) =>
    filledBins(counts, bins).map(({ count: n, bin }) => {
      const goes = removed[bin] ?? 0;
      return [...rangeOf(bin, bins), n, n - goes, goes];
    });
  if (view === "all") return { columns, rows: rows(bins.counts, gone.count(staysIn)) };
  return {
    columns: [{ title: "Layer", name: "layer" }, ...columns],
    rows: pruning.layers.flatMap(({ name }, i) =>
      rows(layers.counts[i] ?? new Int32Array(), layers.removed(i, staysIn(i))).map((cells) => [
        name,
        ...cells,
      ]),
    ),
  };
}

/** Of the file, CSS pixels. */
const WIDTH = 640;
const ALL = 200;
const ROW = 32;
const NAME = 120;
const COUNT = 80;
/** Below the bars, for the axis' numbers. */
const FOOT = 20;

export function drawHistogram(
  { bins, gone, layers }: HistogramBins,
  { pruning, preview, threshold, isLog = false }: Shown,
  view: HistogramView,
): Drawing {
  const staysIn = (i: number) => preview?.plan.kept.get(pruning.layers[i]?.name ?? "");
  const isAll = view === "all";
  const [x, width] = isAll ? [COUNTS, WIDTH - COUNTS] : [NAME, WIDTH - NAME - COUNT];
  const bottom = isAll ? ALL : pruning.layers.length * ROW;
  const lines: Drawing["lines"][number][] = [];
  const texts: Drawing["texts"][number][] = ticksOf(bins).map(([value, text]) => ({
    x: x + placeOf(value, bins) * width,
    y: bottom + FOOT - 4,
    text,
    anchor: "middle",
  }));
  const place = { x, y: OVER, width, height: ALL - OVER };
  if (isAll) {
    const beside = drawnCounts({ most: bins.most, isLog }, place);
    lines.push(...beside.lines);
    texts.push(...beside.texts);
  }
  const bars = isAll
    ? [barsOf({ counts: bins.counts, most: bins.most, gone: gone.count(staysIn), isLog }, place)]
    : pruning.layers.map(({ name, of }, i) => {
        const counts = layers.counts[i] ?? new Int32Array();
        const [y, height] = [i * ROW + 6, ROW - 6];
        lines.push({ from: [x, y + height], to: [x + width, y + height], color: "line" });
        texts.push({ x: 0, y: y + height - 4, text: name, isStrong: true });
        const kept = preview?.kept[i] ?? of;
        const says = `${count(kept)} / ${count(of)}`;
        texts.push({ x: WIDTH, y: y + height - 4, text: says, anchor: "end" });
        const removed = layers.removed(i, staysIn(i));
        return barsOf(
          { counts, most: Math.max(...counts), gone: removed, isLog },
          { x, y, width, height },
        );
      });
  lines.push({ from: [x, bottom], to: [x + width, bottom], color: "line" });
  if (threshold !== null) {
    const at = x + placeOf(threshold, bins) * width;
    lines.push({ from: [at, 0], to: [at, bottom], color: "ink" });
  }
  return { width: WIDTH, height: bottom + FOOT, bars, lines, texts };
}

function ticksOf(bins: Bins): readonly (readonly [value: number, text: string])[] {
  if (bins.isLinear === true) return roundScores(bins).map((value) => [value, String(value)]);
  return decades(bins).map((power) => [10 ** power, score(10 ** power)]);
}
