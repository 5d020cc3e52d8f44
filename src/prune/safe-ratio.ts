/**
 * @file How far one can go without harm, as ratios: to the edge of the gap between dead and living
 * channels, and to where the first guard holds, since a layer would be emptied there (or be cut below
 * its minimum share). Liu et al.'s scripts stop with an error at the second; where the first is, nobody
 * says. Ours.
 *
 * Both follow from how many channels may go from the front of each pool; the pool with the least of them
 * decides. What a ratio takes depends on the mode: "exact" takes k of n at k / n, "reference" at least
 * one more, and all that tie with it.
 *
 * Example: scores 1 2 2 9, of which the 9 must stay → exact .75, reference .5: at .5 the threshold is the
 * third score, 2, and all three go. Were the second 2 to stay as well, reference could go no further
 * than 0, which takes the 1.
 */
import { known } from "../core/index.ts";
import { lowerBound, upperBound, type ThresholdMode } from "./allocate/global-threshold.ts";
import type { PreparedPruning } from "./prepare.ts";
import type { Pool } from "./ranking.ts";

export interface SafeRatios {
  /**
   * The ratio that takes all below the gap, and nothing above it; nothing where there is no gap, or
   * where every ratio takes more. Rounding widths comes after and may take more or less.
   */
  readonly free: number | undefined;
  /** The ratio that takes all it can before a guard holds; nothing where one holds at any ratio. */
  readonly guard: number | undefined;
}

/** Both ratios as `planAt` means them in a mode; cost O(log n) a pool. */
export function safeRatios(
  { ranking: { pools }, lines, gap }: PreparedPruning,
  mode: ThresholdMode = "exact",
): SafeRatios {
  const unguarded = pools.map(({ order }) => order.length);
  for (const { pool, ranks, size, least } of lines) {
    // The first protected channel of a line ends the free part of its pool.
    const first = known(ranks[size - least], "protected channel");
    unguarded[pool] = Math.min(known(unguarded[pool], "pool"), first);
  }
  return {
    free: gap && ratioTaking(pools, (pool) => upperBound(pool.sorted, gap.low), mode),
    guard: ratioTaking(pools, (_, index) => known(unguarded[index], "pool"), mode),
  };
}

/** The ratio that takes all it can, but at most so many from the front of each pool. */
function ratioTaking(
  pools: readonly Pool[],
  mostOf: (pool: Pool, index: number) => number,
  mode: ThresholdMode,
): number | undefined {
  const ratios = pools.map((pool, index) => {
    const most = mostOf(pool, index);
    const next = pool.sorted[most];
    if (next === undefined) return 1;
    // In reference mode the threshold itself goes, so it must be less than what stays.
    const count = mode === "exact" ? most : lowerBound(pool.sorted, next) - 1;
    return count / pool.sorted.length;
  });
  const least = Math.min(...ratios);
  return least < 0 ? undefined : least;
}
