/**
 * @file The Pareto front of accuracy against cost: what no other point beats in one without losing in the
 * other. The networks worth keeping are on it.
 */

/** A network as a point. */
export interface Costed {
  /** In 0…1; more is better. */
  readonly accuracy: number;
  /** Less is better. */
  readonly cost: number;
}

/** True when `a` is at least as good as `b` in both, and better in one. */
export function dominates(a: Costed, b: Costed): boolean {
  const isNoWorse = a.accuracy >= b.accuracy && a.cost <= b.cost;
  return isNoWorse && (a.accuracy > b.accuracy || a.cost < b.cost);
}

/**
 * The points that none of the others dominates, by ascending cost. Equal points are all on the front or
 * none is. O(n log n): by ascending cost, a point is on it when it is better than all that cost less.
 */
export function paretoFront<T extends Costed>(points: readonly T[]): readonly T[] {
  const sorted = [...points].sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy);
  const front: T[] = [];
  for (const point of sorted) {
    const last = front.at(-1);
    const isEqual = last?.cost === point.cost && last.accuracy === point.accuracy;
    if (last === undefined || point.accuracy > last.accuracy || isEqual) front.push(point);
  }
  return front;
}
