/** @file Cutting a weight along its declared axes, all of them in one pass over what stays. */
import { known, sizeOf } from "../core/index.ts";
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
  const kept = spec.axes.map((kind, axis) => {
    const on = keptOn(kind, known(spec.shape[axis], "axis"), ends);
    return on?.length === spec.shape[axis] ? undefined : on;
  });
  return kept.every((on) => on === undefined) ? tensor : gather(tensor, kept);
}

function keptOn(kind: WeightAxis, size: number, { input, output }: KeptEnds): Kept | undefined {
  if (kind === "fixed") return undefined;
  if (kind === "output") return output;
  if (kind === "input") return input;
  // Slot s of every group survives or none does. Depthwise has but one slot, which stays.
  return Int32Array.from(new Set(input.map((channel) => channel % size))).sort();
}

/**
 * The entries of each axis, in the given order; all where nothing is given. [2, 4] with [0, 3] kept of
 * the second axis → [2, 2].
 */
function gather({ shape, values }: Tensor, kept: readonly (Kept | undefined)[]): Tensor {
  const sizes = shape.map((size, axis) => kept[axis]?.length ?? size);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const result = new Float32Array(sizeOf(sizes));
  const lastCut = kept.findLastIndex((on) => on !== undefined);
  const inner = known(strides[lastCut], "stride");
  const places = known(kept[lastCut], "kept");
  let to = 0;
  const copyRow = (from: number): void => {
    if (inner === 1) {
      for (let j = 0; j < places.length; j++) {
        result[to + j] = values[from + (places[j] as number)] as number;
      }
      to += places.length;
      return;
    }
    for (const place of places) {
      const start = from + place * inner;
      result.set(values.subarray(start, start + inner), to);
      to += inner;
    }
  };
  const walk = (axis: number, from: number): void => {
    if (axis === lastCut) return copyRow(from);
    const [on, stride] = [kept[axis], known(strides[axis], "stride")];
    for (let i = 0; i < (sizes[axis] as number); i++) {
      walk(axis + 1, from + (on === undefined ? i : (on[i] as number)) * stride);
    }
  };
  walk(0, 0);
  return { shape: sizes, values: result };
}
