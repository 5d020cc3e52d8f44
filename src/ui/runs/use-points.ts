/** @file The points of the chart of accuracy against cost, and which of them are the front. */
import { useMemo } from "react";
import {
  frontOf,
  isByRatio,
  pointsOfPositions,
  pointsOfRuns,
  useComparing,
  useMethod,
  useSlider,
  type ComparedPoint,
  type MeasuredState,
  type PageState,
  type RunRow,
} from "../../state/index.ts";

export interface Points {
  /** The runs in their order, then the slider's positions. */
  readonly points: readonly ComparedPoint[];
  /** By ascending cost. */
  readonly front: readonly ComparedPoint[];
}

export function usePoints(
  rows: readonly RunRow[],
  page: PageState,
  measured: MeasuredState,
): Points {
  const { method, text, pruning } = useMethod((state) => state);
  const axis = useComparing((state) => state.axis);
  // Where one goes by ratio, all positions have a cost, and a drag must not render.
  const isDragged = isByRatio(method);
  const preview = useSlider((state) => (isDragged ? null : state.preview));
  const ratio = useSlider((state) => (isDragged ? 0 : state.ratio));
  const points = useMemo(() => {
    const shown = preview === null ? null : { preview, ratio };
    const parts = { page, method: { method, text, pruning }, shown };
    return [...pointsOfRuns(rows, measured), ...pointsOfPositions(parts, measured)];
  }, [rows, page, method, text, pruning, preview, ratio, measured]);
  const front = useMemo(() => frontOf(points, axis), [points, axis]);
  return { points, front };
}
