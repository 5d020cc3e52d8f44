/** @file What goes through a program, batch by batch, and the right answers to it. */
import { makeBatch, type Batch, type Dataset } from "../data/index.ts";
import type { Normalization } from "../model/index.ts";

/** Which images, and how their pixels become numbers. */
export interface Images {
  readonly dataset: Dataset;
  readonly indices: Uint32Array;
  readonly normalization: Normalization;
}

/** Values in the shape of a program's input, in a fixed order. */
export interface Feed {
  readonly count: number;
  /**
   * The values from `start` up to, but not including, `end`; borrowed. Callers walk in steps of one
   * batch size from 0.
   */
  slice(start: number, end: number): Batch;
}

/** Images, normalized as they are asked for. */
export function imageFeed({ dataset, indices, normalization }: Images): Feed {
  return {
    count: indices.length,
    slice: (start, end) => makeBatch(dataset, indices.subarray(start, end), normalization),
  };
}
