/**
 * @file What every op must be able to do on a backend. Ownership: inputs, weights and gradients that
 * come in are borrowed; every tensor that goes out belongs to the caller.
 */
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Op } from "../../model/index.ts";

/**
 * Inference: batch norm by its running statistics, nothing kept. Training: by the batch's, which also
 * move the running ones. Frozen: a gradient of inference, by the running statistics as constants.
 */
export type Mode = "inference" | "training" | "frozen";

/** A node's weights by slot. */
export type Slots = Readonly<Record<string, Tensor>>;

export interface ForwardResult {
  readonly output: Tensor;
  /** What backward wants beside inputs and output. */
  readonly saved?: readonly Tensor[];
  /** New running statistics by slot. */
  readonly statistics?: Slots;
}

export interface BackwardArguments {
  /** Gradient of the loss by the output. */
  readonly dy: Tensor;
  /** Present when `needs.inputs`. */
  readonly inputs: readonly Tensor[];
  /** Present when `needs.output`. */
  readonly output: Tensor | undefined;
  readonly saved: readonly Tensor[];
  readonly weights: Slots;
  /** Shapes with the batch axis. */
  readonly inputShapes: readonly number[][];
  /** False at the first layer: nobody wants the image's gradient. */
  readonly wantsInput: boolean;
  readonly mode: "training" | "frozen";
}

export interface BackwardResult {
  /** By input; nothing where it was not wanted. */
  readonly inputs: readonly (Tensor | undefined)[];
  /** By slot, for trainable weights. */
  readonly weights: Slots;
}

export interface RuntimeOp<O extends Op> {
  /** Which of its own tensors backward reads again: what must stay alive. */
  readonly needs: { readonly inputs: boolean; readonly output: boolean };
  /** Activation-sized tensors that forward leaves alive for backward: output and what it saves. */
  readonly copies: number;
  /**
   * Tensors that forward and backward need beside these and give back at once, counted in the size of
   * the op's largest input or output: what the plan must leave room for.
   */
  readonly scratch: { readonly forward: number; readonly backward: number };
  /** `saved` is filled in unless the mode is inference. */
  forward(op: O, inputs: readonly Tensor[], weights: Slots, mode: Mode): ForwardResult;
  backward(op: O, args: BackwardArguments): BackwardResult;
}
