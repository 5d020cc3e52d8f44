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
 * The rate of one step. Drops come at ⌊share · epochs⌋ (or ⌊share · steps⌋): the reference code
 * compares the epoch with an unrounded product and so misses drops (Liu et al. 2017, `main.py`).
 */
export function learningRateAt(settings: TrainSettings, { step, perEpoch }: Position): number {
  const { schedule, learningRate, length } = settings;
  if (schedule.kind === "constant") return learningRate;
  if (schedule.kind === "cosine") {
    const progress = step / totalSteps(length, perEpoch);
    return (learningRate * (1 + Math.cos(Math.PI * Math.min(1, progress)))) / 2;
  }
  const [now, end] =
    "epochs" in length ? [Math.floor(step / perEpoch), length.epochs] : [step, length.steps];
  const drops = schedule.at.filter((share) => now >= Math.floor(share * end)).length;
  return learningRate * schedule.factor ** drops;
}
