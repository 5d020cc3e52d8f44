/**
 * @file One threshold for all channels that are ranked together: their scores in one line, the lowest
 * go. By default that is the whole network; see `scope.ts` for smaller pools.
 *
 * thr = sorted[⌊total · ratio⌋], keep where score > thr. Liu et al. 2017 ("Network Slimming"), §3, as
 * in the authors' Python code (`vggprune.py`). That takes one channel more than ⌊total · ratio⌋, and
 * more still where scores are equal; it is the mode "reference". The mode "exact" takes exactly
 * ⌊total · ratio⌋, as the authors' first (Lua) code does. Either takes a prefix of the line.
 *
 * Example: scores [.3, .1, .1, .9], ratio .25 → exact takes 1 (channel 2), reference takes 2
 * (thr = sorted[1] = .1, and both are ≤ .1).
 */
import { AppError, known } from "../../core/index.ts";
import type { Pool } from "../ranking.ts";

/** How a ratio becomes a number of channels. */
export type ThresholdMode = "exact" | "reference";

/** The lowest channels of every pool. */
export interface GlobalThreshold {
  readonly kind: "global-threshold";
  /** In [0, 1). */
  readonly ratio: number;
  /** "exact" unless said otherwise. */
  readonly mode?: ThresholdMode | undefined;
}

/**
 * How many channels go, from the front of the line, before any guard.
 * @param ratio — in [0, 1)
 * @throws prune/bad-ratio
 */
export function countBelow({ sorted }: Pool, ratio: number, mode: ThresholdMode): number {
  checkRatio(ratio);
  // Below total for every double below 1, as rounding never carries n · (1 − 2⁻⁵³) up to n.
  const index = Math.floor(sorted.length * ratio);
  return mode === "exact" ? index : upperBound(sorted, known(sorted[index], "threshold"));
}

/**
 * Refuses what is no ratio.
 * @throws prune/bad-ratio
 */
export function checkRatio(ratio: number, where = "ratio"): void {
  if (ratio >= 0 && ratio < 1) return;
  throw new AppError("prune/bad-ratio", {
    where,
    expected: "a number from 0 up to, but not including, 1",
    found: String(ratio),
  });
}

/** How many of the ascending values are ≤ `limit`. */
export function upperBound(sorted: Float64Array, limit: number): number {
  return countWhile(sorted, (value) => value <= limit);
}

/** How many of the ascending values are < `limit`. */
export function lowerBound(sorted: Float64Array, limit: number): number {
  return countWhile(sorted, (value) => value < limit);
}

/** How many values there are from the front up to the first that is not counted. */
function countWhile(sorted: Float64Array, counts: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (counts(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
