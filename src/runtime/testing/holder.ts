/**
 * @file A network in which the numbers that reach the op under test are themselves weights, so that
 * the gradient by an op's input can be read, and the input moved, like any other parameter.
 *
 * Image i is black but for a 1 in its corner, in channel i. A convolution whose window is as large as
 * the map then puts out its own kernel, turned around: x[i, y, x, c] = kernel[h−1−y, w−1−x, i, c].
 */
import { makeRandom, permutation, sizeOf, type Shape } from "../../core/index.ts";
import type { GraphBuilder } from "../../model/index.ts";
import { type NodeName } from "../../model/index.ts";

/** Distance between two values of {@link spacedValues}; the nearest one to 0 is half of it away. */
export const SPACING = 0.03;

/** Starts a graph whose node of that name yields `[batch, …shape]` out of its own kernel. */
export function addHolder(
  b: GraphBuilder,
  name: NodeName,
  [h = 1, w = 1, c = 1]: Shape,
  from: NodeName,
): NodeName {
  return b.add(
    name,
    {
      kind: "conv2d",
      filters: c,
      groups: 1,
      bias: false,
      size: [h, w],
      stride: [1, 1],
      padding: [h - 1, 0, w - 1, 0],
    },
    from,
  );
}

/** The images, `[batch, h, w, batch]`, that make a holder put out its kernel. */
export function corners(batch: number, [h = 1, w = 1]: Shape): Float32Array {
  const images = new Float32Array(batch * h * w * batch);
  for (let i = 0; i < batch; i++) images[i * h * w * batch + i] = 1;
  return images;
}

/** What a holder with that kernel, `[h, w, batch, c]`, puts out: `[batch, h, w, c]`. */
export function heldBy(kernel: Float32Array, batch: number, [h = 1, w = 1, c = 1]: Shape) {
  const x = new Float32Array(kernel.length);
  for (let i = 0; i < batch; i++) {
    for (let y = 0; y < h; y++) {
      for (let px = 0; px < w; px++) {
        for (let k = 0; k < c; k++) {
          const from = (((h - 1 - y) * w + (w - 1 - px)) * batch + i) * c + k;
          x[((i * h + y) * w + px) * c + k] = kernel[from] ?? Number.NaN;
        }
      }
    }
  }
  return x;
}

/**
 * Values around `center`, all different and none nearer than half a {@link SPACING} to a multiple of
 * it: no maximum is tied and no kink (0, 6) is close, so a loss over them is smooth.
 */
export function spacedValues(shape: Shape, seed: number, center: number): Float32Array {
  const count = sizeOf(shape);
  const order = permutation(count, makeRandom(seed, 77));
  const least = Math.round(center / SPACING) - Math.floor(count / 2);
  return Float32Array.from(order, (rank) => (least + rank + 0.5) * SPACING);
}
