/** @file Elementwise sum of maps of one shape: the end of a residual branch. */
import { sameShape, showShape } from "../../core/index.ts";
import type { OpDefinition } from "../op.ts";

export interface Add {
  readonly kind: "add";
}

export const add: OpDefinition<Add> = {
  kind: "add",
  arity: [2, 64],
  check: () => undefined,
  inferShape(_, inputs) {
    const first = inputs[0] ?? [];
    const other = inputs.find((shape) => !sameShape(shape, first));
    return other === undefined
      ? first
      : { field: "inputs", expected: showShape(first), found: showShape(other) };
  },
  weights: () => ({}),
  macs: () => 0,
  coupling: () => ({ kind: "ties" }),
  cut: (op) => op,
};
