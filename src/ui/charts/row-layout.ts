/**
 * @file Where things stand on the sheet: one row per layer with a little more space between stages, and
 * the columns, so that trellis, bars, numbers and curves of a layer share a height. A stage is a run of
 * layers of one resolution; folded, it is one row. Pure numbers; canvas and DOM both place by them.
 */
import { ZOOM_LINE } from "./zoomed-row.ts";

export interface SheetRow {
  readonly top: number;
  readonly height: number;
  /** Of its first line, where words and numbers stand; less than `height` where the row has grown. */
  readonly line: number;
  /** The first row of a stage carries its name. */
  readonly isFirst: boolean;
  /** The stage that it belongs to. */
  readonly stage: number;
  /** The layers that it stands for, [first, end): one, or all those of a folded stage. */
  readonly first: number;
  readonly end: number;
}

export interface RowLayout {
  readonly rows: readonly SheetRow[];
  readonly height: number;
}

/** Layers [first, end) of one resolution. */
export interface Stage {
  readonly first: number;
  readonly end: number;
}

const ROW = 34;
const COMPACT_ROW = 22;
const BETWEEN = 8;
/** What a finger can hit. */
export const FINGER = 44;
/** From this many rows on they are compact. */
const MANY = 24;
/** From this many layers on a network opens folded but for its first stage. */
const TOO_MANY = 60;

/** The runs of one resolution, in order. */
export function stagesOf(resolutions: readonly number[]): readonly Stage[] {
  const starts = [...resolutions.keys()].filter((i) => resolutions[i] !== resolutions[i - 1]);
  return starts.map((first, stage) => ({ first, end: starts[stage + 1] ?? resolutions.length }));
}

/** The stages that a network opens folded: none of one that can be looked over. */
export function foldedAtFirst(resolutions: readonly number[]): ReadonlySet<number> {
  if (resolutions.length < TOO_MANY) return new Set();
  return new Set([...stagesOf(resolutions).keys()].slice(1));
}

/** A layer whose row has grown to several lines. */
export interface Grown {
  readonly layer: number;
  readonly lines: number;
}

/**
 * Stacks the rows; a change of stage opens a gap.
 * @param folded — stages that are one row each
 * @param least — height of a row, CSS pixels
 */
export function layoutRows(
  resolutions: readonly number[],
  folded: ReadonlySet<number> = new Set(),
  least = 0,
  grown: Grown | null = null,
): RowLayout {
  const places = stagesOf(resolutions).flatMap(({ first, end }, stage) =>
    folded.has(stage)
      ? [{ stage, isFirst: true, first, end }]
      : Array.from({ length: end - first }, (_, i) => ({
          stage,
          isFirst: i === 0,
          first: first + i,
          end: first + i + 1,
        })),
  );
  const height = Math.max(least, places.length >= MANY ? COMPACT_ROW : ROW);
  let y = 0;
  const rows = places.map((place, i): SheetRow => {
    if (place.isFirst && i > 0) y += BETWEEN;
    const isGrown = place.first === grown?.layer && !isFolded(place);
    const line = isGrown ? ZOOM_LINE : height;
    const row = {
      ...place,
      top: y,
      line,
      height: isGrown ? Math.max(height, grown.lines * line) : height,
    };
    y += row.height;
    return row;
  });
  return { rows, height: y };
}

/** True where a row stands for a whole stage. */
export function isFolded({ first, end }: Pick<SheetRow, "first" | "end">): boolean {
  return end - first > 1;
}

/** The row in which a layer is; −1 for none. */
export function rowOfLayer({ rows }: RowLayout, layer: number | null): number {
  return layer === null ? -1 : rows.findIndex(({ first, end }) => layer >= first && layer < end);
}

/** Neighbouring rows [first, end) with the span that they cover. */
export interface RowGroup {
  readonly first: number;
  readonly end: number;
  readonly top: number;
  readonly height: number;
}

/** Rows a group: the browser looks at each group to know whether it is in sight. */
const GROUP = 12;

/** Cuts the rows into groups that a browser can leave out whole. */
export function groupsOf({ rows }: RowLayout): readonly RowGroup[] {
  const groups: RowGroup[] = [];
  for (let first = 0; first < rows.length; first += GROUP) {
    const end = Math.min(rows.length, first + GROUP);
    const [head, last] = [rows[first], rows[end - 1]];
    if (head === undefined || last === undefined) continue;
    groups.push({ first, end, top: head.top, height: last.top + last.height - head.top });
  }
  return groups;
}

