/**
 * @file That a written network is the network: what was read back answers the same images with the
 * same bits, on the backend that runs. A folded network is held against the folded one bit by bit, and
 * against the network itself by the distance of their outputs.
 */
import { largestDifference, Witness, type Watch } from "../analyze/index.ts";
import { AppError, sameBits } from "../core/index.ts";
import type { Network } from "../model/index.ts";
import type { Folded } from "../quantize/index.ts";
import type { Backend } from "../runtime/index.ts";
import type { FoldRecord, ReadBack } from "./protocol.ts";

/** The largest distance between a folded network's outputs and the network's, of the largest output. */
const CLOSE = 1e-4;

/** Everything that is proved of one network; what it answers itself is asked once. */
export class Proof {
  readonly #network: Network;
  readonly #backend: Backend;
  readonly #watch: Watch;
  readonly #steps: number;
  readonly #witness: Witness;
  #own: Promise<Float32Array> | undefined;
  #done = 0;

  /** @param steps — how many comparisons there will be, for the progress */
  constructor(network: Network, backend: Backend, watch: Watch, steps: number) {
    this.#network = network;
    this.#backend = backend;
    this.#watch = watch;
    this.#steps = steps;
    this.#witness = new Witness(network, backend);
  }

  /** What every comparison that passed amounts to; `files/` has compared the weights. */
  get readBack(): ReadBack {
    return {
      weights: "bit-identical",
      logits: "bit-identical",
      images: this.#witness.images,
      backend: this.#backend.report.description,
    };
  }

  /**
   * Holds what was read back against what was written.
   * @returns what both answer
   * @throws runtime/not-repeatable: the weights are the same bits, so only the backend can be at fault
   */
  async compare(readBack: Network, written: Network): Promise<Float32Array> {
    const expected = await this.#answerOf(written);
    const found = await this.#witness.ask(readBack, this.#watch);
    if (!sameBits(found, expected)) {
      const { difference } = largestDifference(found, expected);
      throw new AppError("runtime/not-repeatable", {
        where: this.#backend.report.description,
        expected: "the same bits twice",
        found: `outputs that differ by ${difference.toPrecision(2)}`,
      });
    }
    this.#done = Math.min(this.#steps, this.#done + 1);
    this.#watch.onProgress?.({ done: this.#done, total: this.#steps, unit: "steps" });
    return expected;
  }

  /**
   * How far folding has moved the outputs.
   * @param answer — the folded network's
   * @throws quantize/inexact
   */
  async distance(folded: Folded, answer: Float32Array): Promise<FoldRecord> {
    const { difference, scale } = largestDifference(answer, await this.#answerOf(this.#network));
    const most = CLOSE * Math.max(1, scale);
    if (!(difference <= most)) {
      throw new AppError("quantize/inexact", {
        where: this.#network.name,
        expected: `outputs within ${most.toPrecision(2)}`,
        found: difference.toPrecision(2),
      });
    }
    const { batchNorms, selections, macs } = folded;
    return { batchNorms, selections, macs, largestDifference: difference };
  }

  #answerOf(network: Network): Promise<Float32Array> {
    if (network !== this.#network) return this.#witness.ask(network, this.#watch);
    this.#own ??= this.#witness.ask(network, this.#watch);
    return this.#own;
  }
}
