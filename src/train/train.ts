/**
 * @file The training loop: batches in, states out. It owns no clock and no device; the program it is
 * given does the arithmetic, the hooks let the caller watch, hold and stop it between two steps.
 *
 * A run that is stopped at step k and started again from that state ends with the same bits as one
 * that was not stopped.
 */
import { AppError } from "../core/index.ts";
import { epochOrder, makeBatch, type Dataset } from "../data/index.ts";
import type { Normalization, Tensor, TensorName } from "../model/index.ts";
import type { Parameters, Program } from "../runtime/index.ts";
import { firstNotFinite, LossWatch } from "./health.ts";
import { learningRateAt, stepsPerEpoch, totalSteps } from "./schedule.ts";
import { checkSettings, type Length, type TrainSettings } from "./settings.ts";
import { checkState, type TrainState } from "./state.ts";

/** What to train on. */
export interface TrainData {
  readonly dataset: Dataset;
  /** Which of its images. */
  readonly indices: Uint32Array;
  readonly normalization: Normalization;
}

/** One step that has really run. */
export interface StepReport {
  /** Steps done, this one included. */
  readonly step: number;
  readonly total: number;
  /** As planned when it ran. */
  readonly length: Length;
  /** Counts from 0. */
  readonly epoch: number;
  readonly images: number;
  readonly loss: number;
  readonly correct: number;
  readonly learningRate: number;
}

export interface TrainHooks {
  /** Stops after the current step; the state so far is the result. */
  readonly signal?: AbortSignal;
  /** Awaited after every step: the place to yield, pause, validate, look at weights. */
  readonly onStep?: (report: StepReport) => void | Promise<void>;
  /**
   * Asked after `onStep`, of a run that is counted in steps: how many the whole run has from now on, or
   * nothing to leave it as it is. At least one more is run.
   */
  readonly replan?: (step: number, total: number) => number | undefined;
}

export interface TrainResult {
  /** The state at the end, where it was stopped, or the last good one before it diverged. */
  readonly state: TrainState;
  readonly ended: "finished" | "stopped" | "diverged";
  /** As planned at the end, with what was planned before. */
  readonly length: Length;
  /** Why, when it diverged. */
  readonly error: AppError | undefined;
}

/** Steps between two looks at every weight; also how much a divergence can cost. */
export const STEPS_BETWEEN_SNAPSHOTS = 50;

/**
 * Trains until the run's length is done.
 * @param program — compiled from `state.network` at `settings.batchSize` or more; borrowed
 * @throws train/bad-setting, train/state-mismatch, data/missing
 */
export async function train(
  program: Program,
  state: TrainState,
  data: TrainData,
  settings: TrainSettings,
  hooks: TrainHooks = {},
): Promise<TrainResult> {
  checkSettings(settings);
  checkState(state);
  if (data.indices.length === 0) {
    throw new AppError("data/missing", {
      where: data.dataset.name,
      expected: "at least one image",
    });
  }
  program.writeParameters({ weights: state.network.weights, velocity: state.velocity });
  const perEpoch = stepsPerEpoch(data.indices.length, settings.batchSize);
  let { length } = settings;
  let total = totalSteps(length, perEpoch);
  const watch = new LossWatch();
  let good = state;
  // The loss of a step says nothing about the weights that it left, so they are looked at here too.
  const ended = async (how: "finished" | "stopped", step: number): Promise<TrainResult> => {
    const now = await program.readParameters();
    const bad = firstNotFinite(now);
    return bad === undefined
      ? { state: stateFrom(state, now, step), ended: how, length, error: undefined }
      : diverged(step, settings.learningRate, `${bad} not finite`);
  };
  const diverged = (step: number, rate: number, found: string): TrainResult => ({
    state: good,
    ended: "diverged",
    length,
    error: divergence(step, rate, found),
  });
  let order = { epoch: -1, indices: data.indices };
  for (let step = state.step; step < total; step++) {
    if (hooks.signal?.aborted === true) return ended("stopped", step);
    const epoch = Math.floor(step / perEpoch);
    if (order.epoch !== epoch) {
      order = { epoch, indices: epochOrder(data.indices, settings.seed, epoch) };
    }
    const first = (step % perEpoch) * settings.batchSize;
    const batch = makeBatch(
      data.dataset,
      order.indices.subarray(first, first + settings.batchSize),
      data.normalization,
      { augmentation: settings.augmentation, seed: settings.seed, epoch },
    );
    const learningRate = learningRateAt({ ...settings, length }, { step, perEpoch });
    const { loss, correct, finite } = await program.step(batch.images, batch.labels, {
      learningRate,
      momentum: settings.momentum,
      weightDecay: settings.weightDecay,
      sparsity: settings.sparsity.strength,
      sparsityForm: settings.sparsity.form,
    });
    const snapshotDue = (step + 1 - state.step) % STEPS_BETWEEN_SNAPSHOTS === 0;
    const accepted = watch.accept(loss);
    if (!Number.isFinite(loss)) return diverged(step + 1, learningRate, `loss ${loss}`);
    if (!finite) return diverged(step + 1, learningRate, "weights that are not finite");
    if (snapshotDue) {
      const now = await program.readParameters();
      const bad = firstNotFinite(now);
      if (bad !== undefined) return diverged(step + 1, learningRate, `${bad} not finite`);
      if (accepted) good = stateFrom(state, now, step + 1);
    }
    await hooks.onStep?.({
      step: step + 1,
      total,
      length,
      epoch,
      images: batch.labels.length,
      loss,
      correct,
      learningRate,
    });
    const wanted = step + 1 < total ? hooks.replan?.(step + 1, total) : undefined;
    if (wanted !== undefined && wanted !== total && "steps" in length) {
      const replans = [...(length.replans ?? []), { at: step + 1, steps: total }];
      total = Math.max(step + 2, wanted);
      length = { steps: total, replans };
    }
  }
  return ended("finished", Math.max(total, state.step));
}

function stateFrom({ network }: TrainState, now: Parameters, step: number): TrainState {
  const weights: ReadonlyMap<TensorName, Tensor> = now.weights;
  return { network: { ...network, weights }, velocity: now.velocity, step };
}

function divergence(step: number, rate: number, found: string): AppError {
  const short = (value: number): number => Number(value.toPrecision(3));
  return new AppError("train/not-finite", {
    where: `step ${step}`,
    found: `${found} at learning rate ${short(rate)}`,
    hint: `try a learning rate of ${short(rate / 3)} or less`,
  });
}
