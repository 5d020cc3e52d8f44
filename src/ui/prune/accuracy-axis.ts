/** @file The vertical axis above the slider: the baseline at the top, at most thirty points below. */

interface Placed {
  readonly accuracy: number;
}

const LEAST_SPAN = 0.05;
const MOST_SPAN = 0.3;

/** A place on the axis; what lies below the axis stands at its foot and says so. */
export interface Place {
  /** Share of the axis from the top. */
  readonly top: number;
  readonly isBelow: boolean;
}

/** Places an accuracy on the axis of all measured ones. */
export function placeAccuracy(
  accuracy: number,
  dots: readonly Placed[],
  base: number | null,
): Place {
  const all = dots.map((dot) => dot.accuracy);
  const top = Math.max(base ?? accuracy, ...all);
  const within = all.filter((value) => value >= top - MOST_SPAN);
  const span = Math.max(LEAST_SPAN, top - Math.min(top, ...within));
  const place = (top - accuracy) / span;
  return { top: Math.min(1, Math.max(0, place)), isBelow: place > 1 + 1e-9 };
}
