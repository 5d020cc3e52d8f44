/** @file The mean of each channel over the whole map: `[h, w, c]` → `[c]`. */
import { channelsOf, showShape } from "../../core/index.ts";
import type { OpDefinition } from "../op.ts";

export interface GlobalAveragePool {
  readonly kind: "globalAveragePool";
}

export const globalAveragePool: OpDefinition<GlobalAveragePool> = {
  kind: "globalAveragePool",
  arity: [1, 1],
  check: () => undefined,
  inferShape: (_, [input = []]) =>
    input.length === 3
      ? [channelsOf(input)]
      : { field: "input", expected: "[h,w,c]", found: showShape(input) },
  weights: () => ({}),
  macs: () => 0,
  coupling: () => ({ kind: "passes" }),
  cut: (op) => op,
};
