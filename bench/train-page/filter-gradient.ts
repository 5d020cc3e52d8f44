/**
 * @file The one gradient that stock tfjs-backend-wasm lacks, composed of its own ops as a person would
 * who only wants to train: for each tap of the window the pixels under it, times the output's gradient.
 */
import * as tf from "@tensorflow/tfjs";

/** dW[kh, kw, ci, co] = Σ over n, i, j of x[n, i·s + kh − p, j·s + kw − p, ci] · dy[n, i, j, co]. */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  { filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: tf.backend_util.Conv2DInfo,
): tf.Tensor4D {
  const [n, rows, columns, cout] = dy.shape;
  const cin = x.shape[3];
  const { top, bottom, left, right } = padInfo;
  const padded = tf.pad4d(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const flatDy = tf.reshape(dy, [n * rows * columns, cout]);
  const taps: tf.Tensor[] = [];
  for (let kh = 0; kh < filterHeight; kh++) {
    for (let kw = 0; kw < filterWidth; kw++) {
      const [endY, endX] = [kh + rows * strideHeight, kw + columns * strideWidth];
      const under =
        strideHeight === 1 && strideWidth === 1
          ? tf.slice4d(padded, [0, kh, kw, 0], [n, rows, columns, cin])
          : tf.stridedSlice(
              padded,
              [0, kh, kw, 0],
              [n, Math.min(endY, padded.shape[1]), Math.min(endX, padded.shape[2]), cin],
              [1, strideHeight, strideWidth, 1],
            );
      // Transposed apart: inside matMul the backend would leave its fast path.
      taps.push(tf.matMul(tf.transpose(tf.reshape(under, [n * rows * columns, cin])), flatDy));
    }
  }
  return tf.reshape(tf.stack(taps), [filterHeight, filterWidth, cin, cout]);
}

/** Puts it where TensorFlow.js' own gradient of conv2d looks for it. */
export function registerFilterGradient(): void {
  const kernelName = "Conv2DBackpropFilter";
  if (tf.getKernel(kernelName, "wasm") !== undefined) return;
  tf.registerKernel({
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
      const { filterShape, strides, pad } = attrs as unknown as {
        filterShape: [number, number, number, number];
        strides: [number, number];
        pad: "valid" | "same" | number;
      };
      const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
      return tf.tidy(() => filterGradient(x, dy, info));
    },
  });
}
