/**
 * @file The trellis in numbers. Every layer is a wire, every channel a leaf; channels stand right and
 * left of the trunk in turn, the largest score nearest to it, every second one below the wire. A leaf's
 * length follows the logarithm of its score. Where a network is too wide for a leaf per channel, a leaf
 * stands for `each` channels, and the page says so.
 */

/** One scale for all wires, so that widths compare. */
export interface TrellisScale {
  /** Channels that one leaf stands for. */
  readonly each: number;
  /** Distance of neighbours on one side, in pixels. */
  readonly pitch: number;
  readonly longest: number;
  readonly shortest: number;
  /** Log scores at the shortest and the longest leaf. */
  readonly low: number;
  readonly high: number;
}

export interface Leaf {
  /** From the trunk, positive to the right. */
  readonly x: number;
  readonly side: 1 | -1;
  /** −1 above the wire, 1 below. */
  readonly lift: 1 | -1;
}

export const PITCH = 5;
const LEAST_PITCH = 2.5;
const LONGEST = 14.5;
const SHORTEST = 2.6;
/** Gap between the trunk and the first leaf. */
export const TRUNK_GAP = 4;
/** Leaves lean this far from the wire. */
export const LEAN = (50 * Math.PI) / 180;
/** Scores below this share of the largest are all drawn shortest. */
const FLOOR = 1e-3;
/** Bends the scale, so that the kept scores, which are all large, still differ in size. */
const BEND = 1.5;

/**
 * Chooses pitch and leaf size.
 * @param widest — channels of the widest layer
 * @param halfWidth — of a wire, in pixels
 * @param rowHeight — leaves stay within it
 * @param scores — the smallest and the largest score of the network
 */
export function scaleTrellis(
  widest: number,
  halfWidth: number,
  rowHeight: number,
  scores: readonly [least: number, most: number],
): TrellisScale {
  const room = Math.max(LEAST_PITCH, halfWidth - TRUNK_GAP - 6);
  const side = Math.max(1, Math.ceil(widest / 2));
  const each = Math.max(1, Math.ceil((side * LEAST_PITCH) / room));
  const pitch = Math.min(PITCH, room / Math.ceil(side / each));
  const byPitch = 0.45 + 0.55 * (pitch / PITCH);
  const byRow = (0.5 * rowHeight) / (LONGEST * Math.sin(LEAN) + 3);
  const size = Math.min(byPitch, byRow, 1);
  const most = Math.max(scores[1], Number.MIN_VALUE);
  const high = Math.log(most);
  const low = Math.min(high - 1, Math.log(Math.max(scores[0], most * FLOOR, Number.MIN_VALUE)));
  return { each, pitch, longest: LONGEST * size, shortest: SHORTEST * size, low, high };
}

/** Where leaf `index` of a wire grows, counted from the largest score. */
export function placeLeaf(index: number, { pitch }: Pick<TrellisScale, "pitch">): Leaf {
  const side = index % 2 === 0 ? 1 : -1;
  const along = index >> 1;
  return { x: side * (TRUNK_GAP + along * pitch), side, lift: along % 2 === 0 ? -1 : 1 };
}

/** A leaf's length for a score. */
export function leafLength(score: number, scale: TrellisScale): number {
  const { low, high, shortest, longest } = scale;
  const log = score > 0 ? Math.log(score) : low;
  const share = Math.min(1, Math.max(0, (log - low) / (high - low)));
  return shortest + (longest - shortest) * share ** BEND;
}

/** How many leaves a wire of `channels` has, and how many of them stay when `kept` channels do. */
export function leavesOf(
  channels: number,
  kept: number,
  each: number,
): { readonly leaves: number; readonly green: number } {
  return { leaves: Math.ceil(channels / each), green: Math.ceil(kept / each) };
}

/** How far from the trunk the wire's leaves reach on each side, in pixels. */
export function reachOf(leaves: number, { pitch }: Pick<TrellisScale, "pitch">): number {
  return leaves === 0 ? 0 : TRUNK_GAP + Math.ceil(leaves / 2) * pitch;
}
