/**
 * @file Convolution weights with their batch norm folded in, made on the device when first wanted and
 * thrown away when the weights change: W′ = W·γ/√(σ²+ε) per output channel, b′ = β + (b − μ)·γ/√(σ²+ε).
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Node, NodeName } from "../model/index.ts";
import { affine } from "./ops/batch-norm.ts";
import type { Slots } from "./ops/runtime-op.ts";
import { slot } from "./ops/tensors.ts";

export interface FoldedWeights {
  readonly kernel: tf.Tensor4D;
  readonly bias: tf.Tensor1D | undefined;
}

/** Owns the folded tensors of one program. */
export class InferenceWeights {
  readonly #made = new Map<NodeName, FoldedWeights>();

  /** Borrowed from here until the next `clear`. */
  of(node: Node, weights: Slots, bn: Node | undefined, bnWeights: Slots): FoldedWeights {
    const kernel = slot(weights, "kernel") as tf.Tensor4D;
    const bias = weights["bias"] as tf.Tensor1D | undefined;
    if (bn === undefined || bn.op.kind !== "batchNorm") return { kernel, bias };
    const before = this.#made.get(node.name);
    if (before !== undefined) return before;
    const op = bn.op;
    const [foldedKernel, foldedBias] = tf.tidy(() => {
      const { scale, shift } = affine(op, bnWeights);
      const scaled = tf.mul(kernel, scale) as tf.Tensor4D;
      const shifted = bias === undefined ? shift : tf.add(shift, tf.mul(bias, scale));
      return [scaled, tf.clone(shifted)] as const;
    }) as unknown as [tf.Tensor4D, tf.Tensor1D];
    const made = { kernel: foldedKernel, bias: foldedBias };
    this.#made.set(node.name, made);
    return made;
  }

  clear(): void {
    for (const { kernel, bias } of this.#made.values()) {
      kernel.dispose();
      bias?.dispose();
    }
    this.#made.clear();
  }
}
