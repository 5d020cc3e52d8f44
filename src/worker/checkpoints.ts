/**
 * @file Where a training can be taken up when what it runs on is lost: its whole state at the end of every epoch,
 * at its own end or where it is stopped, and twice a minute within a long epoch. The page keeps the last of them,
 * since a device or a worker that dies takes its own memory along, and has it kept in the browser. Reading a state
 * changes no bit of the run.
 */
import type { Program } from "../runtime/index.ts";
import {
  firstNotFinite,
  totalSteps,
  type Length,
  type StepReport,
  type TrainState,
} from "../train/index.ts";
import type { TrainCheckpoint, TrainEvent } from "./train-protocol.ts";

/** What a loss costs at the most, ms of training. */
const INTERVAL = 30_000;

interface CheckpointsParts {
  readonly program: Program;
  readonly perEpoch: number;
  /** The fingerprint of the images, once it is known. */
  readonly images: Promise<string>;
  /** Milliseconds of this run, earlier parts of it included. */
  readonly clock: () => number;
  readonly onEvent: (event: TrainEvent) => void;
}

export interface Checkpoints {
  /** To be called after every step that was done. */
  after(report: StepReport): Promise<void>;
  /** Where it came to its end, or was stopped: the result is as much to lose until somebody keeps it. */
  end(state: TrainState, length: Length): Promise<void>;
}

export function keepCheckpoints(parts: CheckpointsParts): Checkpoints {
  const { program, perEpoch, clock, onEvent } = parts;
  let last = clock();
  const tell = async (state: TrainState, length: Length): Promise<void> => {
    const [seconds, images] = [last / 1000, await parts.images];
    const total = totalSteps(length, perEpoch);
    const replans = "steps" in length && length.replans ? { replans: length.replans } : {};
    const checkpoint: TrainCheckpoint = { state, total, ...replans, perEpoch, seconds, images };
    onEvent({ kind: "checkpoint", checkpoint });
  };
  return {
    after: async ({ step, total, length }) => {
      const isDue = step % perEpoch === 0 || clock() - last >= INTERVAL;
      if (!isDue || step === total) return;
      const now = await program.readParameters();
      last = clock();
      if (firstNotFinite(now) !== undefined) return;
      const network = { ...program.network, weights: now.weights };
      await tell({ network, velocity: now.velocity, step }, length);
    },
    end: async (state, length) => {
      last = clock();
      // Before the first step there is nothing to lose.
      if (state.step > 0) await tell(state, length);
    },
  };
}
