/** @file Small pieces of tensor arithmetic that several ops share, each exact in what it owns. */
import * as tf from "@tensorflow/tfjs-core";
import { invariant } from "../../core/index.ts";

/** Runs one of the backend's kernels; the public type of attributes is narrower than the kernels'. */
export function runKernel(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: Readonly<Record<string, unknown>>,
): tf.Tensor {
  return tf.engine().runKernel(name, { ...inputs }, attributes as tf.NamedAttrMap);
}

/**
 * Sums over all axes but the last: `[…, c]` → `[c]`.
 *
 * On wasm a map is first averaged by its pooling kernel, which is vectorized and adds up one image at
 * a time: several times faster than its Sum over outer axes (which transposes first), and closer to
 * the exact value, since no running sum gets long.
 */
export function columnSums(x: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => {
    const channels = x.shape[x.shape.length - 1] ?? 0;
    if (tf.getBackend() === "wasm" && x.rank === 4) {
      const [n = 0, h = 0, w = 0] = x.shape;
      const means = h * w > 1 ? tf.avgPool(x as tf.Tensor4D, [h, w], 1, "valid") : x;
      const pixels = tf.mul(tf.ones([1, n]), h * w) as tf.Tensor2D;
      const sums = tf.matMul(pixels, tf.reshape(means, [n, channels]));
      return tf.reshape(sums, [channels]);
    }
    const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
    return tf.sum(x, axes);
  });
}

/** Rows of a tensor seen as `[rows, c]`. */
export function rowsOf(x: tf.Tensor): number {
  return x.size / (x.shape[x.shape.length - 1] ?? 1);
}

/** Takes every `stride`-th pixel: `[n, h, w, c]` → `[n, ⌈h/s⌉, ⌈w/s⌉, c]`. */
export function subsample(x: tf.Tensor4D, stride: readonly [number, number]): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  return asMap(tf.stridedSlice(x, [0, 0, 0, 0], [n, h, w, c], [1, stride[0], stride[1], 1]));
}

/**
 * The opposite of {@link subsample}: puts `stride − 1` zeros behind every pixel, then cuts or fills
 * with zeros to `height` × `width`.
 */
export function spread(
  x: tf.Tensor4D,
  stride: readonly [number, number],
  height: number,
  width: number,
): tf.Tensor4D {
  if (stride[0] === 1 && stride[1] === 1 && x.shape[1] === height && x.shape[2] === width) {
    return tf.clone(x);
  }
  return tf.tidy(() => {
    const [n, h, w, c] = x.shape;
    const [sh, sw] = stride;
    let y: tf.Tensor = tf.reshape(x, [n * h, w, c]);
    if (sw > 1) {
      // [rows, w, 1·c] beside zeros [rows, w, (s−1)·c], read as [rows, w·s, c].
      y = tf.concat([y, tf.zeros([n * h, w, (sw - 1) * c])], 2);
    }
    y = tf.reshape(y, [n * h, w * sw * c]);
    if (sh > 1) y = tf.concat([y, tf.zeros([n * h, (sh - 1) * w * sw * c])], 1);
    const all = tf.reshape(y, [n, h * sh, w * sw, c]) as tf.Tensor4D;
    return resize(all, height, width);
  });
}

/** Cuts from, or adds zeros to, the bottom and the right. */
function resize(x: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const cut =
    h > height || w > width
      ? tf.slice(x, [0, 0, 0, 0], [n, Math.min(h, height), Math.min(w, width), c])
      : x;
  const [, ch, cw] = cut.shape;
  return ch === height && cw === width
    ? cut
    : tf.pad(cut, [
        [0, 0],
        [0, height - ch],
        [0, width - cw],
        [0, 0],
      ]);
}

/** The tensor as a map, after checking that it is one. */
export function asMap(x: tf.Tensor | undefined): tf.Tensor4D {
  invariant(x !== undefined && x.rank === 4, "a map was expected");
  return x as tf.Tensor4D;
}

/** The weight of that slot. */
export function slot(weights: Readonly<Record<string, tf.Tensor>>, name: string): tf.Tensor {
  const tensor = weights[name];
  invariant(tensor !== undefined, `weight ${name} was not loaded`);
  return tensor;
}

/** The first input. */
export function only(inputs: readonly tf.Tensor[]): tf.Tensor {
  const [input] = inputs;
  invariant(input !== undefined, "an input was expected");
  return input;
}
