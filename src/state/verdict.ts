/**
 * @file What must be said of a cut before anybody trusts it: that its scores tell no channel from another, or that
 * what is left of the network only guesses. Pure.
 */

/** Scores nearer to each other than this share of the largest differ by the noise of float32 sums. */
const NOISE = 1e-6;

/**
 * True where all scores are equal but for rounding, as the BN scales of a network are that nobody has trained.
 * @param sorted — ascending
 */
export function areTied(sorted: ArrayLike<number>): boolean {
  const least = sorted[0];
  const largest = sorted[sorted.length - 1];
  if (least === undefined || largest === undefined || sorted.length < 2) return false;
  return largest - least <= NOISE * Math.max(Math.abs(least), Math.abs(largest));
}

/** What an uncut network must be better than chance by to have anything to lose, as a share of the images. */
const LEAST_SKILL = 0.05;
/** A network that keeps less of its distance from chance than this guesses. */
const LEAST_KEPT = 0.1;

interface Judged {
  /** Of the cut network. */
  readonly accuracy: number;
  /** Of the uncut one, on the same images as far as there are any. */
  readonly base: number;
  readonly classes: number;
}

/** True where a cut has brought the accuracy down to about that of guessing, 1 / classes. */
export function isGuessing({ accuracy, base, classes }: Judged): boolean {
  const chance = 1 / Math.max(1, classes);
  const skill = base - chance;
  return skill >= LEAST_SKILL && accuracy - chance < LEAST_KEPT * skill;
}
