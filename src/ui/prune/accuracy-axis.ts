/**
 * @file The vertical axis above the slider: the best accuracy at the top, at most thirty points below it at the foot.
 * What is worse stands below the foot, closer together: a collapse is no plateau, and leaves the points that
 * matter their room.
 */
interface Placed {
  readonly accuracy: number;
}

const LEAST_SPAN = 0.05;
const MOST_SPAN = 0.3;
/** The share of the axis from the top to the foot, where something stands below that. */
const FOOT = 0.8;

/** What the axis shows, as accuracies. */
export interface AccuracyRange {
  readonly top: number;
  readonly foot: number;
  /** The worst one; at the foot unless the axis goes on below it. */
  readonly least: number;
}

/** The range of an axis that shows all measured points. */
export function rangeOf(dots: readonly Placed[], base: number | null): AccuracyRange {
  const all = dots.map((dot) => dot.accuracy);
  const top = Math.max(base ?? 0, ...all);
  const within = all.filter((value) => value >= top - MOST_SPAN);
  const lowest = Math.min(top, ...all);
  const isBelow = lowest < top - MOST_SPAN;
  const span = isBelow ? MOST_SPAN : Math.max(LEAST_SPAN, top - Math.min(top, ...within));
  return { top, foot: top - span, least: Math.min(lowest, top - span) };
}

/** True where points stand below the foot. */
export function isBroken({ foot, least }: AccuracyRange): boolean {
  return least < foot - 1e-9;
}

/** Where an accuracy stands, as a share of the axis from the top. */
export function placeOn(range: AccuracyRange, accuracy: number): number {
  const { top, foot, least } = range;
  const at = (top - accuracy) / (top - foot);
  const reach = isBroken(range) ? FOOT : 1;
  if (at <= 1) return Math.max(0, at) * reach;
  if (!isBroken(range)) return 1;
  return Math.min(1, FOOT + (1 - FOOT) * ((foot - accuracy) / (foot - least)));
}

/** A point of the line through the dots. */
export interface LinePoint {
  readonly ratio: number;
  readonly accuracy: number;
}

/** The points that the line goes through: the dots, and where it crosses the foot, at which it bends. */
export function bendsOf(range: AccuracyRange, dots: readonly LinePoint[]): readonly LinePoint[] {
  const { foot } = range;
  return dots.flatMap((dot, i) => {
    const before = dots[i - 1];
    if (before === undefined || (before.accuracy - foot) * (dot.accuracy - foot) >= 0) return [dot];
    const share = (before.accuracy - foot) / (before.accuracy - dot.accuracy);
    const ratio = before.ratio + (dot.ratio - before.ratio) * share;
    return [{ ratio, accuracy: foot }, dot];
  });
}
