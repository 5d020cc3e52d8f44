/**
 * @file The gradient of max-pooling on the wasm backend's own memory. The stock kernel sends a tie's
 * gradient to the last of the equal pixels, while PyTorch, and TensorFlow.js on cpu, take the first;
 * a channel that is constant (γ = 0) consists of nothing but ties, so the difference shows.
 */
import * as tf from "@tensorflow/tfjs-core";

type Attributes = Readonly<{
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  dimRoundingMode?: "floor" | "round" | "ceil";
}>;

/** The part of tfjs-backend-wasm that gives access to its heap; pinned at 4.22. */
interface WasmHeap {
  makeOutput(shape: number[], dtype: "float32"): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
}

/** A kernel function for TensorFlow.js' registry: `MaxPoolGrad`. */
export function maxPoolGradient(
  heap: WasmHeap,
  dy: tf.TensorInfo,
  input: tf.TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: Attributes,
): tf.TensorInfo {
  const shape = input.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(
    shape,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const output = heap.makeOutput(input.shape, "float32");
  // Views only after the allocation: memory that grows would leave older ones detached.
  const dx = heap.typedArrayFromHeap(output).fill(0);
  scatter(info, heap.typedArrayFromHeap(input), heap.typedArrayFromHeap(dy), dx);
  return output;
}

/** Adds each gradient to the first of its window's largest pixels. */
function scatter(
  info: tf.backend_util.Conv2DInfo,
  x: Float32Array,
  dy: Float32Array,
  dx: Float32Array,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth } = info;
  for (let n = 0; n < batchSize; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const top = oy * info.strideHeight - info.padInfo.top;
      const [y0, y1] = [Math.max(0, top), Math.min(inHeight, top + info.filterHeight)];
      for (let ox = 0; ox < outWidth; ox++) {
        const left = ox * info.strideWidth - info.padInfo.left;
        const [x0, x1] = [Math.max(0, left), Math.min(inWidth, left + info.filterWidth)];
        const out = ((n * outHeight + oy) * outWidth + ox) * inChannels;
        for (let c = 0; c < inChannels; c++) {
          let best = ((n * inHeight + y0) * inWidth + x0) * inChannels + c;
          for (let y = y0; y < y1; y++) {
            for (let px = x0; px < x1; px++) {
              const at = ((n * inHeight + y) * inWidth + px) * inChannels + c;
              if ((x[at] as number) > (x[best] as number)) best = at;
            }
          }
          dx[best] = (dx[best] as number) + (dy[out + c] as number);
        }
      }
    }
  }
}
