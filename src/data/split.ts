/**
 * @file Training and validation out of one training set: a seeded permutation, the last tenth kept
 * for validation (CIFAR: 45 000 / 5 000), so that the test set stays untouched until it is asked for.
 */
import { makeRandom, permutation } from "../core/index.ts";
import { countOf, type Dataset } from "./dataset.ts";

/** Indices into one dataset. */
export interface Split {
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
}

/**
 * The seed of the split that everything here uses, whatever a run's own seed: were it to change with
 * the run, one run's validation images would be another's training images.
 */
export const SPLIT_SEED = 1;

const SPLIT_STREAM = 1;

/** @param validationShare — in [0, 1), rounded to whole images */
export function splitOff(dataset: Dataset, seed: number, validationShare = 0.1): Split {
  const order = permutation(countOf(dataset), makeRandom(seed, SPLIT_STREAM));
  const kept = order.length - Math.round(order.length * validationShare);
  return { training: order.slice(0, kept), validation: order.slice(kept) };
}
