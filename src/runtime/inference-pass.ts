/** @file One batch through the network in inference mode, by the fused plan. */
import type * as tf from "@tensorflow/tfjs-core";
import type { NodeName } from "../model/index.ts";
import { Activations } from "./activations.ts";
import type { DeviceWeights } from "./device-weights.ts";
import type { FusedInstruction } from "./inference-plan.ts";
import type { InferenceWeights } from "./inference-weights.ts";
import { fusedConvolution } from "./ops/conv2d.ts";
import { runtimeOf } from "./ops/index.ts";
import { asMap } from "./ops/tensors.ts";

/** What a batch runs on. */
export interface InferenceSetting {
  readonly plan: readonly FusedInstruction[];
  readonly weights: DeviceWeights;
  readonly folded: InferenceWeights;
}

/**
 * Runs a planned batch.
 * @param fed — the images, `[n, h, w, c]`; taken
 * @param wanted — the output, and what the plan knows to be watched
 * @returns their values in that order; the caller's
 */
export function runInference(
  { plan, weights, folded }: InferenceSetting,
  fed: tf.Tensor,
  wanted: readonly NodeName[],
): readonly tf.Tensor[] {
  const values = new Activations();
  for (const { node, bn, activation, result, free } of plan) {
    const inputs = node.inputs.map((name) => values.get(name));
    const slots = weights.slots(node.name);
    if (node.op.kind === "input") values.put(result, fed);
    else if (node.op.kind === "conv2d") {
      const bnSlots = bn === undefined ? {} : weights.slots(bn.name);
      const { kernel, bias } = folded.of(node, slots, bn, bnSlots);
      values.put(result, fusedConvolution(node.op, asMap(inputs[0]), kernel, bias, activation));
    } else {
      values.put(result, runtimeOf(node.op).forward(node.op, inputs, slots, "inference").output);
    }
    values.drop(free);
  }
  const taken = wanted.map((name) => values.take(name));
  // What nobody reads and nobody asked for was made all the same.
  values.dropAll();
  return taken;
}
