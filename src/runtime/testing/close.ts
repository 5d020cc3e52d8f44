/** @file Closeness of two arrays: by the largest value, since a zero has no relative error. */

/**
 * Below this a tensor counts as noise: the gradient by a bias in front of a batch norm is exactly 0,
 * and is computed as what is left of sums that cancel.
 */
const NOISE = 1e-2;

/**
 * The largest difference, as a share of the largest expected value.
 * @returns NaN when a value is, Infinity when the lengths differ
 */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let [worst, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const [a = NaN, e = NaN] = [actual[i], expected[i]];
    const difference = Math.abs(a - e);
    // Math.max would do, were it not for a NaN that must not get lost in a comparison.
    if (Number.isNaN(difference)) return NaN;
    worst = Math.max(worst, difference);
    largest = Math.max(largest, Math.abs(e));
  }
  return worst === 0 ? 0 : worst / Math.max(largest, NOISE);
}
