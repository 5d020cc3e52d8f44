/**
 * @file Drives `train/` in Node: figures and a checkpoint after every epoch, a stop between two steps.
 * Nothing of what it adds to the loop changes a bit of the result.
 */
import { evaluate, type Images } from "../analyze/index.ts";
import type { Network } from "../model/index.ts";
import type { Backend, Program } from "../runtime/index.ts";
import {
  compileRun,
  stepsPerEpoch,
  train,
  type StepReport,
  type TrainData,
  type TrainResult,
  type TrainSettings,
} from "../train/index.ts";
import { saveCheckpoint, type Checkpoint, type Figures, type Sums } from "./checkpoint.ts";
import { breathe } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { progressLine, type ProgressLine } from "./progress.ts";

/** An epoch as it is told. */
export interface EpochLine extends Figures {
  readonly imagesPerSecond: number;
}

export interface RunSetup {
  /** Where the run begins or goes on. */
  readonly start: Checkpoint;
  /** The network at the run's very beginning, also when it goes on: what it holds at zero is there. */
  readonly beginning: Network;
  readonly settings: TrainSettings;
  readonly data: TrainData;
  readonly validation: Images;
  readonly backend: Backend;
  readonly checkpointPath: string;
  readonly signal: AbortSignal;
  readonly onEpoch: (line: EpochLine) => void;
}

export interface RunResult extends TrainResult {
  /** The last epoch's figures; nothing when no epoch was finished. */
  readonly last: Figures | null;
}

const NOTHING: Sums = { images: 0, correct: 0, loss: 0 };

/** Trains to the end, to the stop or to the divergence. */
export async function runTraining(setup: RunSetup, io: Io): Promise<RunResult> {
  const { start, beginning, settings, data, backend } = setup;
  const program = compileRun(beginning, backend, settings);
  const progress = progressLine(io, "training");
  const watch = new EpochWatch(setup, program, io, progress);
  try {
    const result = await train(program, start.state, data, settings, {
      signal: setup.signal,
      onStep: (step) => watch.onStep(step),
    });
    // What a stop leaves over of an epoch is in no checkpoint yet.
    if (result.ended === "stopped") await watch.save(result.state.network, result);
    return { ...result, last: watch.last };
  } finally {
    progress.clear();
    program.dispose();
  }
}

/** Sums an epoch up, and puts it away when it is over. */
class EpochWatch {
  last: Figures | null;
  readonly #setup: RunSetup;
  readonly #program: Program;
  readonly #io: Io;
  readonly #progress: ProgressLine;
  readonly #perEpoch: number;
  #sums: Sums;
  /** Of this process, for the rate alone. */
  #timed = { since: 0, images: 0 };

  constructor(setup: RunSetup, program: Program, io: Io, progress: ProgressLine) {
    this.#setup = setup;
    this.#program = program;
    this.#io = io;
    this.#progress = progress;
    this.#perEpoch = stepsPerEpoch(setup.data.indices.length, setup.settings.batchSize);
    this.#sums = setup.start.sums;
    this.last = setup.start.last;
    this.#timed.since = io.now();
  }

  async onStep({ step, total, epoch, images, loss, correct }: StepReport): Promise<void> {
    this.#sums = {
      images: this.#sums.images + images,
      correct: this.#sums.correct + correct,
      loss: this.#sums.loss + loss * images,
    };
    this.#timed.images += images;
    this.#progress.onProgress({ done: step, total, unit: "steps" });
    if (step % this.#perEpoch === 0 || step === total) await this.#endEpoch(epoch + 1, step);
    await breathe();
  }

  async #endEpoch(epoch: number, step: number): Promise<void> {
    const { validation, onEpoch, start } = this.#setup;
    const seconds = Math.max(1e-6, (this.#io.now() - this.#timed.since) / 1000);
    const { images, correct, loss } = this.#sums;
    const found = await evaluate(this.#program, validation);
    this.last = {
      epoch,
      step,
      loss: loss / images,
      accuracy: correct / images,
      validation: found.count === 0 ? null : found.accuracy,
    };
    this.#progress.clear();
    onEpoch({ ...this.last, imagesPerSecond: this.#timed.images / seconds });
    this.#sums = NOTHING;
    const { weights, velocity } = await this.#program.readParameters();
    const network = { ...start.state.network, weights };
    await this.save(network, { state: { network, velocity, step } });
    this.#timed = { since: this.#io.now(), images: 0 };
  }

  async save(network: Network, { state }: Pick<TrainResult, "state">): Promise<void> {
    await saveCheckpoint(this.#setup.checkpointPath, {
      ...this.#setup.start,
      state: { ...state, network },
      sums: this.#sums,
      last: this.last,
    });
  }
}
