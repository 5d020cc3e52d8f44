/**
 * @file How long something takes by a clock that may be coarse: browsers that guard against fingerprinting let
 * theirs move in steps of up to 100 ms. Work is repeated until the clock has moved, from step to step of it, so
 * that a coarse clock costs time and not the figure. It reads no clock itself.
 */

export interface TimingOptions {
  /** Milliseconds from any origin. */
  readonly now: () => number;
  /** Runs at least; by a fine clock there are no more. */
  readonly runs?: number;
  /** How often the clock must have moved by the end of a run. */
  readonly moves?: number;
}

/** A clock that has not moved during so many runs stands still. */
export const MOST_STILL_RUNS = 500;

/**
 * Times work: `runs` times, or more where the clock moves so seldom. The end is always a moment at which the
 * clock has just moved; where the beginning is one, too, as after an earlier timing, the mean is off by less
 * than one run in all.
 * @returns milliseconds a run, > 0; null where the clock stands still
 */
export async function timeRuns(
  work: () => Promise<unknown>,
  { now, runs = 1, moves = runs }: TimingOptions,
): Promise<number | null> {
  const start = now();
  let [done, moved, last, still] = [0, 0, start, 0];
  while (done < runs || moved < moves) {
    await work();
    done++;
    const at = now();
    still = at > last ? 0 : still + 1;
    if (at > last) moved++;
    if (still >= MOST_STILL_RUNS) return null;
    last = at;
  }
  return last > start ? (last - start) / done : null;
}
