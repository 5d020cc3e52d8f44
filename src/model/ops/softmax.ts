/** @file Softmax over the features of a vector; only ever at the end of a network. */
import { showShape } from "../../core/index.ts";
import type { OpDefinition } from "../op.ts";

export interface Softmax {
  readonly kind: "softmax";
}

export const softmax: OpDefinition<Softmax> = {
  kind: "softmax",
  arity: [1, 1],
  check: () => undefined,
  inferShape: (_, [input = []]) =>
    input.length === 1
      ? input
      : { field: "input", expected: "[features]", found: showShape(input) },
  weights: () => ({}),
  macs: () => 0,
  coupling: () => ({ kind: "passes" }),
  cut: (op) => op,
};
