/** @file What a sensitivity curve says: how much of one layer can go before a point is lost. */

/** Accuracy at one ratio of one group's curve. */
export interface CurveSample {
  readonly ratio: number;
  readonly accuracy: number;
  /** 95 % interval of the accuracy, from how many images it was measured on. */
  readonly interval?: readonly [number, number];
}

/** The points with one more, ascending by ratio; an older point of the same ratio is replaced. */
export function insertSample(
  samples: readonly CurveSample[],
  sample: CurveSample,
): readonly CurveSample[] {
  const others = samples.filter(({ ratio }) => ratio !== sample.ratio);
  return [...others, sample].sort((a, b) => a.ratio - b.ratio);
}

/**
 * The ratio up to which the curve stays within `drop` of `base`, between two points by a straight
 * line. The curve starts at (0, base).
 * @returns null without points
 */
export function within(samples: readonly CurveSample[], base: number, drop: number): number | null {
  if (samples.length === 0) return null;
  const floor = base - drop;
  let before: CurveSample = { ratio: 0, accuracy: base };
  for (const sample of samples) {
    if (sample.accuracy < floor) {
      const share = (before.accuracy - floor) / (before.accuracy - sample.accuracy);
      return before.ratio + (sample.ratio - before.ratio) * share;
    }
    before = sample;
  }
  return before.ratio;
}

/**
 * Accuracy at a ratio between measured points, by straight lines.
 * @param samples — ascending by ratio
 * @returns null outside the measured range
 */
export function interpolate(samples: readonly CurveSample[], ratio: number): number | null {
  const after = samples.findIndex((sample) => sample.ratio >= ratio);
  const right = samples[after];
  if (right === undefined) return null;
  const left = samples[after - 1];
  if (right.ratio === ratio || left === undefined) {
    return right.ratio === ratio ? right.accuracy : null;
  }
  const share = (ratio - left.ratio) / (right.ratio - left.ratio);
  return left.accuracy + (right.accuracy - left.accuracy) * share;
}
