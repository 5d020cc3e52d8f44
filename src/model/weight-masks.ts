/** @file Weights that are held at zero: which entries live, as bytes beside the weights. */
import { invariant } from "../core/index.ts";
import type { Tensor, TensorName } from "./network.ts";

/** By weight, in its layout: 1 for an entry that lives, 0 for one that is zero. What is not there lives. */
export type Masks = ReadonlyMap<TensorName, Uint8Array>;

/** The same tensors with zeros where a mask says so; others are shared. */
export function maskTensors(
  tensors: ReadonlyMap<TensorName, Tensor>,
  masks: Masks,
): ReadonlyMap<TensorName, Tensor> {
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const mask = masks.get(name);
      return [name, mask === undefined ? tensor : { ...tensor, values: masked(tensor, mask) }];
    }),
  );
}

function masked({ values }: Tensor, mask: Uint8Array): Float32Array {
  invariant(mask.length === values.length, `${mask.length} marks for ${values.length} values`);
  // Not a product: what is not finite must go too, and nothing becomes −0.
  return values.map((value, i) => (mask[i] === 0 ? 0 : value));
}
