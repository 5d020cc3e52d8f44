/**
 * @file From opinions to scores: several tensors speak for one channel (a residual stream's
 * convolutions, a flattened map's places), and one number comes out. The mean is Torch-Pruning's rule
 * (`group_reduction`), max and sum its others.
 *
 * Example: opinions [1, 4] and [3, 2] on one group → mean [2, 3], max [3, 4], sum [4, 6].
 */
import type { GroupId, GroupTable } from "../groups.ts";
import type { Normalisation, Opinion, Scores } from "./criterion.ts";

export type Reduction = "mean" | "max" | "sum";

/** Collects by class; cost O(opinions). */
export class Votes {
  readonly #reduction: Reduction;
  readonly #value: Float64Array;
  readonly #count: Int32Array;

  constructor(classes: number, reduction: Reduction) {
    this.#reduction = reduction;
    this.#value = new Float64Array(classes);
    this.#count = new Int32Array(classes);
  }

  add({ classes, values }: Opinion): void {
    const isMax = this.#reduction === "max";
    for (let j = 0; j < classes.length; j++) {
      const c = classes[j] as number;
      const [before, value] = [this.#value[c] as number, values[j] as number];
      const isFirst = this.#count[c] === 0;
      this.#value[c] = isFirst ? value : isMax ? Math.max(before, value) : before + value;
      this.#count[c] = (this.#count[c] as number) + 1;
    }
  }

  /** A group with a channel that nobody speaks for is left out, and so are fixed ones. */
  byGroup(table: GroupTable): Scores {
    const scores = new Map<GroupId, Float64Array>();
    for (const { id, start, size, fixed } of table.groups) {
      const counts = this.#count.subarray(start, start + size);
      if (fixed || counts.includes(0)) continue;
      const own = this.#value.slice(start, start + size);
      if (this.#reduction === "mean") counts.forEach((n, i) => (own[i] = (own[i] as number) / n));
      scores.set(id, own);
    }
    return scores;
  }
}

/**
 * Divides each group's scores by the mean of their sizes, or by their length as a vector. All stay as
 * they are in a group of zeros: a score is never NaN for want of anything else.
 */
export function normalise(scores: Scores, by: Normalisation): Scores {
  if (by === "none") return scores;
  return new Map(
    [...scores].map(([id, own]) => {
      const scale =
        by === "mean"
          ? own.reduce((sum, score) => sum + Math.abs(score), 0) / own.length
          : Math.sqrt(own.reduce((sum, score) => sum + score * score, 0));
      return [id, scale > 0 ? own.map((score) => score / scale) : own];
    }),
  );
}
