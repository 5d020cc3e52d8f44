/**
 * @file The gap between dead and living channels. After sparse training the scores fall into two heaps,
 * and all of the lower one can go for nothing; the gap's edge is the number that people look for.
 * Ours; see docs/methods/allocation.md.
 *
 * The gap is the widest stretch of log₁₀(score) that holds at most 1 % of all scores, so that a few
 * stragglers in the middle do not hide it; its edges are those of the widest single step in there. It
 * counts as clear from one decade on. Scores are floored at 1e-6 of
 * the largest, since what is that small is dead, however small; at least 5 % must lie above the gap, so
 * that a few giants do not make all others look dead.
 *
 * Example: scores 1e-7 … 1e-7 (60 of them), 0.1 … 1 (40) → ratio 0.6, between 1e-7 and 0.1.
 */

export interface Gap {
  /** Share of all channels below the gap, in 0…1. */
  readonly ratio: number;
  /** The largest score below it. */
  readonly low: number;
  /** The smallest score above it. */
  readonly high: number;
}

const STRAGGLERS = 0.01;
const FLOOR = 1e-6;
const LEAST_ABOVE = 0.05;
const LEAST_DECADES = 1;

/**
 * Finds the gap, if there is a clear one; cost O(n).
 * @param sorted — ascending, ≥ 0
 */
export function findGap(sorted: Float64Array): Gap | undefined {
  const total = sorted.length;
  const floor = (sorted[total - 1] ?? 0) * FLOOR;
  if (!(floor > 0)) return undefined;
  const logs = sorted.map((score) => Math.log10(Math.max(score, floor)));
  const reach = 1 + Math.floor(total * STRAGGLERS);
  const last = total - Math.max(1, Math.ceil(total * LEAST_ABOVE));
  const from = widestStep(logs, 0, last - reach, reach);
  if (from < 0 || (logs[from + reach] as number) - (logs[from] as number) < LEAST_DECADES) {
    return undefined;
  }
  const edge = widestStep(logs, from, from + reach - 1, 1);
  return {
    ratio: (edge + 1) / total,
    low: sorted[edge] as number,
    high: sorted[edge + 1] as number,
  };
}

/** The first i of `from` … `to` with the largest logs[i + reach] − logs[i]; −1 when there is none. */
function widestStep(logs: Float64Array, from: number, to: number, reach: number): number {
  let [best, widest] = [-1, -1];
  for (let i = from; i <= to; i++) {
    const width = (logs[i + reach] as number) - (logs[i] as number);
    if (width > widest) [best, widest] = [i, width];
  }
  return best;
}
