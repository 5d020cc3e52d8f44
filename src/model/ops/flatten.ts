/** @file `[h, w, c]` → `[h·w·c]`, channels innermost: feature j is channel j mod c. */
import { sizeOf } from "../../core/index.ts";
import type { OpDefinition } from "../op.ts";

export interface Flatten {
  readonly kind: "flatten";
}

export const flatten: OpDefinition<Flatten> = {
  kind: "flatten",
  arity: [1, 1],
  check: () => undefined,
  inferShape: (_, [input = []]) => [sizeOf(input)],
  weights: () => ({}),
  macs: () => 0,
  coupling: () => ({ kind: "tiles" }),
  cut: (op) => op,
};
