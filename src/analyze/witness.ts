/**
 * @file What networks answer to the same images, bit by bit: whether a file that was read back computes
 * what the network did. The images are noise of order 1, as normalized pixels are; any will do.
 */
import { makeRandom, sizeOf } from "../core/index.ts";
import { costOf, endsOf, type Network } from "../model/index.ts";
import { compile, type Backend } from "../runtime/index.ts";
import type { Watch } from "./evaluate.ts";
import { fitting } from "./fitting.ts";

const MOST_IMAGES = 16;
/** A few seconds of a slow machine; a network of more per image is shown one. */
const MOST_MACS = 8e9;
const SEED = 16;

/** Asks networks of one input shape, one after the other. */
export class Witness {
  /** How many images they are shown. */
  readonly images: number;
  readonly #pixels: Float32Array;
  readonly #size: number;
  readonly #backend: Backend;

  /** @param network — whose input the images have, and whose cost says how many there can be */
  constructor(network: Network, backend: Backend) {
    const macs = Math.max(1, costOf(network).macs);
    this.images = Math.max(1, Math.min(MOST_IMAGES, Math.floor(MOST_MACS / macs)));
    this.#size = sizeOf(endsOf(network).input);
    this.#backend = backend;
    const random = makeRandom(SEED);
    this.#pixels = Float32Array.from({ length: this.images * this.#size }, () => random.normal());
  }

  /**
   * The outputs of a network of the same input shape, `[images, outputs]`.
   * @throws runtime/out-of-memory when not even one image fits; the signal's reason when aborted
   */
  async ask(network: Network, { signal, breathe }: Watch = {}): Promise<Float32Array> {
    const program = await fitting(this.images, (batch) => compile(network, this.#backend, batch));
    try {
      const parts: Float32Array[] = [];
      for (let from = 0; from < this.images; from += program.batch) {
        signal?.throwIfAborted();
        const to = Math.min(this.images, from + program.batch);
        parts.push(
          await program.forward(this.#pixels.subarray(from * this.#size, to * this.#size)),
        );
        await breathe?.();
      }
      return joined(parts);
    } finally {
      program.dispose();
    }
  }
}

/** The largest difference between two answers, and the largest value of the second: the scale of it. */
export function largestDifference(
  found: Float32Array,
  expected: Float32Array,
): { readonly difference: number; readonly scale: number } {
  let [difference, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [found[i] ?? NaN, expected[i] as number];
    // Two infinities of one sign are no difference; a NaN must not get lost in a comparison.
    const apart = Object.is(a, b) ? 0 : Math.abs(a - b);
    if (Number.isNaN(apart)) return { difference: Infinity, scale };
    difference = Math.max(difference, apart);
    scale = Math.max(scale, Math.abs(b));
  }
  return { difference, scale };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const part of parts) {
    whole.set(part, to);
    to += part.length;
  }
  return whole;
}
