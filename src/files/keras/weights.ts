/**
 * @file What a translation asks of a file's weights, whichever way the file names them.
 */
import { AppError, type Shape } from "../../core/index.ts";
import type { Tensor } from "../../model/index.ts";
import type { KerasLayer } from "./config.ts";

/** One weight of one layer. */
export interface WantedWeight {
  readonly layer: KerasLayer;
  /** Keras' words for it; they changed between versions. */
  readonly names: readonly string[];
  /** Its place among the layer's weights. */
  readonly index: number;
  /** As Keras shapes it. */
  readonly shape: Shape;
}

/** The weights of one file. */
export interface KerasWeights {
  /**
   * Takes a weight, for good.
   * @returns nothing when the file has none
   */
  take(wanted: WantedWeight): Tensor | undefined;
  /** The name of a weight that a layer of the network has, and nothing took. */
  stray(): string | undefined;
}

/** State of layers that is no weight: counters of Normalization, seeds of Dropout. */
const STATE = /(?:^|\/)(?:seed_generator_state|count)(?::\d+)?$/;

/** True for what a file carries beside weights and nothing has to take. */
function isState(name: string): boolean {
  return STATE.test(name);
}

/** Longest path that a name is found by: a model, its layer, a scope or two, the weight. */
const MOST_SEGMENTS = 8;

/** Names of weights, found by their ends: `conv/kernel` finds `model/conv/kernel:0`. */
export class NameIndex {
  readonly #left: Set<string>;
  readonly #byTail = new Map<string, string[]>();

  constructor(
    names: Iterable<string>,
    readonly where: string,
  ) {
    this.#left = new Set(names);
    for (const name of this.#left) {
      const parts = withoutCopy(name).split("/");
      for (let from = Math.max(0, parts.length - MOST_SEGMENTS); from < parts.length; from++) {
        const tail = parts.slice(from).join("/");
        const same = this.#byTail.get(tail);
        if (same === undefined) this.#byTail.set(tail, [name]);
        else same.push(name);
      }
    }
  }

  /**
   * Takes the one name that ends in a tail; the first tail that any name ends in decides.
   * @throws files/duplicate-name when several do, and none of them is the tail itself
   */
  take(tails: readonly string[]): string | undefined {
    for (const tail of tails) {
      const found = (this.#byTail.get(tail) ?? []).filter((name) => this.#left.has(name));
      const exact = found.filter((name) => withoutCopy(name) === tail);
      const [name, another] = exact.length > 0 ? exact : found;
      if (name === undefined) continue;
      if (another !== undefined) {
        throw new AppError("files/duplicate-name", {
          where: this.where,
          expected: `one weight ${tail}`,
          found: `${name} and ${another}`,
        });
      }
      this.#left.delete(name);
      return name;
    }
    return undefined;
  }

  /** The first name that nothing took, state left aside. */
  stray(): string | undefined {
    for (const name of this.#left) if (!isState(name)) return name;
    return undefined;
  }
}

/** TensorFlow counts the outputs of what made a variable: `kernel:0`. */
function withoutCopy(name: string): string {
  return name.replace(/:\d+$/, "");
}
