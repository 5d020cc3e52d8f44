/** @file Channels side by side: dense connectivity. */
import { channelsOf, sameShape, showShape } from "../../core/index.ts";
import type { OpDefinition } from "../op.ts";

export interface Concat {
  readonly kind: "concat";
}

export const concat: OpDefinition<Concat> = {
  kind: "concat",
  arity: [2, 1024],
  check: () => undefined,
  inferShape(_, inputs) {
    const outer = (inputs[0] ?? []).slice(0, -1);
    const other = inputs.find((shape) => !sameShape(shape.slice(0, -1), outer));
    return other === undefined
      ? [...outer, inputs.reduce((sum, shape) => sum + channelsOf(shape), 0)]
      : { field: "inputs", expected: `maps of ${showShape(outer)}`, found: showShape(other) };
  },
  weights: () => ({}),
  macs: () => 0,
  coupling: () => ({ kind: "joins" }),
  cut: (op) => op,
};
