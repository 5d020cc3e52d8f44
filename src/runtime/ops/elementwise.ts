/** @file Activations, sums and rearrangements: the ops without weights that keep or move values. */
import * as tf from "@tensorflow/tfjs-core";
import { invariant } from "../../core/index.ts";
import { isIdentitySelection, type ChannelSelect, type Op } from "../../model/index.ts";
import type { RuntimeOp } from "./runtime-op.ts";
import { only } from "./tensors.ts";

type Kind<K extends Op["kind"]> = Extract<Op, { kind: K }>;

export const input: RuntimeOp<Kind<"input">> = {
  needs: { inputs: false, output: false },
  copies: 1,
  scratch: { forward: 0, backward: 0 },
  forward: () => invariant(false, "the input is fed, not run") as never,
  backward: () => ({ inputs: [], weights: {} }),
};

/** The derivative at 0 is 0, as in PyTorch. */
export const relu: RuntimeOp<Kind<"relu">> = {
  needs: { inputs: false, output: true },
  copies: 1,
  scratch: { forward: 0, backward: 1 },
  forward: (_, inputs) => ({ output: tf.relu(only(inputs)) }),
  backward: (_, { dy, output }) => ({
    inputs: [tf.tidy(() => tf.mul(dy, tf.step(only([output as tf.Tensor]))))],
    weights: {},
  }),
};

/** The derivative at 0 and at 6 is 0, as in PyTorch's hardtanh. */
export const relu6: RuntimeOp<Kind<"relu6">> = {
  needs: { inputs: false, output: true },
  copies: 1,
  scratch: { forward: 0, backward: 4 },
  forward: (_, inputs) => ({ output: tf.relu6(only(inputs)) }),
  backward(_, { dy, output }) {
    const y = only([output as tf.Tensor]);
    const open = (): tf.Tensor => tf.mul(tf.mul(dy, tf.step(y)), tf.step(tf.sub(6, y)));
    return { inputs: [tf.tidy(open)], weights: {} };
  },
};

export const add: RuntimeOp<Kind<"add">> = {
  needs: { inputs: false, output: false },
  copies: 1,
  scratch: { forward: 1, backward: 0 },
  forward: (_, inputs) => ({
    output: tf.tidy(() => inputs.slice(1).reduce((sum, x) => tf.add(sum, x), only(inputs))),
  }),
  backward: (_, { dy, inputShapes }) => ({
    inputs: inputShapes.map(() => tf.clone(dy)),
    weights: {},
  }),
};

export const concat: RuntimeOp<Kind<"concat">> = {
  needs: { inputs: false, output: false },
  copies: 1,
  scratch: { forward: 0, backward: 0 },
  forward: (_, inputs) => ({ output: tf.concat([...inputs], -1) }),
  backward: (_, { dy, inputShapes }) => ({
    inputs: tf.split(
      dy,
      inputShapes.map((shape) => shape[shape.length - 1] ?? 0),
      dy.rank - 1,
    ),
    weights: {},
  }),
};

export const flatten: RuntimeOp<Kind<"flatten">> = {
  needs: { inputs: false, output: false },
  copies: 1,
  scratch: { forward: 0, backward: 0 },
  forward(_, inputs) {
    const x = only(inputs);
    const n = x.shape[0] ?? 1;
    return { output: tf.reshape(x, [n, x.size / n]) };
  },
  backward: (_, { dy, inputShapes }) => ({
    inputs: [tf.reshape(dy, inputShapes[0] ?? [])],
    weights: {},
  }),
};

export const globalAveragePool: RuntimeOp<Kind<"globalAveragePool">> = {
  needs: { inputs: false, output: false },
  copies: 1,
  scratch: { forward: 0, backward: 1 },
  forward(_, inputs) {
    const x = only(inputs) as tf.Tensor4D;
    const [n, h, w, c] = x.shape;
    const pooled = (): tf.Tensor =>
      h * w === 1 ? tf.reshape(x, [n, c]) : tf.reshape(tf.avgPool(x, [h, w], 1, "valid"), [n, c]);
    return { output: tf.tidy(pooled) };
  },
  backward(_, { dy, inputShapes }) {
    const [n = 0, h = 0, w = 0, c = 0] = inputShapes[0] ?? [];
    const dx = tf.tidy(() =>
      tf.add(tf.zeros([n, h, w, c]), tf.reshape(tf.div(dy, h * w), [n, 1, 1, c])),
    );
    return { inputs: [dx], weights: {} };
  },
};

/**
 * A selection is a product with a 0/1 matrix: exact, and its gradient is the product with the
 * transpose, which every backend has (a gather's gradient is missing on TensorFlow.js' wasm).
 */
export const channelSelect: RuntimeOp<ChannelSelect> = {
  needs: { inputs: false, output: false },
  copies: 1,
  scratch: { forward: 1, backward: 1 },
  forward(op, inputs) {
    const x = only(inputs);
    const channels = x.shape[x.rank - 1] ?? 0;
    if (isIdentitySelection(op, channels)) return { output: tf.clone(x) };
    return { output: tf.tidy(() => onRows(x, selection(op, channels), false)) };
  },
  backward(op, { dy, inputShapes }) {
    const channels = inputShapes[0]?.at(-1) ?? 0;
    if (isIdentitySelection(op, channels)) return { inputs: [tf.clone(dy)], weights: {} };
    return { inputs: [tf.tidy(() => onRows(dy, selection(op, channels), true))], weights: {} };
  },
};

/** `[channels, selected]` with a single 1 a column, none where the index is −1. */
function selection(op: ChannelSelect, channels: number): tf.Tensor2D {
  const values = new Float32Array(channels * op.indices.length);
  op.indices.forEach((index, column) => {
    if (index >= 0) values[index * op.indices.length + column] = 1;
  });
  return tf.tensor2d(values, [channels, op.indices.length]);
}

function onRows(x: tf.Tensor, matrix: tf.Tensor2D, transposed: boolean): tf.Tensor {
  const channels = x.shape[x.rank - 1] ?? 1;
  const flat = tf.reshape(x, [x.size / channels, channels]);
  const turned = transposed ? tf.transpose(matrix) : matrix;
  const product = tf.matMul(flat, turned);
  return tf.reshape(product, [...x.shape.slice(0, -1), turned.shape[1] ?? 0]);
}

/** Only at the end, and only in inference: while training the loss takes the logits. */
export const softmax: RuntimeOp<Kind<"softmax">> = {
  needs: { inputs: false, output: true },
  copies: 1,
  scratch: { forward: 0, backward: 3 },
  forward: (_, inputs) => ({ output: tf.softmax(only(inputs)) }),
  backward(_, { dy, output }) {
    const y = only([output as tf.Tensor]);
    const dx = tf.tidy(() => {
      const inner = tf.sum(tf.mul(dy, y), -1, true);
      return tf.mul(y, tf.sub(dy, inner));
    });
    return { inputs: [dx], weights: {} };
  },
};
