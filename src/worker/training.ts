/**
 * @file A training run inside the worker: the loop of `train/` with a clock, a way to hold it, and
 * reports at a rate that a page can draw.
 */
import { evaluate } from "../analyze/index.ts";
import { AppError, breathe, invariant, isAbort, toPlainError } from "../core/index.ts";
import { makeBatch } from "../data/index.ts";
import { costOf, digestNetwork, withNormalization, type Network } from "../model/index.ts";
import { noteTraining } from "../prune/index.ts";
import type { Backend, Program } from "../runtime/index.ts";
import {
  compileRun,
  startState,
  stepsPerEpoch,
  totalSteps,
  train,
  type Length,
  type TrainSettings,
} from "../train/index.ts";
import { keepCheckpoints } from "./checkpoints.ts";
import type { ImageStore } from "./image-store.ts";
import { createTimeBox, type TimeBox } from "./time-box.ts";
import type {
  RunLength,
  TrainCheckpoint,
  TrainEvent,
  TrainOutcome,
  TrainRequest,
} from "./train-protocol.ts";
import { createReports } from "./training-reports.ts";

/** Holds a run between two steps. */
export class Gate {
  #opened: Promise<void> | undefined;
  #open: () => void = () => undefined;

  /** Closes or opens; closing a closed gate changes nothing. */
  set(closed: boolean): void {
    if (closed && this.#opened === undefined) {
      this.#opened = new Promise((resolve) => {
        this.#open = resolve;
      });
    } else if (!closed) {
      this.#open();
      this.#opened = undefined;
    }
  }

  /** What resolves when the gate opens; nothing while it is open. */
  get opening(): Promise<void> | undefined {
    return this.#opened;
  }
}

export interface TrainingSetup {
  readonly network: Network;
  readonly request: TrainRequest;
  readonly backend: Backend;
  readonly images: ImageStore;
  readonly gate: Gate;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrainEvent) => void;
}

/** Runs to the end, to the abort, or to the divergence; always answers with a network. */
export async function runTraining(setup: TrainingSetup): Promise<TrainOutcome> {
  const { request, backend, images, gate, signal, onEvent } = setup;
  const data = images.trainData(setup.network);
  // From here on it is no assumption any more: the result was trained with it.
  const network = withNormalization(setup.network, data.normalization);
  const clock = runningClock(gate, signal);
  const program = compileRun(network, backend, request.settings);
  try {
    const { length, box } = await fixLength(program, clock.now, setup);
    const settings: TrainSettings = { ...request.settings, length };
    const before = (request.from?.seconds ?? 0) * 1000;
    const elapsed = (): number => before + clock.now();
    const start = request.from?.state ?? startState(network);
    const validate = (count: number, stop?: AbortSignal) =>
      evaluate(program, images.images("validation", count, network), { breathe, signal: stop });
    const perEpoch = stepsPerEpoch(data.indices.length, settings.batchSize);
    checkGoingOn(request.from, { perEpoch, total: totalSteps(length, perEpoch) });
    const given = request.settings.length;
    const end = "seconds" in given ? given.seconds * 1000 : null;
    const report = createReports({ program, now: clock.now, end, onEvent });
    const checkpoint = keepCheckpoints({ program, perEpoch, clock: elapsed, onEvent });
    const result = await train(program, start, data, settings, {
      signal,
      onStep: async (step) => {
        await report(step);
        await checkpoint(step);
        if (step.step % perEpoch === 0 && step.step < step.total) {
          const from = clock.now();
          await validate(request.validationCount, signal).then(
            (evaluation) => onEvent({ kind: "validation", step: step.step, evaluation }),
            (error: unknown) => {
              if (!isAbort(error)) throw error;
            },
          );
          box?.reserve(clock.now() - from);
        }
        await breathe();
        await clock.wait();
      },
      replan: (step, planned) => box?.replan(step, planned, clock.now()),
    });
    const total = totalSteps(result.length, perEpoch);
    const replans = "steps" in result.length ? result.length.replans : undefined;
    program.writeParameters({
      weights: result.state.network.weights,
      velocity: result.state.velocity,
    });
    // Whoever has stopped a run does not want to wait for it.
    const count = result.ended === "stopped" ? quickCount(setup) : request.validationCount;
    const validation = count === 0 ? null : await validate(count);
    if (validation !== null) {
      onEvent({ kind: "validation", step: result.state.step, evaluation: validation });
    }
    const trained = noteTraining(result.state.network, result.state.step);
    return {
      network: trained,
      key: await digestNetwork(trained),
      steps: result.state.step,
      total,
      ...(replans === undefined ? {} : { replans }),
      seconds: elapsed() / 1000,
      ended: result.ended,
      validation,
      error: result.error === undefined ? null : toPlainError(result.error),
    };
  } finally {
    program.dispose();
  }
}

