/**
 * @file Where the channels of a pixel lie. A pixel takes a multiple of 4 floats; positions that no
 * channel has always hold zero, so that kernels may work on whole vectors and add nothing by it.
 *
 * Example: concat of 3 and 5 channels: [0 1 2 · | 3 4 5 6 7 · · ·], physical 12, map 0 1 2 4 5 6 7 8.
 */
import { invariant } from "../../core/index.ts";

export interface Layout {
  /** Floats of a pixel, a multiple of 4. */
  readonly physical: number;
  /** The position of each channel. */
  readonly map: readonly number[];
}

/** The next multiple of 4. */
export function padded(channels: number): number {
  return Math.ceil(channels / 4) * 4;
}

/** Channels one after the other. */
export function compact(channels: number): Layout {
  return { physical: padded(channels), map: Array.from({ length: channels }, (_, c) => c) };
}

/** Every group starts at a multiple of 4, so that no group's vectors reach into the next. */
export function grouped(channels: number, groups: number): Layout {
  const part = channels / groups;
  return sideBySide(Array.from({ length: groups }, () => compact(part)));
}

/** The layouts one behind the other. */
export function sideBySide(layouts: readonly Layout[]): Layout {
  const map: number[] = [];
  let physical = 0;
  for (const layout of layouts) {
    for (const position of layout.map) map.push(physical + position);
    physical += layout.physical;
  }
  return { physical, map };
}

/** All pixels of a map, `stride` floats apart, as one: feature p·c + k is channel k of pixel p. */
export function unrolled({ map }: Layout, pixels: number, stride: number): Layout {
  const all: number[] = [];
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (const position of map) all.push(pixel * stride + position);
  }
  return { physical: pixels * stride, map: all };
}

export function isCompact(layout: Layout): boolean {
  return (
    layout.physical === padded(layout.map.length) &&
    layout.map.every((position, c) => position === c)
  );
}

export function sameLayout(a: Layout, b: Layout): boolean {
  return (
    a.physical === b.physical &&
    a.map.length === b.map.length &&
    a.map.every((position, c) => position === b.map[c])
  );
}

/**
 * For every position of `to`, the position of `from` whose value it takes; −1 where it is zero.
 * @param selection — the channel of `from` that each channel of `to` is; by default the same one
 */
export function gatherTable(
  from: Layout,
  to: Layout,
  selection?: readonly number[],
): readonly number[] {
  const table = Array.from({ length: to.physical }, () => -1);
  to.map.forEach((position, c) => {
    const source = selection === undefined ? c : (selection[c] ?? -1);
    if (source >= 0) table[position] = from.map[source] ?? -1;
  });
  return table;
}

/** Where each of `sources` positions goes; −1 for nowhere. No position may go to two places. */
export function inverseTable(gather: readonly number[], sources: number): readonly number[] {
  const inverse = Array.from({ length: sources }, () => -1);
  gather.forEach((source, position) => {
    if (source < 0) return;
    invariant(inverse[source] === -1, `position ${source} is gathered twice`);
    inverse[source] = position;
  });
  return inverse;
}

/**
 * The positions at which the groups start, when every group can be worked on by itself: its channels
 * follow each other from a multiple of 4 on, and the vectors of all groups together fill the pixel.
 */
export function groupStarts(layout: Layout, groups: number): readonly number[] | undefined {
  const part = layout.map.length / groups;
  if (padded(part) * groups !== layout.physical) return undefined;
  const starts = Array.from({ length: groups }, (_, g) => layout.map[g * part] ?? -1);
  const inOrder = layout.map.every(
    (position, c) => position === (starts[Math.floor(c / part)] ?? -1) + (c % part),
  );
  return inOrder && starts.every((start) => start % 4 === 0) ? starts : undefined;
}
