/** @file What a training under way tells, taken into what the page knows of it. Pure. */
import type { TrainEvent } from "./engine.ts";
import { look } from "./scale-history.ts";
import { append } from "./series.ts";
import type { TrainingState } from "./training.ts";

type Known = Pick<TrainingState, "series" | "validations" | "scaleHistory">;

/** What becomes another by an event. */
export function heard(
  { series, validations, scaleHistory }: Known,
  event: TrainEvent,
): Partial<TrainingState> {
  if (event.kind === "step") {
    const { step, loss, accuracy } = event;
    return { latest: event, series: append(series, { step, loss, accuracy }) };
  }
  if (event.kind === "scales") {
    const { step, scales } = event;
    return { scales, scaleHistory: look(scaleHistory, { step, scales }) };
  }
  if (event.kind === "checkpoint") return { checkpoint: event.checkpoint };
  const point = { step: event.step, accuracy: event.evaluation.accuracy };
  return { validations: [...validations, point] };
}
