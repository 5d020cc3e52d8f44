/** @file The image: `[h, w, c]`, or a plain vector `[features]`. */
import { showShape, type Shape } from "../../core/index.ts";
import type { OpDefinition } from "../op.ts";

export interface Input {
  readonly kind: "input";
  /** Without the batch axis. */
  readonly shape: Shape;
}

export const input: OpDefinition<Input> = {
  kind: "input",
  arity: [0, 0],
  check: ({ shape }) =>
    (shape.length === 1 || shape.length === 3) &&
    shape.every((size) => Number.isSafeInteger(size) && size > 0)
      ? undefined
      : { field: "shape", expected: "[h,w,c] or [features]", found: showShape(shape) },
  inferShape: (op) => op.shape,
  weights: () => ({}),
  macs: () => 0,
  coupling: () => ({ kind: "fixed" }),
  cut: (op) => op,
};
