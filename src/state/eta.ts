/**
 * @file Time left, from what has been done so far. Says nothing before enough has been seen, since
 * a wrong number at the start is worse than none.
 */

/** A guess from less is mostly wrong, and gone before it is read; seconds. */
const LEAST_SEEN = 2;

/**
 * Seconds to go at the mean speed so far.
 * @returns null in the first two seconds and before 2 % is done
 */
export function secondsLeft(done: number, total: number, elapsed: number): number | null {
  if (!(total > 0) || !(done > 0) || elapsed < LEAST_SEEN || done / total < 0.02) return null;
  return Math.max(0, (elapsed * (total - done)) / done);
}
