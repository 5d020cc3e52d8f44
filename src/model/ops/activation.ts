/**
 * @file Activations: functions of one value at a time. All map 0 to 0, which masking relies on; a
 * sigmoid does not, and is none of them.
 */
import type { Complaint, OpDefinition } from "../op.ts";

export interface Relu {
  readonly kind: "relu";
}

/** min(max(x, 0), 6). */
export interface Relu6 {
  readonly kind: "relu6";
}

/** x above 0, alpha·(eˣ − 1) below (Clevert et al. 2016, eq. 15). */
export interface Elu {
  readonly kind: "elu";
  readonly alpha: number;
}

/** x above 0, alpha·x below (Maas et al. 2013). */
export interface LeakyRelu {
  readonly kind: "leakyRelu";
  readonly alpha: number;
}

/** x·sigmoid(x), also called SiLU (Ramachandran et al. 2017, with β = 1). */
export interface Swish {
  readonly kind: "swish";
}

export interface Tanh {
  readonly kind: "tanh";
}

function activation<O extends { readonly kind: string }>(
  kind: O["kind"],
  check: (op: O) => Complaint | undefined = () => undefined,
): OpDefinition<O> {
  return {
    kind,
    arity: [1, 1],
    check,
    inferShape: (_, [input = []]) => input,
    weights: () => ({}),
    macs: () => 0,
    coupling: () => ({ kind: "passes" }),
    cut: (op) => op,
  };
}

export const relu = activation<Relu>("relu");
export const relu6 = activation<Relu6>("relu6");
export const swish = activation<Swish>("swish");
export const tanh = activation<Tanh>("tanh");

/** Finite as a float32, in which it is multiplied: infinity times 0 would not be 0. */
export const elu = activation<Elu>("elu", ({ alpha }) =>
  alpha > 0 && Number.isFinite(Math.fround(alpha))
    ? undefined
    : { field: "alpha", expected: "a finite number above 0", found: String(alpha) },
);

export const leakyRelu = activation<LeakyRelu>("leakyRelu", ({ alpha }) =>
  alpha > 0 && alpha < 1
    ? undefined
    : { field: "alpha", expected: "a number between 0 and 1", found: String(alpha) },
);
