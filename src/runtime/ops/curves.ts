/**
 * @file The activations with a bend instead of a threshold, of kernels that every backend has: wasm
 * lacks those of their gradients. ELU, leaky ReLU and tanh tell their slope by what came out of them,
 * so that nothing else is kept; swish falls and rises again, and needs what went in.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Op } from "../../model/index.ts";
import type { BackwardResult, RuntimeOp } from "./runtime-op.ts";
import { only } from "./tensors.ts";

type Kind<K extends Op["kind"]> = Extract<Op, { kind: K }>;

function toInput(gradient: () => tf.Tensor): BackwardResult {
  return { inputs: [tf.tidy(gradient)], weights: {} };
}

/** dx = dy·(y + alpha) below 0. The derivative at 0 is alpha, as in PyTorch. */
export const elu: RuntimeOp<Kind<"elu">> = {
  needs: { inputs: false, output: true },
  copies: 1,
  scratch: { forward: 1, backward: 3 },
  // TensorFlow.js knows alpha 1 alone; a leaky ReLU behind it scales what is negative.
  forward: ({ alpha }, inputs) => ({
    output: tf.tidy(() => {
      const y = tf.elu(only(inputs));
      return alpha === 1 ? y : tf.leakyRelu(y, alpha);
    }),
  }),
  backward({ alpha }, { dy, output }) {
    const y = only([output as tf.Tensor]);
    return toInput(() => tf.mul(dy, tf.add(tf.step(y, alpha), tf.minimum(y, 0))));
  },
};

/** The derivative at 0 is alpha, as in PyTorch. */
export const leakyRelu: RuntimeOp<Kind<"leakyRelu">> = {
  needs: { inputs: false, output: true },
  copies: 1,
  scratch: { forward: 0, backward: 1 },
  forward: ({ alpha }, inputs) => ({ output: tf.leakyRelu(only(inputs), alpha) }),
  backward({ alpha }, { dy, output }) {
    const y = only([output as tf.Tensor]);
    return toInput(() => tf.mul(dy, tf.step(y, alpha)));
  },
};

/** With s = sigmoid(x): dx = dy·s·(1 + x·(1 − s)). */
export const swish: RuntimeOp<Kind<"swish">> = {
  needs: { inputs: true, output: false },
  copies: 1,
  scratch: { forward: 1, backward: 5 },
  forward: (_, inputs) => ({
    output: tf.tidy(() => tf.mul(only(inputs), tf.sigmoid(only(inputs)))),
  }),
  backward(_, { dy, inputs }) {
    const x = only(inputs);
    return toInput(() => {
      const s = tf.sigmoid(x);
      return tf.mul(dy, tf.mul(s, tf.add(tf.mul(x, tf.sub(1, s)), 1)));
    });
  },
};

/** dx = dy·(1 − y²). */
export const tanh: RuntimeOp<Kind<"tanh">> = {
  needs: { inputs: false, output: true },
  copies: 1,
  scratch: { forward: 0, backward: 2 },
  forward: (_, inputs) => ({ output: tf.tanh(only(inputs)) }),
  backward(_, { dy, output }) {
    const y = only([output as tf.Tensor]);
    return toInput(() => tf.mul(dy, tf.sub(1, tf.mul(y, y))));
  },
};