/** The row at that height, or the nearest one within the gap between resolutions; null outside. */
export function rowAt({ rows, height }: RowLayout, y: number): number | null {
  if (y < 0 || y >= height || rows.length === 0) return null;
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle]?.top ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows that touch the span from `from` to `to`, as indices [first, end). */
export function rowsWithin(
  layout: RowLayout,
  from: number,
  to: number,
): readonly [first: number, end: number] {
  const first = rowAt(layout, Math.max(0, from)) ?? 0;
  const last = rowAt(layout, Math.min(layout.height - 1, to)) ?? layout.rows.length - 1;
  return [first, Math.min(layout.rows.length, last + 1)];
}

export interface Columns {
  readonly resolution: { readonly x: number; readonly width: number };
  readonly name: { readonly x: number; readonly width: number };
  readonly wires: { readonly x: number; readonly width: number };
  /** Null where there is no room for it. */
  readonly bar: { readonly x: number; readonly width: number } | null;
  /** Right edge of "n / of". */
  readonly count: { readonly x: number; readonly width: number };
  /** The lock, right of the numbers; null where there is no room for it. */
  readonly lock: { readonly x: number; readonly width: number } | null;
  readonly curve: { readonly x: number; readonly width: number } | null;
  readonly within: { readonly x: number; readonly width: number } | null;
}

/** Width of a letter or a digit, CSS pixels. */
const LETTER = 7.4;
/** Of a stage's resolution with its chevron, and of the chevron alone. */
const STAGE = 44;
const CHEVRON = 18;

/** From this width on a panel can take the place of the curves, CSS pixels. */
export const BESIDE = 860;
/** Wider than that, wires would be longer than their leaves. */
export const WIDEST = 1272;
/** What the panel covers of the sheet, with the space in front of it; the rest stands in the margin. */
const PANEL = 232;

/** What a panel covers of a sheet in a box of that width: less where the box is wider than the sheet. */
export function coveredBy(box: number): number {
  return box < BESIDE ? 0 : Math.max(0, PANEL - Math.max(0, box - WIDEST));
}

/**
 * Places the columns for a sheet of that width, names of at most that many characters, and layers of at
 * most that many channels.
 */
export function layoutColumns(width: number, longestName: number, mostChannels: number): Columns {
  const isNarrow = width < 560;
  // "112 / 112", the first in bold, and the space in front of it.
  const countWidth = Math.max(64, Math.ceil((2 * String(mostChannels).length + 3) * LETTER) + 14);
  const resolution = { x: 0, width: isNarrow ? CHEVRON : STAGE };
  const name = {
    x: resolution.width,
    width: Math.min(isNarrow ? 112 : 132, Math.max(52, Math.ceil(longestName * LETTER) + 16)),
  };
  const wiresAt = name.x + name.width;
  if (isNarrow) {
    const count = { x: width - countWidth, width: countWidth };
    const wires = { x: wiresAt, width: Math.max(40, count.x - wiresAt) };
    return { resolution, name, wires, bar: null, count, lock: null, curve: null, within: null };
  }
  const tight = width < 760;
  const within = { x: width - 49, width: 49 };
  const curve = { x: within.x - (tight ? 96 : 123), width: tight ? 88 : 115 };
  const count = { x: curve.x - (tight ? 20 : 32) - countWidth, width: countWidth };
  const lock = { x: count.x + count.width + 1, width: tight ? 19 : 24 };
  const bar = { x: count.x - (tight ? 64 : 124), width: tight ? 64 : 124 };
  const wires = { x: wiresAt, width: Math.max(40, bar.x - (tight ? 20 : 33) - wiresAt) };
  return { resolution, name, wires, bar, count, lock, curve, within };
}

/**
 * The columns beside a panel that has taken the place of the curves: what is kept moves together where it has to, and
 * the wires stay where they are, so that no leaf jumps.
 * @param covered — of the sheet by the panel, CSS pixels
 */
export function besidePanel(columns: Columns, width: number, covered: number): Columns {
  const { bar, wires, lock } = columns;
  if (bar === null || covered <= 0) return columns;
  const lockWidth = lock?.width ?? 0;
  const end = width - covered - lockWidth - 4;
  const free = { ...columns, curve: null, within: null };
  if (columns.count.x + columns.count.width <= end) return free;
  const count = { x: end - columns.count.width, width: columns.count.width };
  const from = wires.x + wires.width + 16;
  return {
    ...free,
    bar: { x: from, width: Math.min(bar.width, count.x - 4 - from) },
    count,
    lock: lock === null ? null : { x: end + 1, width: lockWidth },
  };
}
