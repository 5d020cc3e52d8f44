/**
 * @file A training run inside the worker: the loop of `train/` with a clock, a way to hold it, and
 * reports at a rate that a page can draw.
 */
import { evaluate } from "../analyze/index.ts";
import { AppError, breathe, isAbort, toPlainError } from "../core/index.ts";
import { normalizationOf } from "../data/index.ts";
import { costOf, digestNetwork, withNormalization, type Network } from "../model/index.ts";
import { noteTraining } from "../prune/index.ts";
import type { Backend } from "../runtime/index.ts";
import {
  compileRun,
  startState,
  stepsPerEpoch,
  totalSteps,
  train,
  type TrainResult,
  type TrainSettings,
  type TrainState,
} from "../train/index.ts";
import { keepCheckpoints } from "./checkpoints.ts";
import { fixLength } from "./fix-length.ts";
import type { ImageStore } from "./image-store.ts";
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
  /** Milliseconds from any origin; some browsers let it move in coarse steps. */
  readonly now: () => number;
}

/** Runs to the end, to the abort, or to the divergence; always answers with a network. */
export async function runTraining(setup: TrainingSetup): Promise<TrainOutcome> {
  const { request, backend, images, signal, onEvent } = setup;
  const { from } = request;
  // From here on it is no assumption any more: the result is trained with it, whatever is chosen meanwhile.
  const fed = normalizationOf(from?.state.network ?? setup.network);
  const network = withNormalization(setup.network, fed);
  const data = images.trainData(network);
  const fingerprint = images.fingerprint(data.dataset);
  if (from !== undefined) checkImages(from, await fingerprint, data.dataset.name);
  const clock = runningClock(setup);
  const program = compileRun(network, backend, request.settings);
  try {
    const elapsed = (): number => (from?.seconds ?? 0) * 1000 + clock.now();
    const { length, box } = await fixLength({ ...setup, network, program, now: elapsed });
    const settings: TrainSettings = { ...request.settings, length };
    const start = stateFor(network, from);
    const validate = (count: number, stop?: AbortSignal) =>
      evaluate(program, images.images("validation", count, network), { breathe, signal: stop });
    const perEpoch = stepsPerEpoch(data.indices.length, settings.batchSize);
    checkGoingOn(from, { perEpoch, total: totalSteps(length, perEpoch) });
    const end = endOf(request.settings.length);
    const report = createReports({ program, now: elapsed, end, onEvent });
    const parts = { program, perEpoch, images: fingerprint, clock: elapsed, onEvent };
    const checkpoints = keepCheckpoints(parts);
    const result = await train(program, start, data, settings, {
      signal,
      onStep: async (step) => {
        await report(step);
        await checkpoints.after(step);
        if (step.step % perEpoch === 0 && step.step < step.total) {
          const begun = elapsed();
          await validate(request.validationCount, signal).then(
            (evaluation) => onEvent({ kind: "validation", step: step.step, evaluation }),
            (error: unknown) => {
              if (!isAbort(error)) throw error;
            },
          );
          box?.reserve(elapsed() - begun);
        }
        await breathe();
        await clock.wait();
      },
      replan: (step, planned) => box?.replan(step, planned, elapsed()),
    });
    if (result.ended !== "diverged") await checkpoints.end(result.state, result.length);
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
    const seconds = elapsed() / 1000;
    return { ...(await outcomeOf(result, perEpoch)), seconds, validation };
  } finally {
    program.dispose();
  }
}

/** When a time box is over, ms of the run; null for any other length. */
function endOf(length: RunLength): number | null {
  return "seconds" in length ? length.seconds * 1000 : null;
}

/** Where a run begins or goes on; from a state come its numbers alone. */
function stateFor(network: Network, from: TrainCheckpoint | undefined): TrainState {
  if (from === undefined) return startState(network);
  return { ...from.state, network: { ...network, weights: from.state.network.weights } };
}

async function outcomeOf(
  { state, ended, length, error }: TrainResult,
  perEpoch: number,
): Promise<Omit<TrainOutcome, "seconds" | "validation">> {
  const network = noteTraining(state.network, state.step);
  const replans = "steps" in length ? length.replans : undefined;
  return {
    network,
    key: await digestNetwork(network),
    steps: state.step,
    total: totalSteps(length, perEpoch),
    ...(replans === undefined ? {} : { replans }),
    ended,
    error: error === undefined ? null : toPlainError(error),
  };
}

/**
 * Refuses to go on with other images than the run began with: its steps would mean other ones.
 * @throws train/other-images
 */
function checkImages({ images }: TrainCheckpoint, found: string, where: string): void {
  if (images !== found) throw new AppError("train/other-images", { where });
}

/**
 * Refuses to go on by other settings.
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
    where: "training",
    expected: said(from),
    found: said(now),
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
function runningClock({ gate, signal, now }: Pick<TrainingSetup, "gate" | "signal" | "now">) {
  let held = now();
  // A run that is held still hears that it should stop. One promise for the whole run: a race against a
  // fresh one each step would pile up listeners.
  const stop = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  return {
    now: (): number => now() - held,
    wait: async (): Promise<void> => {
      if (gate.opening === undefined || signal.aborted) return;
      const from = now();
      await Promise.race([gate.opening, stop]);
      held += now() - from;
    },
  };
}
