/**
 * @file The axis of the BN scales in training. It begins where scales usually lie and only widens, by a quarter
 * of a decade at a time, so that bars seldom jump, and never back. Pure.
 */
import { decades, type Axis } from "../charts/histogram.ts";

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

/** The scales that the axis names; none at its very left, where there is no room for the words. */
export function namedScales(axis: Axis): readonly number[] {
  return decades({ ...axis, low: axis.low + 0.1 }).map((power) => 10 ** power);
}
