/**
 * @file What zero-padding does to a constant. Under a window that reaches beyond the map, a channel that
 * says v everywhere says 0 outside; so a convolution makes one number of it inside, and others along the
 * border.
 *
 * Example: 3 × 3 taps of 1, v = 1, one pixel of padding: 9 inside, 6 along the edges, 4 in the corners.
 * The constant is 9, the worst error 5.
 */
import { known, type Shape } from "../core/index.ts";
import type { Window } from "../model/index.ts";

/** Which rows and columns of a map are not even: a pixel is when neither of its two is marked. */
export interface Unevenness {
  readonly rows: Uint8Array;
  readonly columns: Uint8Array;
}

/** What a convolution makes of constants. */
export interface Bordered extends Unevenness {
  /** By output channel: inside; or the mean over the map where no pixel is inside. */
  readonly constant: Float64Array;
  /** By output channel: the largest distance from that. */
  readonly worst: Float64Array;
}

/** The taps [from, to) of a window that meet a real pixel. */
type Span = readonly [from: number, to: number];

/**
 * Adds up what each place of the window sees.
 * @param taps — `[kh · kw][channels]`: what each tap makes of the constants
 */
export function borderOf(
  window: Window,
  input: Shape,
  output: Shape,
  taps: Float64Array,
): Bordered {
  const { size, stride, padding } = window;
  const [rows, columns] = ([0, 1] as const).map((axis) =>
    Array.from({ length: known(output[axis], "output map") }, (_, at): Span => {
      const start = at * stride[axis] - known(padding[2 * axis], "padding");
      const length = known(input[axis], "input map");
      return [Math.max(0, -start), Math.min(size[axis], length - start)];
    }),
  ) as [Span[], Span[]];
  const channels = taps.length / (size[0] * size[1]);
  const sums = [...distinct(rows)].flatMap(([row, rowCount]) =>
    [...distinct(columns)].map(([column, columnCount]) => ({
      pixels: rowCount * columnCount,
      isInside: isWhole(row, size[0]) && isWhole(column, size[1]),
      sum: sumOver(taps, channels, size[1], [row, column]),
    })),
  );
  const inside = sums.find(({ isInside }) => isInside);
  const total = sums.reduce((count, { pixels }) => count + pixels, 0);
  const constant =
    inside?.sum ??
    new Float64Array(channels).map((_, j) =>
      sums.reduce((mean, { pixels, sum }) => mean + ((sum[j] as number) * pixels) / total, 0),
    );
  const worst = constant.map((value, j) =>
    sums.reduce((most, { sum }) => Math.max(most, Math.abs((sum[j] as number) - value)), 0),
  );
  const uneven = (spans: readonly Span[], whole: number): Uint8Array =>
    Uint8Array.from(spans, (span) => (isWhole(span, whole) ? 0 : 1));
  return { constant, worst, rows: uneven(rows, size[0]), columns: uneven(columns, size[1]) };
}

/** Where a window meets what is uneven; real pixels alone, padding is not looked at. */
export function spreadUnevenness(
  { size, stride, padding }: Window,
  { rows, columns }: Unevenness,
  output: Shape,
): Unevenness {
  const along = (axis: 0 | 1, marks: Uint8Array): Uint8Array =>
    Uint8Array.from({ length: known(output[axis], "output map") }, (_, at) => {
      const start = at * stride[axis] - known(padding[2 * axis], "padding");
      return marks.subarray(Math.max(0, start), start + size[axis]).includes(1) ? 1 : 0;
    });
  return { rows: along(0, rows), columns: along(1, columns) };
}

/** The share of a map's pixels that are uneven. */
export function unevenShare({ rows, columns }: Unevenness): number {
  const even = (marks: Uint8Array): number => marks.filter((mark) => mark === 0).length;
  return 1 - (even(rows) * even(columns)) / (rows.length * columns.length);
}

/** Equal spans once, with how many there are. */
function distinct(spans: readonly Span[]): ReadonlyMap<Span, number> {
  const found = new Map<string, [Span, number]>();
  for (const span of spans) {
    const before = found.get(span.join());
    found.set(span.join(), [span, (before?.[1] ?? 0) + 1]);
  }
  return new Map(found.values());
}

const isWhole = ([from, to]: Span, size: number): boolean => from === 0 && to === size;

function sumOver(
  taps: Float64Array,
  channels: number,
  width: number,
  [rows, columns]: readonly [Span, Span],
): Float64Array {
  const sum = new Float64Array(channels);
  for (let y = rows[0]; y < rows[1]; y++) {
    for (let x = columns[0]; x < columns[1]; x++) {
      const at = (y * width + x) * channels;
      for (let j = 0; j < channels; j++) sum[j] = (sum[j] as number) + (taps[at + j] as number);
    }
  }
  return sum;
}

/** Uneven where any of the maps is. */
export function merged(maps: readonly Unevenness[]): Unevenness {
  const either = (of: (map: Unevenness) => Uint8Array): Uint8Array =>
    maps.map(of).reduce((all, marks) => all.map((mark, i) => mark | (marks[i] as number)));
  return { rows: either(({ rows }) => rows), columns: either(({ columns }) => columns) };
}

/** A vector made of a map: off in its only place when the map was anywhere. */
export function asPoint({ rows, columns }: Unevenness): Unevenness {
  const mark = Uint8Array.of(rows.includes(1) || columns.includes(1) ? 1 : 0);
  return { rows: mark, columns: mark };
}
