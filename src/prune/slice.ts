/** @file Cutting a weight along its declared axes. */
import { known } from "../core/index.ts";
import type { Kept, Tensor, WeightAxis, WeightSpec } from "../model/index.ts";

/** What survives of a node's channels, in and out. */
export interface KeptEnds {
  /** Of the first input: every op with weights has one. */
  readonly input: Kept;
  readonly output: Kept;
}

/**
 * Cuts a weight, or anything laid out like it.
 * @param tensor — borrowed; returned as it is when nothing goes
 */
export function sliceTensor(tensor: Tensor, spec: WeightSpec, ends: KeptEnds): Tensor {
  return spec.axes.reduce((cut, kind, axis) => {
    const kept = keptOn(kind, spec.shape[axis] ?? 0, ends);
    return kept === undefined || kept.length === spec.shape[axis] ? cut : take(cut, axis, kept);
  }, tensor);
}

function keptOn(kind: WeightAxis, size: number, { input, output }: KeptEnds): Kept | undefined {
  if (kind === "fixed") return undefined;
  if (kind === "output") return output;
  if (kind === "input") return input;
  // Slot s of every group survives or none does. Depthwise has but one slot, which stays.
  return Int32Array.from(new Set(input.map((channel) => channel % size))).sort();
}

/** The entries of one axis, in the given order. [2, 4] at axis 1, kept [0, 3] → [2, 2]. */
function take({ shape, values }: Tensor, axis: number, kept: Kept): Tensor {
  const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
  const outer = product(shape.slice(0, axis));
  const inner = product(shape.slice(axis + 1));
  const size = known(shape[axis], "axis");
  const result = new Float32Array(outer * kept.length * inner);
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (const channel of kept) {
      const from = (o * size + channel) * inner;
      if (inner === 1) result[to] = values[from] as number;
      else result.set(values.subarray(from, from + inner), to);
      to += inner;
    }
  }
  return { shape: shape.with(axis, kept.length), values: result };
}
