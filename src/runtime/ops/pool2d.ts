/**
 * @file Pooling on a backend. A 1×1 window with a stride is plain subsampling (the option-A shortcut);
 * the wasm backend's pooling refuses that size, so it is done by slicing everywhere.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Op, Window } from "../../model/index.ts";
import { isOurs } from "../kernels/wasm/tfjs/index.ts";
import { explicit } from "./conv2d.ts";
import type { BackwardArguments, BackwardResult, RuntimeOp } from "./runtime-op.ts";
import { asMap, runKernel, spread, subsample } from "./tensors.ts";

type MaxPool = Extract<Op, { kind: "maxPool" }>;
type AveragePool = Extract<Op, { kind: "averagePool" }>;

const isPoint = ({ size }: Window): boolean => size[0] === 1 && size[1] === 1;

/** What TensorFlow.js' pooling kernels take. */
function attributes(op: Window) {
  return {
    filterSize: [...op.size] as [number, number],
    strides: [...op.stride] as [number, number],
    pad: explicit(op.padding),
  };
}

function forward(kernel: "MaxPool" | "AvgPool", op: Window, x: tf.Tensor4D): tf.Tensor4D {
  return isPoint(op) ? subsample(x, op.stride) : asMap(runKernel(kernel, { x }, attributes(op)));
}

function pointGradient(op: Window, { dy, inputShapes }: BackwardArguments): BackwardResult {
  const [, h = 0, w = 0] = inputShapes[0] ?? [];
  return { inputs: [spread(asMap(dy), op.stride, h, w)], weights: {} };
}

export const maxPool: RuntimeOp<MaxPool> = {
  needs: { inputs: true, output: true },
  copies: 1,
  scratch: { forward: 0, backward: 3 },
  forward: (op, inputs) => ({ output: forward("MaxPool", op, asMap(inputs[0])) }),
  backward(op, args) {
    if (isPoint(op)) return pointGradient(op, args);
    const { dy, inputs, output } = args;
    const dx = runKernel(
      "MaxPoolGrad",
      { dy, input: asMap(inputs[0]), output: output as tf.Tensor },
      attributes(op),
    );
    return { inputs: [dx], weights: {} };
  },
};

export const averagePool: RuntimeOp<AveragePool> = {
  // TensorFlow.js' AvgPoolGrad reads its input's shape, not its values, but wants the tensor.
  needs: { inputs: true, output: false },
  copies: 1,
  scratch: { forward: 0, backward: 3 },
  forward: (op, inputs) => ({ output: forward("AvgPool", op, asMap(inputs[0])) }),
  backward(op, args) {
    if (isPoint(op)) return pointGradient(op, args);
    const input = asMap(args.inputs[0]);
    const dx = tf.tidy(() => {
      const dy =
        op.padding.every((pad) => pad === 0) || isOurs("AvgPoolGrad")
          ? args.dy
          : tf.mul(args.dy, windowShares(op, input.shape, asMap(args.dy).shape));
      return runKernel("AvgPoolGrad", { dy, input }, attributes(op));
    });
    return { inputs: [dx], weights: {} };
  },
};

/**
 * The window's size over the number of pixels it really covers, `[1, ho, wo, 1]`: TensorFlow.js
 * averages over the pixels that are there, but its gradient divides by the whole window, unless it is
 * ours.
 */
function windowShares(
  { size, stride, padding }: Window,
  [, h, w]: readonly number[],
  [, ho, wo]: readonly number[],
): tf.Tensor {
  const shares = (outputs = 0, side = 1, step = 1, before = 0, pixels = 0): tf.Tensor1D =>
    tf.tensor1d(
      Float32Array.from({ length: outputs }, (_, at) => {
        const start = at * step - before;
        return side / (Math.min(pixels, start + side) - Math.max(0, start));
      }),
    );
  const rows = shares(ho, size[0], stride[0], padding[0], h);
  const columns = shares(wo, size[1], stride[1], padding[2], w);
  return tf.reshape(tf.outerProduct(rows, columns), [1, ho ?? 0, wo ?? 0, 1]);
}
