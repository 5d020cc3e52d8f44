/**
 * @file A row grown to a leaf per channel, however many it has: its wire goes on below itself, line by line, each
 * line with its channels right and left of the trunk in turn. Pure numbers; the other rows keep their size.
 */
import {
  hitLeaf,
  leavesOf,
  scaleTrellis,
  type Point,
  type TrellisScale,
} from "./trellis-geometry.ts";

export interface ZoomedRow {
  /** Of the leaves: one per channel. */
  readonly scale: TrellisScale;
  /** Channels of a whole line; even, so that sides go on from line to line. */
  readonly perLine: number;
  readonly lines: number;
}

/** Height of a line, CSS pixels: room for the largest leaves. */
export const ZOOM_LINE = 32;
/** Wide enough to point at one leaf among its neighbours. */
const ZOOM_PITCH = 7;

/** @param of — channels of the layer */
export function zoomRow(of: number, halfWidth: number, scale: TrellisScale): ZoomedRow {
  const { longest, shortest } = scaleTrellis({
    widest: 2,
    halfWidth,
    rowHeight: ZOOM_LINE,
    scores: [0, 1],
  });
  const onSide = Math.max(4, Math.floor((halfWidth - scale.gap - 8) / ZOOM_PITCH));
  const perLine = 2 * onSide;
  return {
    scale: { ...scale, each: 1, pitch: ZOOM_PITCH, longest, shortest },
    perLine,
    lines: Math.max(1, Math.ceil(of / perLine)),
  };
}

/** On which line a channel is, and which leaf of that line is its. */
export function placeZoomed(
  rank: number,
  { perLine }: Pick<ZoomedRow, "perLine">,
): { readonly line: number; readonly index: number } {
  return { line: Math.floor(rank / perLine), index: rank % perLine };
}

/** Channels of a line, as [first, end) of the ranks. */
export function lineOf(
  line: number,
  of: number,
  { perLine }: Pick<ZoomedRow, "perLine">,
): readonly [first: number, end: number] {
  return [Math.min(of, line * perLine), Math.min(of, (line + 1) * perLine)];
}

/**
 * The channel at a point.
 * @param point — from the trunk and the top of the row
 * @returns its rank; null where no leaf is near
 */
export function hitZoomed({ x, y }: Point, of: number, zoom: ZoomedRow): number | null {
  const line = Math.min(zoom.lines - 1, Math.max(0, Math.floor(y / ZOOM_LINE)));
  const [first, end] = lineOf(line, of, zoom);
  const { leaves } = leavesOf(end - first, 0, 1);
  const leaf = hitLeaf({ x, y: y - (line + 0.5) * ZOOM_LINE }, leaves, zoom.scale);
  return leaf === null ? null : first + leaf;
}
