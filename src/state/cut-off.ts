/**
 * @file A training that was cut off, since the device, the worker or the page was lost: where it can be taken up
 * again, and what of its curves is of that moment still.
 */
import { AppError } from "../core/index.ts";
import type { TrainCheckpoint } from "./engine.ts";
import type { ScaleHistory } from "./scale-history.ts";
import type { Series } from "./series.ts";
import type { TrainingState } from "./training.ts";

/** Where a training that was cut off goes on; null where none was. */
export function cutOffOf({
  status,
  checkpoint,
}: Pick<TrainingState, "status" | "checkpoint">): TrainCheckpoint | null {
  return status === "idle" ? checkpoint : null;
}

/** Why nothing else begins that would take it away, in a sentence; null where nothing was cut off. */
export function cutOffRefusal(
  training: Pick<TrainingState, "status" | "checkpoint" | "purpose">,
): string | null {
  if (cutOffOf(training) === null) return null;
  const where = training.purpose === "sparse" ? "Sparse train" : "Fine-tune";
  return `A training was cut off; go on with it under ${where}, or discard it there, then start another.`;
}

const LOSSES: ReadonlySet<string> = new Set([
  "runtime/device-lost",
  "worker/crashed",
  "worker/unresponsive",
]);

/** True where what it ran on is gone, and not what it was told was wrong. */
export function isLoss(error: unknown): boolean {
  return error instanceof AppError && LOSSES.has(error.code);
}

/** What is drawn of a run, up to a step. */
type Drawn = Pick<TrainingState, "series" | "validations" | "scaleHistory" | "latest" | "scales">;

/** The same without what came after the step, which will come again. */
export function upTo({ series, validations, scaleHistory, scales }: Drawn, last: number): Drawn {
  const until = <P extends { readonly step: number }>(points: readonly P[]): readonly P[] =>
    points.filter(({ step }) => step <= last);
  const { curve, moments, newest } = scaleHistory;
  const kept: Series = { ...series, points: until(series.points) };
  const history: ScaleHistory = {
    curve: { ...curve, points: until(curve.points) },
    moments: { ...moments, points: until(moments.points) },
    newest: newest !== null && newest.step > last ? null : newest,
  };
  return {
    series: kept,
    validations: until(validations),
    scaleHistory: history,
    scales,
    latest: null,
  };
}
