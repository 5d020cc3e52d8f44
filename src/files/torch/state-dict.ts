/**
 * @file What a PyTorch checkpoint amounts to once it is data: tensors by name, in the file's order, and the
 * few plain values that stand beside them. Layouts are PyTorch's: conv weights `[cout, cin/groups, kh, kw]`,
 * linear `[out, in]`.
 */
import type { Shape } from "../../core/index.ts";

/** A tensor as the file has it, widened to float32; integers beyond 2^24 are refused before. */
export interface TorchTensor {
  readonly shape: Shape;
  /** Row-major and contiguous, whatever strides the file had. */
  readonly values: Float32Array;
  /** As stored: "float32", "float16", "bfloat16", "float64", "int64", … */
  readonly dtype: string;
}

/** Tensors by name, such as `feature.0.weight`. */
export type StateDict = ReadonlyMap<string, TorchTensor>;

/** One checkpoint. */
export interface Checkpoint {
  /** Without the `module.` that DataParallel puts in front of every name. */
  readonly tensors: StateDict;
  /** network-slimming's list of widths with "M" (max pool) and "A" (average pool), where the file has one. */
  readonly cfg: readonly (number | string)[] | undefined;
  /** Plain values beside the weights, such as `{ epoch: 160, best_prec1: 0.94 }`. Plain JSON. */
  readonly extras: Readonly<Record<string, unknown>>;
  /** Sentences for the person about what was left aside. */
  readonly notes: readonly string[];
}
