/**
 * @file A training that is under way, as it is kept with the project, and one that was cut off with the page, as it
 * comes back. Pure: the state itself stays in the worker until the page is there again.
 */
import { batchesOf, courseOf, scalesOf, validationsOf } from "./course.ts";
import { upTo } from "./cut-off.ts";
import type { KeptTraining, TrainCheckpoint, TrainingNote } from "./engine.ts";
import { grouped } from "./figures.ts";
import type { Run } from "./page.ts";
import { NO_SCALES } from "./scale-history.ts";
import { EMPTY_SERIES, type Thinned } from "./series.ts";
import { scalesIn } from "./session.ts";
import type { TrainingState } from "./training.ts";

/** What is said of a training for it to go on after a reload; null where there is nothing to go on from. */
export function noteOf(training: TrainingState): TrainingNote | null {
  const { purpose, from, fromRun, settings, checkpoint } = training;
  if (checkpoint === null || purpose === null || from === null) return null;
  if (fromRun === null || settings === null) return null;
  const { state, total, replans, perEpoch, seconds, images } = checkpoint;
  const { freezeZeros, ...rest } = settings;
  const course = courseOf(upTo(training, state.step));
  return {
    purpose,
    run: fromRun,
    network: from.key,
    settings: { ...rest, ...(freezeZeros === undefined ? {} : { freezeZeros }) },
    step: state.step,
    total,
    ...(replans === undefined ? {} : { replans }),
    perEpoch,
    seconds,
    images,
    ...(course === undefined ? {} : { course }),
  };
}

/** A training as it stood when it was kept, from a run that is on the page again. */
export function takenUp(
  { note, checkpoint }: Extract<KeptTraining, { kind: "sound" }>,
  run: Run,
): Partial<TrainingState> {
  const { step, network } = checkpoint.state;
  const scales = scalesIn(network);
  const moment = { step, scales };
  const { course } = note;
  return {
    purpose: note.purpose,
    status: "idle",
    from: run.session,
    fromRun: run.id,
    settings: note.settings,
    checkpoint,
    scales,
    series: course === undefined ? EMPTY_SERIES : all(batchesOf(course)),
    validations: course === undefined ? [] : validationsOf(course),
    // Of the scales themselves only those of this moment are known.
    scaleHistory: {
      curve: course === undefined ? NO_SCALES.curve : all(scalesOf(course)),
      moments: all([moment]),
      newest: moment,
    },
  };
}

function all<P>(points: readonly P[]): Thinned<P> {
  return { points, every: 1, seen: points.length };
}

/** Where it stands: by epochs where it is a whole number of them. */
export function standing({ state, total, perEpoch }: TrainCheckpoint): string {
  const { step } = state;
  if (step % perEpoch === 0 && total % perEpoch === 0) {
    return `epoch ${grouped(step / perEpoch)} of ${grouped(total / perEpoch)}`;
  }
  return `step ${grouped(step)} of ${grouped(total)}`;
}

/** What a page that comes back says of it. */
export function cutOffNotice({
  note,
  checkpoint,
}: Extract<KeptTraining, { kind: "sound" }>): string {
  const where = note.purpose === "sparse" ? "Sparse train" : "Fine-tune";
  const isDone = checkpoint.state.step >= checkpoint.total;
  return isDone
    ? `A training had come to its end, and the page was closed before its result was kept; take it up under ${where}, or discard it there.`
    : `A training was cut off with the page, after ${standing(checkpoint)}; go on with it under ${where}, or discard it there.`;
}
