/**
 * @file What is measured, seen from outside: something that is given a network, runs it, and says how
 * long each step took. Espalier's own runtime is one peer among the others. The pages of
 * `train-page/` answer by the same words.
 */

/** A training step on a whole batch; a forward pass in inference mode; the shipped network on images. */
export type RunKind = "train" | "forward" | "evaluate";

/** What a peer runs. */
export interface Load {
  /** Of the zoo, such as `vgg16`. */
  readonly architecture: string;
  /** Factor on every width; 1. */
  readonly width?: number | undefined;
  readonly batch: number;
  /** 2. */
  readonly threads?: number | undefined;
  /** Share of the MACs that is pruned away first, in [0, 1); 0. */
  readonly ratio?: number | undefined;
}

/** What a peer says once it is ready. */
export interface Ready {
  /** What runs: versions, threads, choices. */
  readonly description: string;
  /** Its answer to the first image, by which peers are checked to run the same network. */
  readonly logits: readonly number[];
  /** What a training step takes at most, where the peer knows. */
  readonly plannedBytes?: number;
}

export interface Peer {
  /** Takes the place of what was there before. */
  init(load: Load): Promise<Ready>;
  /** @returns milliseconds of each step, by the clock on the wall */
  run(kind: RunKind, steps: number): Promise<readonly number[]>;
}

/** A peer that lives in processes of its own. */
export interface OpenPeer extends Peer {
  /** Processor time that its processes have used so far; NaN where the system does not tell. */
  cpuSeconds(): number;
  close(): Promise<void>;
}

export const USUAL_THREADS = 2;
