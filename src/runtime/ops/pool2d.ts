/**
 * @file Pooling on a backend. A 1×1 window with a stride is plain subsampling (the option-A shortcut);
 * the wasm backend's pooling refuses that size, so it is done by slicing everywhere.
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { Op, Window } from "../../model/index.ts";
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
  forward: (op, inputs) => ({ output: forward("AvgPool", op, asMap(inputs[0])) }),
  backward(op, args) {
    if (isPoint(op)) return pointGradient(op, args);
    const dx = runKernel(
      "AvgPoolGrad",
      { dy: args.dy, input: asMap(args.inputs[0]) },
      attributes(op),
    );
    return { inputs: [dx], weights: {} };
  },
};
