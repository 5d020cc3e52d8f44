/** @file How well a network does on labelled images, and how sure that is. */

/** Correct answers with their uncertainty. */
export interface Evaluation {
  readonly count: number;
  readonly correct: number;
  /** correct / count, in 0…1. */
  readonly accuracy: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** 95 % Wilson score interval of `accuracy` (Wilson 1927). */
  readonly interval: readonly [low: number, high: number];
}

const Z95 = 1.959963984540054;

/** 95 % Wilson score interval of a share; unlike the normal one it stays inside 0…1. */
export function wilson(correct: number, count: number): readonly [number, number] {
  if (count === 0) return [0, 1];
  const share = correct / count;
  const z2 = (Z95 * Z95) / count;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = (Z95 / (1 + z2)) * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count));
  // At shares of 0 and 1 a bound is the share itself, which rounding would miss by a hair.
  return [Math.min(share, Math.max(0, middle - half)), Math.max(share, Math.min(1, middle + half))];
}

/** Builds an evaluation from sums. */
export function evaluationOf(count: number, correct: number, lossSum: number): Evaluation {
  return {
    count,
    correct,
    accuracy: count === 0 ? 0 : correct / count,
    loss: count === 0 ? 0 : lossSum / count,
    interval: wilson(correct, count),
  };
}
