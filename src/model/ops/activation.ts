/** @file ReLU and ReLU6. Both map 0 to 0, which masking relies on. */
import type { OpDefinition } from "../op.ts";

export interface Relu {
  readonly kind: "relu";
}

/** min(max(x, 0), 6). */
export interface Relu6 {
  readonly kind: "relu6";
}

function activation<K extends "relu" | "relu6">(kind: K): OpDefinition<{ readonly kind: K }> {
  return {
    kind,
    arity: [1, 1],
    check: () => undefined,
    inferShape: (_, [input = []]) => input,
    weights: () => ({}),
    macs: () => 0,
    coupling: () => ({ kind: "passes" }),
    cut: (op) => op,
  };
}

export const relu: OpDefinition<Relu> = activation("relu");
export const relu6: OpDefinition<Relu6> = activation("relu6");
