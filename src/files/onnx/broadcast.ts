/**
 * @file The shape that an op has whose inputs are repeated until they fit each other, as ONNX defines it: axes are
 * compared from the last one on, and each is 1 or as long as the others. Nothing is said where an axis would
 * be repeated that our order has no place for.
 */
import type { Shape } from "../../core/index.ts";
import { type Activation, type Axis, dimsOf, type Value } from "./values.ts";

/** An activation's outside: shape in our order, axes in theirs. */
export type Extents = Pick<Activation, "shape" | "axes">;

interface Side {
  readonly dims: readonly (number | "batch")[];
  /** None for constants. */
  readonly axes: readonly Axis[];
}

/**
 * Example: maps `[6,6,1]` and `[1,1,3]` make `[6,6,3]`.
 * @returns nothing where the inputs do not fit, or no activation is among them
 */
export function broadcast(values: readonly Value[]): Extents | undefined {
  const activations = values.filter((value) => value.kind === "activation");
  if (activations.length === 0 || activations.some(({ pad }) => pad !== undefined))
    return undefined;
  const sides = values.map(sideOf);
  const rank = Math.max(...sides.map(({ dims }) => dims.length));
  const axes: Axis[] = [];
  const sizes = new Map<Axis, number | "batch">();
  for (let fromLast = rank; fromLast >= 1; fromLast--) {
    const axis = onlyOf(
      sides.map((side) => side.axes.at(-fromLast)),
      "one",
    );
    const size = onlyOf(
      sides.map((side) => side.dims.at(-fromLast)),
      1,
    );
    if (axis === undefined || size === undefined) return undefined;
    // A second axis of a kind, or one that is none of ours.
    if (axis === "one" ? size !== 1 : sizes.has(axis)) return undefined;
    axes.push(axis);
    sizes.set(axis, size);
  }
  const isMap = activations.some(({ shape }) => shape.length === 3);
  const shape = (isMap ? ["h", "w", "c"] : ["c"]).map((axis) => sizes.get(axis as Axis) ?? 1);
  return isShape(shape) ? { shape, axes } : undefined;
}

function sideOf(value: Value): Side {
  if (value.kind === "activation") return { dims: dimsOf(value), axes: value.axes };
  return { dims: value.dims, axes: [] };
}

/** What all agree on but for those that are not there or can be repeated; nothing where two differ. */
function onlyOf<T>(given: readonly (T | undefined)[], repeated: T): T | undefined {
  const different = new Set(given.filter((one) => one !== undefined && one !== repeated));
  if (different.size > 1) return undefined;
  const [found = repeated] = different;
  return found;
}

const isShape = (sizes: readonly (number | "batch")[]): sizes is Shape =>
  sizes.every((size) => size !== "batch");
