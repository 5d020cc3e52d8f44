/**
 * @file Time left, from the pace of what was done last: the first layer of a sweep or the first megabyte is seldom
 * like the rest. Says nothing before enough has been seen, since a wrong number at the start is worse than none.
 */

/** A guess from less is mostly wrong, and gone before it is read; seconds. */
const LEAST_SEEN = 2;
/** Of so many looks the median counts, so that one that was held up says nothing. */
const RECENT = 15;
/** Two looks are at least so far apart, seconds. */
const APART = 0.1;

export interface Reckoning {
  /**
   * Seconds to go at the pace of the last looks.
   * @param elapsed — seconds since the work began; does not fall from call to call
   * @returns null in the first two seconds and before 2 % is done
   */
  secondsLeft(done: number, total: number, elapsed: number): number | null;
}

export function createReckoning(): Reckoning {
  const paces: number[] = [];
  let last = { done: 0, at: 0 };
  return {
    secondsLeft: (done, total, elapsed) => {
      if (done > last.done && elapsed - last.at >= APART) {
        paces.push((elapsed - last.at) / (done - last.done));
        if (paces.length > RECENT) paces.shift();
        last = { done, at: elapsed };
      }
      if (!(total > 0) || elapsed < LEAST_SEEN || done / total < 0.02) return null;
      const middle = paces.toSorted((a, b) => a - b)[paces.length >> 1];
      return middle === undefined ? null : Math.max(0, middle * (total - done));
    },
  };
}
