/**
 * @file Convolution on a backend: plain, depthwise, and grouped as one plain convolution a group.
 * The gradients go through TensorFlow.js' kernel names; on wasm `kernels/wasm` supplies them.
 */
import * as tf from "@tensorflow/tfjs-core";
import { depthMultiplier, type Conv2d, type Padding } from "../../model/index.ts";
import type { BackwardArguments, RuntimeOp, Slots } from "./runtime-op.ts";
import { asMap, columnSums, runKernel, slot } from "./tensors.ts";

/**
 * Padding as TensorFlow.js' kernels take it. Its public types name only "valid" and "same" in places
 * where every kernel takes explicit pads too, hence the type.
 */
export function explicit([top, bottom, left, right]: Padding): "valid" {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ] as unknown as "valid";
}

/** Runs inference with bias and activation in one kernel where the backend has it. */
export function fusedConvolution(
  op: Conv2d,
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  activation: "linear" | "relu" | "relu6",
): tf.Tensor4D {
  const strides: [number, number] = [...op.stride];
  const settings = { x, strides, pad: explicit(op.padding), activation };
  const biased = bias === undefined ? {} : { bias };
  const multiplier = depthMultiplier(op, x.shape[3]);
  if (multiplier !== undefined) {
    const filter = depthwiseFilter(kernel, x.shape[3], multiplier);
    const y = tf.fused.depthwiseConv2d({ ...settings, ...biased, filter });
    filter.dispose();
    return y;
  }
  if (op.groups === 1) return tf.fused.conv2d({ ...settings, ...biased, filter: kernel });
  return tf.tidy(() => {
    const y = forward(op, x, kernel);
    const z = bias === undefined ? y : tf.add<tf.Tensor4D>(y, bias);
    if (activation === "linear") return z;
    return activation === "relu" ? tf.relu(z) : tf.relu6(z);
  });
}

/** `[kh, kw, 1, cin·m]` as `[kh, kw, cin, m]`. */
function depthwiseFilter(kernel: tf.Tensor4D, cin: number, multiplier: number): tf.Tensor4D {
  return tf.reshape(kernel, [kernel.shape[0], kernel.shape[1], cin, multiplier]);
}

/** Splits two tensors by their last axis, works on each pair, and joins what comes out. */
function byGroup(
  op: Conv2d,
  a: tf.Tensor4D,
  b: tf.Tensor4D,
  work: (one: Conv2d, a: tf.Tensor4D, b: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  return tf.tidy(() => {
    const one = { ...op, groups: 1, filters: op.filters / op.groups };
    const others = tf.split<tf.Tensor4D>(b, op.groups, 3);
    const parts = tf
      .split<tf.Tensor4D>(a, op.groups, 3)
      .map((part, g) => work(one, part, asMap(others[g])));
    return tf.concat(parts, 3);
  });
}

function forward(op: Conv2d, x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  const multiplier = depthMultiplier(op, x.shape[3]);
  const strides: [number, number] = [...op.stride];
  if (multiplier !== undefined) {
    return tf.tidy(() => {
      const filter = depthwiseFilter(kernel, x.shape[3], multiplier);
      return tf.depthwiseConv2d(x, filter, strides, explicit(op.padding));
    });
  }
  if (op.groups > 1) return byGroup(op, x, kernel, forward);
  return tf.conv2d(x, kernel, strides, explicit(op.padding));
}

/** What every gradient kernel is told. */
function attributes(op: Conv2d) {
  const pad = explicit(op.padding);
  return { strides: [...op.stride], pad, dataFormat: "NHWC", dilations: [1, 1] };
}

function inputGradient(
  op: Conv2d,
  dy: tf.Tensor4D,
  kernel: tf.Tensor4D,
  shape: number[],
): tf.Tensor4D {
  const cin = shape[3] ?? 0;
  const multiplier = depthMultiplier(op, cin);
  if (multiplier !== undefined) {
    return tf.tidy(() => {
      const filter = depthwiseFilter(kernel, cin, multiplier);
      const settings = { ...attributes(op), inputShape: shape };
      return asMap(runKernel("DepthwiseConv2dNativeBackpropInput", { dy, filter }, settings));
    });
  }
  if (op.groups > 1) {
    const part = [...shape.slice(0, 3), cin / op.groups];
    return byGroup(op, dy, kernel, (one, a, b) => inputGradient(one, a, b, part));
  }
  const settings = { ...attributes(op), inputShape: shape };
  return asMap(runKernel("Conv2DBackpropInput", { dy, filter: kernel }, settings));
}

function filterGradient(op: Conv2d, x: tf.Tensor4D, dy: tf.Tensor4D, shape: number[]): tf.Tensor4D {
  const [kh = 1, kw = 1, part = 1] = shape;
  const cin = x.shape[3];
  const multiplier = depthMultiplier(op, cin);
  if (multiplier !== undefined) {
    return tf.tidy(() => {
      const settings = { ...attributes(op), filterShape: [kh, kw, cin, multiplier] };
      const gradient = runKernel("DepthwiseConv2dNativeBackpropFilter", { x, dy }, settings);
      return asMap(tf.reshape(gradient, shape));
    });
  }
  if (op.groups > 1) {
    return byGroup(op, x, dy, (one, a, b) =>
      filterGradient(one, a, b, [kh, kw, part, one.filters]),
    );
  }
  const settings = { ...attributes(op), filterShape: shape };
  return asMap(runKernel("Conv2DBackpropFilter", { x, dy }, settings));
}

function weightGradients(op: Conv2d, { inputs, dy, weights }: BackwardArguments): Slots {
  const kernel = slot(weights, "kernel");
  const dKernel = filterGradient(op, asMap(inputs[0]), asMap(dy), kernel.shape);
  return op.bias ? { kernel: dKernel, bias: columnSums(dy) } : { kernel: dKernel };
}

export const conv2d: RuntimeOp<Conv2d> = {
  needs: { inputs: true, output: false },
  copies: 1,
  // Backward as wasm has it: both maps transposed, or the gradient spread by the stride.
  scratch: { forward: 1, backward: 5 },
  forward(op, inputs, weights) {
    const output = tf.tidy(() => {
      const y = forward(op, asMap(inputs[0]), slot(weights, "kernel") as tf.Tensor4D);
      return op.bias ? tf.add(y, slot(weights, "bias")) : y;
    });
    return { output };
  },
  backward(op, args) {
    const kernel = slot(args.weights, "kernel") as tf.Tensor4D;
    const dx = args.wantsInput
      ? inputGradient(op, asMap(args.dy), kernel, args.inputShapes[0] ?? [])
      : undefined;
    return { inputs: [dx], weights: weightGradients(op, args) };
  },
};
