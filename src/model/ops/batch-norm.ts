/**
 * @file Batch normalization over the last axis. `momentum` is PyTorch's: running ← (1 − momentum) ·
 * running + momentum · batch, the running variance taking the unbiased batch variance.
 */
import { channelsOf, showShape } from "../../core/index.ts";
import type { OpDefinition, WeightSpec } from "../op.ts";

export interface BatchNorm {
  readonly kind: "batchNorm";
  readonly epsilon: number;
  /** Share of the newest batch in the running statistics, in (0, 1]. */
  readonly momentum: number;
}

export const batchNorm: OpDefinition<BatchNorm> = {
  kind: "batchNorm",
  arity: [1, 1],
  check({ epsilon, momentum }) {
    if (!(epsilon > 0 && epsilon < 1)) {
      return { field: "epsilon", expected: "a number between 0 and 1", found: String(epsilon) };
    }
    return momentum > 0 && momentum <= 1
      ? undefined
      : { field: "momentum", expected: "a number in (0, 1]", found: String(momentum) };
  },
  inferShape: (_, [input = []]) =>
    input.length === 1 || input.length === 3
      ? input
      : { field: "input", expected: "[h,w,c] or [features]", found: showShape(input) },
  weights(_, [input = []]) {
    const of = (trainable: boolean): WeightSpec => ({
      shape: [channelsOf(input)],
      axes: ["output"],
      trainable,
    });
    return { gamma: of(true), beta: of(true), mean: of(false), variance: of(false) };
  },
  macs: () => 0,
  coupling: () => ({ kind: "passes" }),
  cut: (op) => op,
};
