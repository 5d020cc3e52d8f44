/**
 * @file The axis of the BN scales in training. It begins where scales usually lie and only widens, by a quarter
 * of a decade at a time, so that bars seldom jump, and never back. Pure.
 */
import { decades, placeOf, scoreAt, type Axis } from "../charts/histogram.ts";
import { score, THIN } from "../format.ts";

/** From a ten-thousandth to 1.8. */
export const LIVE_AXIS: Axis = { low: -4, high: 0.25 };

/** Decades by which it widens. */
const STEP = 0.25;

/**
 * The axis with room for all of these scales.
 * @returns the same one where there is room already; what is not finite is passed over
 */
export function widened(axis: Axis, scales: ArrayLike<number>): Axis {
  let largest = 0;
  for (let i = 0; i < scales.length; i++) {
    const size = Math.abs(scales[i] ?? 0);
    if (size > largest && Number.isFinite(size)) largest = size;
  }
  const high = Math.ceil(Math.log10(largest) / STEP) * STEP;
  return high > axis.high ? { ...axis, high } : axis;
}

/** The scales that the axis names; none at its very left, where the first bar has a name. */
export function namedScales(axis: Axis): readonly number[] {
  return decades({ ...axis, low: axis.low + 0.1 }).map((power) => 10 ** power);
}

/** Of the first bar's name and of half a number, with the space between them, CSS pixels. */
const NAMED = 76;

/**
 * What the first of so many bars is called, which holds all that is smaller, too: it begins at the axis' left end.
 * @param width — of the axis, CSS pixels
 * @returns null where the name would run into the first number
 */
export function lowestName(axis: Axis, bins: number, width: number): string | null {
  const [first = 10 ** axis.high] = namedScales(axis);
  return placeOf(first, axis) * width < NAMED ? null : `≤${THIN}${score(scoreAt(1 / bins, axis))}`;
}
