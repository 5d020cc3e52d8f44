/**
 * @file What a training has come to: as its run says it, in a sentence, and where it was cut off as if it had been
 * stopped at the state that was kept. Pure.
 */
import type {
  Evaluation,
  Network,
  NetworkKey,
  TrainCheckpoint,
  TrainOutcome,
  TrainRequest,
} from "./engine.ts";
import type { Trained } from "./page.ts";

/** The length is put down as the steps that were planned, so that the run can be repeated. */
export function trainedBy(
  settings: TrainRequest["settings"],
  { steps, total, replans, seconds, ended, validation }: TrainOutcome,
): Trained {
  const length = { steps: Math.max(1, total), ...(replans === undefined ? {} : { replans }) };
  return { settings: { ...settings, length }, steps, seconds, ended, validation };
}

/** Nothing is known of held-back images there. */
export function outcomeAt(
  { state, total, replans, seconds }: TrainCheckpoint,
  network: Network,
  key: NetworkKey,
): TrainOutcome {
  return {
    network,
    key,
    steps: state.step,
    total,
    ...(replans === undefined ? {} : { replans }),
    seconds,
    ended: state.step < total ? "stopped" : "finished",
    validation: null,
    error: null,
  };
}

export function endedMessage({ ended, steps, seconds, validation }: TrainOutcome): string {
  const how = { finished: "Finished", stopped: "Stopped", diverged: "Diverged" }[ended];
  const time = `${how} after ${steps} steps, ${seconds.toFixed(1)}\u202fs`;
  return validation === null ? time : `${time}, ${accuracyText(validation)} on held-back images`;
}

function accuracyText({ accuracy }: Evaluation): string {
  return `${(accuracy * 100).toFixed(1)}\u202f%`;
}
