/** @file The fully connected layer on a backend. */
import * as tf from "@tensorflow/tfjs-core";
import type { Op } from "../../model/index.ts";
import type { RuntimeOp } from "./runtime-op.ts";
import { columnSums, only, slot } from "./tensors.ts";

type Dense = Extract<Op, { kind: "dense" }>;

export const dense: RuntimeOp<Dense> = {
  needs: { inputs: true, output: false },
  copies: 1,
  scratch: { forward: 1, backward: 0 },
  forward(op, inputs, weights) {
    const output = tf.tidy(() => {
      const y = tf.matMul(only(inputs), slot(weights, "kernel"));
      return op.bias ? tf.add(y, slot(weights, "bias")) : y;
    });
    return { output };
  },
  backward(op, { inputs, dy, weights, wantsInput }) {
    const x = only(inputs) as tf.Tensor2D;
    const kernel = slot(weights, "kernel") as tf.Tensor2D;
    const dx = wantsInput ? tf.matMul(dy, kernel, false, true) : undefined;
    const dKernel = tf.matMul(x, dy, true, false);
    return {
      inputs: [dx],
      weights: op.bias ? { kernel: dKernel, bias: columnSums(dy) } : { kernel: dKernel },
    };
  },
};
