/**
 * @file The axis of scores: one for a network and everything that is cut from it, so that a histogram before
 * and one after a cut can be compared. It is remembered by the run that others are compared with.
 */
import { useMemo } from "react";
import { baselineOf, usePage, type Pruning } from "../../state/index.ts";
import { scoreAxis, widenAxis, type Axis } from "../charts/histogram.ts";

/** By the baseline's session, then by the criterion's text. */
const known = new WeakMap<object, Map<string, Axis>>();

export function useScoreAxis({ sorted, criterion }: Pick<Pruning, "sorted" | "criterion">): Axis {
  const baseline = usePage((state) => baselineOf(state)?.session ?? null);
  return useMemo(() => {
    const own = scoreAxis(sorted);
    if (baseline === null) return own;
    const axes = known.get(baseline) ?? new Map<string, Axis>();
    known.set(baseline, axes);
    // After a reload a cut network may be the first that is seen; the baseline's scales are known all the same.
    const scales = criterion === "bn-scale" ? scoreAxis(baseline.scales.toSorted()) : undefined;
    const before = axes.get(criterion) ?? scales;
    const axis = before === undefined ? own : widenAxis(before, own);
    axes.set(criterion, axis);
    return axis;
  }, [baseline, criterion, sorted]);
}
