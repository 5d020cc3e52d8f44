/** @file The learning rate over a run, a pure function of where the run stands. */
import type { Length, TrainSettings } from "./settings.ts";

/** Where a run stands; `step` counts from 0. */
export interface Position {
  readonly step: number;
  readonly perEpoch: number;
}

/** Steps of an epoch; the last, smaller batch counts. */
export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.ceil(images / batchSize);
}

/** Steps of the whole run. */
export function totalSteps(length: Length, perEpoch: number): number {
  return "epochs" in length ? length.epochs * perEpoch : length.steps;
}

/**
 * Share of the run that is done after `step` steps. A replan spreads what was left when it was made over the
 * steps that were left from then on: the schedule goes on from where it stands, and still comes to its end.
 */
export function progressAt(length: Length, { step, perEpoch }: Position): number {
  const total = totalSteps(length, perEpoch);
  // Whatever the sums below are rounded to.
  if (step >= total) return 1;
  const replans = "steps" in length ? (length.replans ?? []) : [];
  let [from, done] = [0, 0];
  for (const { at, steps } of replans) {
    if (step < at) return done + ((1 - done) * (step - from)) / (steps - from);
    done += ((1 - done) * (at - from)) / (steps - from);
    from = at;
  }
  return Math.min(1, done + ((1 - done) * (step - from)) / (total - from));
}

/**
 * The rate of one step. Drops come at ⌊share · epochs⌋ (or ⌊share · steps⌋): the reference code
 * compares the epoch with an unrounded product and so misses drops (Liu et al. 2017, `main.py`).
 */
export function learningRateAt(settings: TrainSettings, { step, perEpoch }: Position): number {
  const { schedule, learningRate, length } = settings;
  if (schedule.kind === "constant") return learningRate;
  if (schedule.kind === "cosine") {
    const progress = progressAt(length, { step, perEpoch });
    return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
  }
  if ("steps" in length && (length.replans ?? []).length > 0) {
    const done = progressAt(length, { step, perEpoch });
    return learningRate * schedule.factor ** schedule.at.filter((share) => done >= share).length;
  }
  const [now, end] =
    "epochs" in length ? [Math.floor(step / perEpoch), length.epochs] : [step, length.steps];
  const drops = schedule.at.filter((share) => now >= Math.floor(share * end)).length;
  return learningRate * schedule.factor ** drops;
}
