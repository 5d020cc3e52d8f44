/** @file Whether a state is worth keeping: finite throughout, and not far off from where it was. */
import { countNotFinite, type Tensor, type TensorName } from "../model/index.ts";
import type { Parameters } from "../runtime/index.ts";

/** The first weight or buffer with a number that is not finite. */
export function firstNotFinite({ weights, velocity }: Parameters): TensorName | undefined {
  const bad = (tensors: ReadonlyMap<TensorName, Tensor>): TensorName | undefined =>
    [...tensors].find(([, { values }]) => countNotFinite(values) > 0)?.[0];
  return bad(weights) ?? bad(velocity);
}

/** Loss growth that no healthy run shows: beyond it a state is not taken as "last good". */
const WILD_GROWTH = 10;

/** Remembers the best loss and judges later ones by it. */
export class LossWatch {
  #best = Infinity;

  /** @returns false when the loss is not finite or more than ten times the best so far */
  accept(loss: number): boolean {
    if (!Number.isFinite(loss) || loss > WILD_GROWTH * Math.max(this.#best, 1)) return false;
    this.#best = Math.min(this.#best, loss);
    return true;
  }
}
