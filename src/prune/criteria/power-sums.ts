/**
 * @file Σ|w|^p of every filter of a kernel: one pass over the memory as it lies, row by row of one value
 * a filter, in double precision.
 *
 * Example: filters as columns, [[1, −3], [2, 0]], p = 1 → [3, 3].
 */
import type { Tensor } from "../../model/index.ts";
import { rowsOf } from "./evidence.ts";

/** @param kernel — `[…, cout]`; borrowed @returns `[cout]` */
export function powerSums(kernel: Tensor, p: number): Float64Array {
  const { values } = kernel;
  const { width } = rowsOf(kernel);
  const sums = new Float64Array(width);
  // The powers that everybody uses have loops of their own: Math.pow is thirty times slower.
  if (p === 1) {
    for (let at = 0; at < values.length; at += width) {
      for (let c = 0; c < width; c++) {
        sums[c] = (sums[c] as number) + Math.abs(values[at + c] as number);
      }
    }
  } else if (p === 2) {
    for (let at = 0; at < values.length; at += width) {
      for (let c = 0; c < width; c++) {
        const w = values[at + c] as number;
        sums[c] = (sums[c] as number) + w * w;
      }
    }
  } else {
    for (let at = 0; at < values.length; at += width) {
      for (let c = 0; c < width; c++) {
        sums[c] = (sums[c] as number) + Math.abs(values[at + c] as number) ** p;
      }
    }
  }
  return sums;
}
