/**
 * @file Batch normalization on a backend, with PyTorch's statistics: biased variance to normalize,
 * unbiased variance into the running one (Ioffe & Szegedy 2015).
 *
 * With m rows, x̂ = (x − μ)·r, r = 1/√(σ² + ε):
 *   dβ = Σ dy,  dγ = Σ dy·x̂,  dx = γ·r·(dy − dβ/m − x̂·dγ/m)
 * and with statistics that are constants, dx = γ·r·dy.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { BatchNorm } from "../../model/index.ts";
import type { ForwardResult, RuntimeOp, Slots } from "./runtime-op.ts";
import { columnSums, only, rowsOf, slot } from "./tensors.ts";

function inference(op: BatchNorm, x: tf.Tensor, weights: Slots): ForwardResult {
  const output = tf.tidy(() => {
    const { scale, shift } = affine(op, weights);
    return tf.add(tf.mul(x, scale), shift);
  });
  return { output };
}

/** Running statistics, γ and β as one scale and one shift per channel. */
export function affine(op: BatchNorm, weights: Slots): { scale: tf.Tensor; shift: tf.Tensor } {
  const deviation = tf.sqrt(tf.add(slot(weights, "variance"), op.epsilon));
  const scale = tf.div(slot(weights, "gamma"), deviation);
  const shift = tf.sub(slot(weights, "beta"), tf.mul(slot(weights, "mean"), scale));
  return { scale, shift };
}

function training(op: BatchNorm, x: tf.Tensor, weights: Slots): ForwardResult {
  const rows = rowsOf(x);
  const [output, centered, reciprocal, mean, variance] = tf.tidy(() => {
    const batchMean = tf.div(columnSums(x), rows);
    const difference = tf.sub(x, batchMean);
    // Two passes: the mean is taken out before squaring, so nothing cancels.
    const batchVariance = tf.div(columnSums(tf.mul(difference, difference)), rows);
    const r = tf.div(1, tf.sqrt(tf.add(batchVariance, op.epsilon)));
    const y = tf.add(tf.mul(difference, tf.mul(r, slot(weights, "gamma"))), slot(weights, "beta"));
    // A single row has no unbiased variance; PyTorch refuses it, here the biased one (0) stands in.
    const unbiased = tf.mul(batchVariance, rows > 1 ? rows / (rows - 1) : 1);
    const blend = (old: tf.Tensor, now: tf.Tensor): tf.Tensor =>
      tf.add(tf.mul(old, 1 - op.momentum), tf.mul(now, op.momentum));
    return [
      y,
      difference,
      r,
      blend(slot(weights, "mean"), batchMean),
      blend(slot(weights, "variance"), unbiased),
    ] as const;
  });
  return { output, saved: [centered, reciprocal], statistics: { mean, variance } };
}

function frozen(op: BatchNorm, x: tf.Tensor, weights: Slots): ForwardResult {
  const [output, centered, reciprocal] = tf.tidy(() => {
    const difference = tf.sub(x, slot(weights, "mean"));
    const r = tf.div(1, tf.sqrt(tf.add(slot(weights, "variance"), op.epsilon)));
    const y = tf.add(tf.mul(difference, tf.mul(r, slot(weights, "gamma"))), slot(weights, "beta"));
    return [y, difference, r] as const;
  });
  return { output, saved: [centered, reciprocal] };
}

const FORWARD = { inference, training, frozen } as const;

export const batchNorm: RuntimeOp<BatchNorm> = {
  needs: { inputs: false, output: false },
  copies: 2,
  scratch: { forward: 2, backward: 4 },
  forward: (op, inputs, weights, mode) => FORWARD[mode](op, only(inputs), weights),
  backward(_op, { dy, saved, weights, mode }) {
    const [centered, reciprocal] = saved as [tf.Tensor, tf.Tensor];
    const rows = rowsOf(dy);
    const beta = columnSums(dy);
    const [dx, gamma] = tf.tidy(() => {
      const r = reciprocal;
      const dGamma = tf.mul(columnSums(tf.mul(dy, centered)), r);
      const outer = tf.mul(slot(weights, "gamma"), r);
      if (mode === "frozen") return [tf.mul(dy, outer), dGamma] as const;
      // γ·r·dy − (x − μ)·γ·r²·dγ/m − γ·r·dβ/m
      const slope = tf.mul(tf.mul(outer, r), tf.div(dGamma, rows));
      const constant = tf.mul(outer, tf.div(beta, rows));
      const gradient = tf.sub(tf.sub(tf.mul(dy, outer), tf.mul(centered, slope)), constant);
      return [gradient, dGamma] as const;
    });
    return { inputs: [dx], weights: { gamma, beta } };
  },
};
