/**
 * @file What may grow for hours and never holds more than its limit: when it is full, every second point
 * goes and from then on only every second new one comes in, so that the points stay evenly spread
 * from the first step to the last.
 */

export interface Thinned<P> {
  readonly points: readonly P[];
  /** Every how manyth point is kept. */
  readonly every: number;
  /** Points offered so far. */
  readonly seen: number;
}

export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
}

export type Series = Thinned<CurvePoint>;

export const EMPTY_SERIES: Series = { points: [], every: 1, seen: 0 };

/** The most points that a chart is given. */
const SERIES_LIMIT = 500;

/** The series with one more point; points that are not finite are left out. */
export function append(series: Series, point: CurvePoint, limit = SERIES_LIMIT): Series {
  if (!Number.isFinite(point.loss) || !Number.isFinite(point.accuracy)) return series;
  return thin(series, point, limit);
}

/** The points with one more. */
export function thin<P>(series: Thinned<P>, point: P, limit: number): Thinned<P> {
  const seen = series.seen + 1;
  if (series.seen % series.every !== 0) return { ...series, seen };
  const points = [...series.points, point];
  if (points.length <= limit) return { ...series, points, seen };
  return { points: points.filter((_, i) => i % 2 === 0), every: series.every * 2, seen };
}
