/**
 * @file How far every filter of a kernel lies from all others: Σ_j ‖w_i − w_j‖₂. From the products of
 * all pairs, ‖a − b‖² = ‖a‖² + ‖b‖² − 2ab, which costs n²d/2 multiplications instead of n²d subtractions
 * and squares one pair at a time. The mean filter is taken out first, since distances do not know where
 * zero is and small numbers cancel less; what rounding leaves below 0 counts as 0.
 *
 * Filters are packed four a panel, a panel's weights one after the other, and multiplied in blocks of
 * 4 × 4 pairs by 256 weights, so that what is multiplied stays in the nearest cache. In double precision.
 */
import type { Tensor } from "../../model/index.ts";
import { rowsOf } from "./evidence.ts";

const PANEL = 4;
const DEPTH = 256;

/** @param kernel — `[…, cout]`; borrowed @returns `[cout]`; cost O(cout²·weights of a filter) */
export function distanceSums(kernel: Tensor): Float64Array {
  const { rows, width } = rowsOf(kernel);
  const panels = Math.ceil(width / PANEL);
  const side = panels * PANEL;
  const products = new Float64Array(side * side);
  const packed = new Float64Array(side * Math.min(DEPTH, rows));
  for (let from = 0; from < rows; from += DEPTH) {
    const depth = Math.min(DEPTH, rows - from);
    pack(kernel.values, { from, depth, width, packed });
    for (let i = 0; i < panels; i++) {
      for (let j = i; j < panels; j++) multiply(packed, depth, [i, j], products, side);
    }
  }
  return sumsOf((i, j) => products[i * side + j] as number, width);
}

/** Multiplications that the distances within a kernel take. */
export function costOfDistances(kernel: Tensor): number {
  const { rows, width } = rowsOf(kernel);
  return (rows * width * (width + 1)) / 2;
}

/** Of the largest that distances can be for filters of that length, the least share to trust. */
const APART = 0.5;

/**
 * The same from products that were taken in single precision, of the filters as they are.
 * @param products — [width][width], of which [i][j] holds for j ≤ i; borrowed
 * @returns nothing when the filters have so much in common that differences of such products are
 *   mostly rounding: then they must be taken in double precision
 */
export function distancesOf(products: Float32Array, width: number): Float64Array | undefined {
  const at = (i: number, j: number): number => products[j * width + i] as number;
  let [lengths, common] = [0, 0];
  for (let i = 0; i < width; i++) {
    lengths += at(i, i);
    common += at(i, i);
    for (let j = i + 1; j < width; j++) common += 2 * at(i, j);
  }
  // Σ over pairs of ‖a − b‖² is n·Σ‖a‖² − ‖Σ a‖².
  if (width > 1 && width * lengths - common < APART * width * lengths) return undefined;
  return sumsOf(at, width);
}

interface Slab {
  readonly from: number;
  readonly depth: number;
  readonly width: number;
  readonly packed: Float64Array;
}

/** Some rows of all filters without their mean, as [panel][row][4]; zeros where there is no filter. */
function pack(values: Float32Array, { from, depth, width, packed }: Slab): void {
  packed.fill(0);
  for (let row = 0; row < depth; row++) {
    const at = (from + row) * width;
    let mean = 0;
    for (let c = 0; c < width; c++) mean += values[at + c] as number;
    mean /= width;
    for (let c = 0; c < width; c++) {
      const panel = (c >> 2) * depth;
      packed[(panel + row) * PANEL + (c & 3)] = (values[at + c] as number) - mean;
    }
  }
}

/** Adds the 16 products of two panels. */
function multiply(
  packed: Float64Array,
  depth: number,
  [i, j]: readonly [number, number],
  products: Float64Array,
  side: number,
): void {
  const [a, b] = [i * depth * PANEL, j * depth * PANEL];
  for (let half = 0; half < PANEL; half += 2) {
    let [s0, s1, s2, s3, t0, t1, t2, t3] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let k = 0; k < depth * PANEL; k += PANEL) {
      const p = packed[a + k + half] as number;
      const q = packed[a + k + half + 1] as number;
      const b0 = packed[b + k] as number;
      const b1 = packed[b + k + 1] as number;
      const b2 = packed[b + k + 2] as number;
      const b3 = packed[b + k + 3] as number;
      s0 += p * b0;
      s1 += p * b1;
      s2 += p * b2;
      s3 += p * b3;
      t0 += q * b0;
      t1 += q * b1;
      t2 += q * b2;
      t3 += q * b3;
    }
    let to = (i * PANEL + half) * side + j * PANEL;
    for (const s of [s0, s1, s2, s3]) products[to++] = (products[to - 1] as number) + s;
    to += side - PANEL;
    for (const t of [t0, t1, t2, t3]) products[to++] = (products[to - 1] as number) + t;
  }
}

/** @param product — of two filters, the lower one first */
function sumsOf(product: (i: number, j: number) => number, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    const own = product(i, i);
    for (let j = i + 1; j < width; j++) {
      const square = own + product(j, j) - 2 * product(i, j);
      const distance = Math.sqrt(Math.max(0, square));
      sums[i] = (sums[i] as number) + distance;
      sums[j] = (sums[j] as number) + distance;
    }
  }
  return sums;
}
