/** @file What is asked of a training, what it tells while it runs, where it can be taken up, and how it ends. */
import type { Evaluation } from "../analyze/index.ts";
import type { PlainError } from "../core/index.ts";
import type { Network } from "../model/index.ts";
import type { TrainingNote } from "../storage/index.ts";
import type { Replan, TrainSettings, TrainState } from "../train/index.ts";
import type { NetworkKey } from "./network-key.ts";

/** How long a run lasts, as a person says it. A time box becomes a number of steps once a few have been timed. */
export type RunLength = TrainSettings["length"] | { readonly seconds: number };

export interface TrainRequest {
  readonly network: NetworkKey;
  readonly settings: Omit<TrainSettings, "length"> & { readonly length: RunLength };
  /** Images for the validation after each epoch and at the end. */
  readonly validationCount: number;
  /** Where a run goes on that was cut off; `network` is still the one that it began with. */
  readonly from?: TrainCheckpoint | undefined;
}

/** Where a run can be taken up again, to the same bits on the same backend. */
export interface TrainCheckpoint {
  readonly state: TrainState;
  /** Steps planned, and the plans before. */
  readonly total: number;
  readonly replans?: readonly Replan[];
  readonly perEpoch: number;
  /** Training until then. */
  readonly seconds: number;
  /** Which images it is trained on: their fingerprint. */
  readonly images: string;
}

/** A training that was under way when it was kept last: where it can be taken up, or why it cannot. */
export type KeptTraining =
  | {
      readonly kind: "sound";
      readonly note: TrainingNote;
      readonly checkpoint: TrainCheckpoint;
    }
  | { readonly kind: "damaged"; readonly error: PlainError };

/** What a running training tells. */
export type TrainEvent =
  | {
      readonly kind: "step";
      /** Steps done, of `total`. */
      readonly step: number;
      readonly total: number;
      readonly epoch: number;
      /** Mean over the steps since the last event. */
      readonly loss: number;
      readonly accuracy: number;
      readonly learningRate: number;
      readonly imagesPerSecond: number;
      /** Seconds to go. */
      readonly eta: number;
    }
  /** All BN scales in graph order, a few times a second at most: the live histogram. */
  | { readonly kind: "scales"; readonly step: number; readonly scales: Float32Array }
  | { readonly kind: "validation"; readonly step: number; readonly evaluation: Evaluation }
  | { readonly kind: "checkpoint"; readonly checkpoint: TrainCheckpoint };

export interface TrainOutcome {
  /** The last good network: at the end, where it was stopped, or before it diverged. */
  readonly network: Network;
  readonly key: NetworkKey;
  /** Steps done. */
  readonly steps: number;
  /** Steps planned: what the learning rate's schedule was laid out for. */
  readonly total: number;
  /** Other plans before, of a time box that the machine's pace has changed. */
  readonly replans?: readonly Replan[];
  readonly seconds: number;
  readonly ended: "finished" | "stopped" | "diverged";
  readonly validation: Evaluation | null;
  /** Set when it diverged: which step, and what to try. */
  readonly error: PlainError | null;
}