/**
 * Refuses to go on with other images than the run began with: its steps would mean other ones.
 * @throws train/state-mismatch
 */
function checkGoingOn(
  from: TrainRequest["from"],
  now: Pick<TrainCheckpoint, "perEpoch" | "total">,
): void {
  if (from === undefined) return;
  const said = ({ perEpoch, total }: typeof now) => `${total} steps, ${perEpoch} an epoch`;
  if (said(from) === said(now)) return;
  throw new AppError("train/state-mismatch", {
    where: "training images",
    expected: said(from),
    found: said(now),
    hint: "load the images that the training began with, or start it anew",
  });
}

/** About a second of plain wasm. */
const QUICK_MACS = 5e9;
const FEWEST_IMAGES = 32;

/** How many images a quick look takes; none when even a few would take long. */
function quickCount({ network, request }: TrainingSetup): number {
  const affordable = Math.floor(QUICK_MACS / Math.max(1, costOf(network).macs));
  return affordable < FEWEST_IMAGES ? 0 : Math.min(request.validationCount, affordable);
}

/** A clock from 0 that stands still while the run is held; `wait` holds it. */
function runningClock(gate: Gate, signal: AbortSignal) {
  let held = performance.now();
  // A run that is held still hears that it should stop. One promise for the whole run: a race against a
  // fresh one each step would pile up listeners.
  const stop = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  return {
    now: (): number => performance.now() - held,
    wait: async (): Promise<void> => {
      if (gate.opening === undefined || signal.aborted) return;
      const from = performance.now();
      await Promise.race([gate.opening, stop]);
      held += performance.now() - from;
    },
  };
}

/** Steps that are timed before a time box becomes a number of steps; the first warms up. */
const TIMED_STEPS = 4;

/**
 * Turns a time box into steps by timing a few, whose effect `train` undoes when it puts the start state
 * in place. With the plans that the box has made on the way a run of it can be repeated to the same bits.
 */
async function fixLength(
  program: Program,
  now: () => number,
  setup: TrainingSetup,
): Promise<{ readonly length: Length; readonly box: TimeBox | null }> {
  const { request, images, network } = setup;
  const length: RunLength = request.settings.length;
  if (!("seconds" in length)) return { length, box: null };
  const data = images.trainData(network);
  const { batchSize, momentum, weightDecay } = request.settings;
  const times: number[] = [];
  for (let i = 0; i < TIMED_STEPS; i++) {
    const start = performance.now();
    const indices = data.indices.subarray(0, batchSize);
    const batch = makeBatch(data.dataset, indices, data.normalization);
    await program.step(batch.images, batch.labels, {
      learningRate: 0,
      momentum,
      weightDecay,
      sparsity: 0,
      sparsityForm: "subgradient",
    });
    times.push(performance.now() - start);
    await breathe();
  }
  const [, ...warm] = times;
  const each = warm.reduce((sum, ms) => sum + ms, 0) / warm.length;
  invariant(each > 0, "a step took no time");
  const afterwards = (await timeLook(program, setup)) / each;
  const box = createTimeBox({ ms: length.seconds * 1000, gone: now(), each, afterwards });
  return { length: { steps: box.steps }, box };
}

/** How long the last look at the held-back images will take, ms: from one at a batch, after one to warm up. */
async function timeLook(
  program: Program,
  { request, images, network }: TrainingSetup,
): Promise<number> {
  const { indices } = images.images("validation", request.validationCount, network);
  const few = images.images("validation", Math.min(program.batch, indices.length), network);
  if (few.indices.length === 0) return 0;
  await evaluate(program, few);
  const start = performance.now();
  await evaluate(program, few);
  return ((performance.now() - start) * indices.length) / few.indices.length;
}
