/**
 * @file One parameter's SGD step, as PyTorch defines it: g ← g + wd·w; v ← m·v + g (v = g at first);
 * w ← w − lr·v. On a BN scale with sparsity s: subgradient, g ← g + s·sign(γ) with sign(0) = 0 before
 * all that (Liu et al. 2017, the reference code); or proximal, γ ← sign(γ)·max(|γ| − lr·s, 0) after it
 * (Parikh & Boyd 2014, §6.5.2), which ends at true zeros.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { StepSettings } from "./program.ts";

/** Runs inside a tidy of the caller, to whom both results belong. */
export function updateParameter(
  weight: tf.Tensor,
  gradient: tf.Tensor,
  velocity: tf.Tensor | undefined,
  settings: StepSettings,
  isScale: boolean,
): { weight: tf.Tensor; velocity: tf.Tensor } {
  const { learningRate, momentum, weightDecay, sparsity, sparsityForm } = settings;
  let g = gradient;
  if (isScale && sparsity > 0 && sparsityForm === "subgradient") {
    g = tf.add(g, tf.mul(tf.sign(weight), sparsity));
  }
  if (weightDecay > 0) g = tf.add(g, tf.mul(weight, weightDecay));
  const v = velocity === undefined ? tf.clone(g) : tf.add(tf.mul(velocity, momentum), g);
  let w = tf.sub(weight, tf.mul(v, learningRate));
  if (isScale && sparsity > 0 && sparsityForm === "proximal") {
    w = tf.mul(tf.sign(w), tf.relu(tf.sub(tf.abs(w), learningRate * sparsity)));
  }
  return { weight: w, velocity: v };
}
