/**
 * @file Products of matrices of which one is transposed, as the gradients of dense layers are. For these
 * TensorFlow.js leaves its fast path; here they are the gradients of a convolution on single pixels.
 */
import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { filterGradient, inputGradient } from "./convolution.ts";
import type { Engine } from "./engine.ts";
import { sizeOf } from "./heap.ts";

export interface ProductAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Below this many products there is nothing to gain. */
const FEWEST_PRODUCTS = 4096;

/** @returns nothing for a batch of matrices, and when not exactly one is transposed */
export function product(
  engine: Engine,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: ProductAttributes,
): TensorInfo | undefined {
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  if (sizeOf([...outerA, ...outerB]) !== 1 || transposeA === transposeB) return undefined;
  const [rowsA = 0, columnsA = 0] = a.shape.slice(-2);
  const [rowsB = 0, columnsB = 0] = b.shape.slice(-2);
  const outer = outerA.length > outerB.length ? outerA : outerB;
  const [left, right] = [engine.addressOf(a), engine.addressOf(b)];
  if (transposeA) {
    // Aᵀ·B sums over rows as a filter's gradient does over pixels.
    if (rowsA !== rowsB || rowsA * columnsA * columnsB < FEWEST_PRODUCTS) return undefined;
    const g = onPixels(rowsA, columnsA, columnsB);
    return engine.write([...outer, columnsA, columnsB], (dw) =>
      filterGradient(engine, g, { x: left, dy: right, dw }),
    );
  }
  // A·Bᵀ sums over columns as an input's gradient does over filters.
  if (columnsA !== columnsB || rowsA * columnsA * rowsB < FEWEST_PRODUCTS) return undefined;
  const g = onPixels(rowsA, rowsB, columnsA);
  return engine.write([...outer, rowsA, rowsB], (dx) =>
    inputGradient(g, { dy: left, w: right, dx }),
  );
}

/** A 1 × 1 convolution over so many single pixels. */
function onPixels(pixels: number, cin: number, cout: number): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo([pixels, 1, 1, cin], [1, 1, cin, cout], 1, 1, "valid");
}
