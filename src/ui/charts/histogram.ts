/**
 * @file Scores in bins over a logarithmic axis. What is zero or smaller than a millionth of the
 * largest score stands in the first bin: it is dead, however small.
 */

export interface Bins {
  /** Log₁₀ of the left and right ends. */
  readonly low: number;
  readonly high: number;
  readonly counts: Int32Array;
  readonly most: number;
}

const FLOOR = 1e-6;

/** The ends of the axis for these scores, a little wider than they are. */
export function axisFor(sorted: ArrayLike<number>): readonly [low: number, high: number] {
  const largest = sorted[sorted.length - 1] ?? 0;
  if (!(largest > 0)) return [-3, 0];
  let smallest = largest;
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] ?? 0;
    if (value > largest * FLOOR) {
      smallest = value;
      break;
    }
  }
  const [low, high] = [Math.log10(smallest), Math.log10(largest)];
  const margin = Math.max(0.05, (high - low) * 0.02);
  return high - low < 0.5 ? [high - 0.75, high + 0.25] : [low - margin, high + margin];
}

/** Which bin a score falls in. */
export function binOf(score: number, low: number, high: number, bins: number): number {
  if (!(score > 0)) return 0;
  const at = Math.floor(((Math.log10(score) - low) / (high - low)) * bins);
  return Math.min(bins - 1, Math.max(0, at));
}

/** Counts the scores, in any order. */
export function countBins(
  scores: ArrayLike<number>,
  bins: number,
  [low, high]: readonly [number, number],
): Bins {
  const counts = new Int32Array(bins);
  let most = 0;
  for (let i = 0; i < scores.length; i++) {
    const bin = binOf(Math.abs(scores[i] ?? 0), low, high, bins);
    const n = (counts[bin] ?? 0) + 1;
    counts[bin] = n;
    if (n > most) most = n;
  }
  return { low, high, counts, most };
}

/** The place of a score on the axis, in 0…1. */
export function placeOf(score: number, { low, high }: Pick<Bins, "low" | "high">): number {
  if (!(score > 0)) return 0;
  return Math.min(1, Math.max(0, (Math.log10(score) - low) / (high - low)));
}

/** The score at a place on the axis. */
export function scoreAt(place: number, { low, high }: Pick<Bins, "low" | "high">): number {
  return 10 ** (low + Math.min(1, Math.max(0, place)) * (high - low));
}

/** Powers of ten on the axis. */
export function decades({ low, high }: Pick<Bins, "low" | "high">): readonly number[] {
  const ticks: number[] = [];
  const step = high - low > 5 ? 2 : 1;
  for (let power = Math.ceil(low - 1e-9); power <= high + 1e-9; power++) {
    if ((power - Math.floor(high)) % step === 0) ticks.push(power);
  }
  return ticks;
}
