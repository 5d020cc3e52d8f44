/** @file A fully connected layer on a vector: `x · kernel + bias`. */
import { showShape, sizeOf } from "../../core/index.ts";
import type { OpDefinition, WeightSpec } from "../op.ts";

export interface Dense {
  readonly kind: "dense";
  readonly units: number;
  readonly bias: boolean;
}

export const dense: OpDefinition<Dense> = {
  kind: "dense",
  arity: [1, 1],
  check: ({ units }) =>
    Number.isSafeInteger(units) && units > 0
      ? undefined
      : { field: "units", expected: "a positive integer", found: String(units) },
  inferShape: (op, [input = []]) =>
    input.length === 1
      ? [op.units]
      : { field: "input", expected: "[features]", found: showShape(input) },
  weights(op, [input = []]) {
    const kernel: WeightSpec = {
      shape: [sizeOf(input), op.units],
      axes: ["input", "output"],
      trainable: true,
    };
    const bias: WeightSpec = { shape: [op.units], axes: ["output"], trainable: true };
    return op.bias ? { kernel, bias } : { kernel };
  },
  macs: (op, [input = []]) => sizeOf(input) * op.units,
  coupling: () => ({ kind: "opens", groups: 1 }),
  cut: (op, _shapes, _kept, output) => ({ ...op, units: output.length }),
};
