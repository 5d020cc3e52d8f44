/** @file A program of other people that runs the networks we write. */
import type { Network } from "../../../src/model/index.ts";

/** Images that a network is given, the same here and there. */
export const IMAGES = 16;

/** One network with its images. */
export interface Work {
  readonly network: Network;
  /** `[n, h, w, c]`. */
  readonly images: Float32Array;
}

export interface Peer {
  /** As on the page about it: "plain TensorFlow.js". */
  readonly name: string;
  /** Why it is not here; nothing where it is. */
  readonly missing: string | undefined;
  /**
   * What it answers from the files that we write, `[n, outputs]` for each work in order.
   * @throws files/unsupported for a network that the format cannot say
   */
  logits(works: readonly Work[]): Promise<readonly ArrayLike<number>[]>;
}
