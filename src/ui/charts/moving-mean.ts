/**
 * @file The mean of a curve's neighbourhood: single batches scatter so much that their line hides where the
 * run goes. Pure; the curve itself is drawn behind it, on the same axis.
 */

interface Valued {
  readonly step: number;
  readonly value: number;
}

/** A run is looked at through about so many windows side by side. */
const WINDOWS = 10;

/** How wide the window of a run of so many steps is: 1, 2 or 5 times a power of ten, in steps. */
export function windowOf(steps: number): number {
  const most = Math.max(1, steps / WINDOWS);
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([5, 2].find((factor) => factor * power <= most) ?? 1);
}

/**
 * The mean of all points that are at most half a window away, for every point; at both ends of what is there.
 * @param points — ascending by step
 */
export function movingMean(points: readonly Valued[], window: number): readonly number[] {
  let [from, to] = [0, 0];
  return points.map(({ step }) => {
    while ((points[from]?.step ?? step) < step - window / 2) from++;
    while (to < points.length && (points[to]?.step ?? step) <= step + window / 2) to++;
    const near = points.slice(from, to);
    // Summed anew: of a loss that has exploded a running sum would never be rid.
    return near.reduce((sum, { value }) => sum + value, 0) / near.length;
  });
}
