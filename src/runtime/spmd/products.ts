/**
 * @file The products of all pairs of a matrix's columns, XᵀX, on the wasm kernels. They are what a 1 × 1
 * convolution's weight gradient is, with one matrix as both its map and its gradient: rows are pixels,
 * columns are channels and filters. As XᵀX is symmetric, columns are taken in blocks, and a block is
 * multiplied with itself and what stands behind it only.
 */
import { known } from "../../core/index.ts";
import { ahead, Blocks, type Place } from "./blocks.ts";
import { controlOf, runSafely } from "./images.ts";
import { CONTROL } from "./instructions.ts";
import { padded } from "./layout.ts";
import { link } from "./link.ts";
import { Listing } from "./listing.ts";
import { panelsOf } from "./lower/task.ts";
import type { Machine } from "./machine.ts";

/** A matrix, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Borrowed. */
  readonly values: Float32Array;
}

/** Columns in a block: enough for the kernel to be fast, few enough to spare nearly half of the work. */
const BLOCK = 32;

/**
 * Multiplies one matrix after the other in one memory.
 * @param take — told products [columns][columns] of each, borrowed, of which [i][j] holds for j ≤ i
 */
export async function multiplyColumns(
  matrices: readonly Matrix[],
  machine: Machine,
  take: (products: Float32Array, index: number) => void,
): Promise<void> {
  const blocks = new Blocks();
  const most = (of: (matrix: Matrix) => number): number => Math.max(1, ...matrices.map(of));
  const values = blocks.keep("values", most(({ rows, columns }) => rows * strideOf(columns)) * 4);
  const products = blocks.keep("products", most(({ columns }) => columns * columns) * 4);
  const listings = matrices.map((matrix) =>
    lower(matrix, { blocks, values, products, threads: machine.threads }),
  );
  const linked = link(blocks, listings, machine.threads);
  const memory = machine.open(linked.bytes);
  try {
    linked.install(memory.buffer);
    for (const [index, matrix] of matrices.entries()) {
      const { rows, columns } = matrix;
      const room = rows * strideOf(columns);
      fill(new Float32Array(memory.buffer, linked.addressOf(values), room), matrix);
      controlOf(memory).whole[CONTROL.images] = 1;
      // Nothing that a run reads is changed by it.
      await runSafely(memory, known(linked.programs[index], "program"), () => {});
      const at = linked.addressOf(products);
      take(new Float32Array(memory.buffer, at, columns * columns), index);
    }
  } finally {
    memory.dispose();
  }
}

interface Setting {
  readonly blocks: Blocks;
  readonly values: Place;
  readonly products: Place;
  readonly threads: number;
}

function lower({ rows, columns }: Matrix, { blocks, values, products, threads }: Setting): Listing {
  const listing = new Listing();
  const stride = strideOf(columns);
  for (let from = 0; from < columns; from += BLOCK) {
    const filters = Math.min(BLOCK, columns - from);
    const channels = padded(columns) - from;
    const sumsStride = channels * panelsOf(filters) * 32;
    const sums = blocks.passing(`sums ${from}`, threads * sumsStride);
    listing.emit("convGemmGradient", {
      x: ahead(values, from),
      xStride: stride,
      height: rows,
      width: 1,
      channels,
      taps: 1,
      offsets: blocks.table([0, 0]),
      strideY: 1,
      strideX: 1,
      rows,
      columns: 1,
      dy: ahead(values, from),
      dyStride: stride,
      filters: padded(filters),
      sums,
      sumsStride,
    });
    listing.emit("reduceGemmGradient", {
      sums,
      sumsStride,
      taps: 1,
      channels,
      cin: columns - from,
      cinMap: blocks.table(Array.from({ length: columns - from }, (_, c) => c)),
      filters,
      gradient: ahead(products, from * columns + from),
      rowStride: columns,
    });
  }
  return listing;
}

/**
 * Floats from one row to the next: whole vectors, and a cache line more. Rows a power of two apart would
 * all fall on the same few lines of the cache and drive each other out.
 */
function strideOf(columns: number): number {
  return padded(columns) + 16;
}

/** Rows with zeros behind the last column. */
function fill(to: Float32Array, { rows, columns, values }: Matrix): void {
  const stride = strideOf(columns);
  if (columns % 4 !== 0) to.fill(0);
  for (let row = 0; row < rows; row++) {
    to.set(values.subarray(row * columns, (row + 1) * columns), row * stride);
  }
}
