/**
 * @file The products of all pairs of a matrix's columns, on whatever backend there is: distances between
 * filters are made of them, and least squares.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Backend } from "./backend.ts";
import { multiplyColumns, type Matrix } from "./spmd/products.ts";

/**
 * XᵀX of each matrix X, in single precision.
 * @param take — told the products [columns][columns] of each matrix in turn, borrowed; [i][j] holds for
 *   j ≤ i, the rest is left to chance
 * @throws runtime/out-of-memory, runtime/thread-lost
 */
export async function columnProducts(
  matrices: readonly Matrix[],
  { machine }: Backend,
  take: (products: Float32Array, index: number) => void,
): Promise<void> {
  if (machine !== null) return multiplyColumns(matrices, machine, take);
  for (const [index, { rows, columns, values }] of matrices.entries()) {
    const products = tf.tidy(() => {
      const x = tf.tensor2d(values, [rows, columns]);
      return tf.matMul(x, x, true, false);
    });
    const read = (await products.data()) as Float32Array;
    products.dispose();
    take(read, index);
  }
}
