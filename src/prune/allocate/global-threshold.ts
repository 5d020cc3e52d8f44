/**
 * @file One threshold for the whole network: all scores in one line, the lowest go.
 *
 * thr = sorted[⌊total · ratio⌋], keep where score > thr. Liu et al. 2017 ("Network Slimming"), §3, as
 * in the reference code (METHODS C1). That takes one channel more than ⌊total · ratio⌋, and more
 * still where scores are equal; it is the mode "reference". The mode "exact" takes exactly
 * ⌊total · ratio⌋, as the authors' first (Lua) code does.
 *
 * The line is sorted once. Of equal scores those of an earlier group go first, and within a group
 * those of a higher index, so that of equals the lower index stays. Either mode then takes a prefix of
 * the line: plans at rising ratios are nested.
 *
 * Example: scores [.3, .1, .1, .9], ratio .25 → exact takes 1 (channel 2), reference takes 2
 * (thr = sorted[1] = .1, and both are ≤ .1).
 */
import { AppError, known } from "../../core/index.ts";
import type { Scores } from "../criteria/criterion.ts";
import type { GroupTable } from "../groups.ts";

/** How a ratio becomes a number of channels. */
export type ThresholdMode = "exact" | "reference";

/** All scored channels in the order in which they go. */
export interface Ranking {
  /** Ascending. */
  readonly sorted: Float64Array;
  /** Position → class. */
  readonly order: Int32Array;
  /** Class → position in the line; −1 where the class is not scored. */
  readonly rank: Int32Array;
}

/**
 * Sorts all channels; cost O(n log n), once per set of scores.
 * @throws files/not-finite when a score is NaN or infinite
 */
export function rankScores(table: GroupTable, scores: Scores): Ranking {
  const total = [...scores.values()].reduce((sum, { length }) => sum + length, 0);
  const value = new Float64Array(table.classCount);
  const order = new Int32Array(total);
  let next = 0;
  // Table order, not the map's: the order of equals must not depend on who made the map.
  for (const { id, start } of table.groups) {
    const own = scores.get(id);
    if (own === undefined) continue;
    checkFinite(id, own);
    value.set(own, start);
    for (let i = own.length - 1; i >= 0; i--) order[next++] = start + i;
  }
  // A typed array's sort is stable by specification, so equals stay as they were laid out.
  order.sort((a, b) => (value[a] as number) - (value[b] as number));
  const rank = new Int32Array(table.classCount).fill(-1);
  order.forEach((c, position) => {
    rank[c] = position;
  });
  return { sorted: Float64Array.from(order, (c) => value[c] as number), order, rank };
}

function checkFinite(group: string, scores: Float64Array): void {
  const bad = scores.findIndex((score) => !Number.isFinite(score));
  if (bad < 0) return;
  throw new AppError("files/not-finite", {
    where: `${group} › score of channel ${bad}`,
    found: String(scores[bad]),
  });
}

/**
 * How many channels go, from the front of the line, before any guard.
 * @param ratio — in [0, 1)
 * @throws prune/bad-ratio
 */
export function countBelow({ sorted }: Ranking, ratio: number, mode: ThresholdMode): number {
  checkRatio(ratio);
  // Below total for every double below 1, as rounding never carries n · (1 − 2⁻⁵³) up to n.
  const index = Math.floor(sorted.length * ratio);
  return mode === "exact" ? index : upperBound(sorted, known(sorted[index], "threshold"));
}

/**
 * Refuses what is no ratio.
 * @throws prune/bad-ratio
 */
export function checkRatio(ratio: number): void {
  if (ratio >= 0 && ratio < 1) return;
  throw new AppError("prune/bad-ratio", {
    where: "ratio",
    expected: "a number from 0 up to, but not including, 1",
    found: String(ratio),
  });
}

/** How many of the ascending values are ≤ `limit`. */
function upperBound(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
