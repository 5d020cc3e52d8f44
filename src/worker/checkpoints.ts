/**
 * @file Where a training can be taken up when what it runs on is lost: its whole state at the end of every epoch,
 * and twice a minute within a long one. The page keeps the last of them: a device or a worker that dies takes
 * its own memory along. Reading a state changes no bit of the run.
 */
import type { Program } from "../runtime/index.ts";
import { firstNotFinite, type StepReport } from "../train/index.ts";
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

/** @returns to be called after every step that was done */
export function keepCheckpoints(parts: CheckpointsParts) {
  const { program, perEpoch, clock, onEvent } = parts;
  let last = clock();
  return async ({ step, total, length }: StepReport): Promise<void> => {
    const isDue = step % perEpoch === 0 || clock() - last >= INTERVAL;
    if (!isDue || step === total) return;
    const now = await program.readParameters();
    last = clock();
    if (firstNotFinite(now) !== undefined) return;
    const network = { ...program.network, weights: now.weights };
    const state = { network, velocity: now.velocity, step };
    const replans = "steps" in length && length.replans ? { replans: length.replans } : {};
    const [seconds, images] = [last / 1000, await parts.images];
    const checkpoint: TrainCheckpoint = { state, total, ...replans, perEpoch, seconds, images };
    onEvent({ kind: "checkpoint", checkpoint });
  };
}
