/**
 * @file A fixed order over a dataset in which every prefix is balanced: class after class, each class's
 * images in seeded order. The first n images then stand for the whole as well as n images can, and a
 * longer look contains the shorter one.
 */
import { known, makeRandom, permutation } from "../core/index.ts";
import type { Dataset } from "./dataset.ts";

const SUBSET_STREAM = 4;

/** @param indices — which of the dataset's images; all by default */
export function balancedOrder(dataset: Dataset, seed: number, indices?: Uint32Array): Uint32Array {
  const pool = indices ?? Uint32Array.from(dataset.labels.keys());
  const byClass: number[][] = dataset.classes.map(() => []);
  for (const position of permutation(pool.length, makeRandom(seed, SUBSET_STREAM))) {
    const index = known(pool[position], "pool index");
    byClass[dataset.labels[index] ?? 0]?.push(index);
  }
  const order = new Uint32Array(pool.length);
  let at = 0;
  for (let round = 0; at < order.length; round++) {
    for (const images of byClass) {
      const index = images[round];
      if (index !== undefined) order[at++] = index;
    }
  }
  return order;
}
