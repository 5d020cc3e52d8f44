/**
 * @file Values in another order of axes: how foreign layouts become ours and back. Nothing is
 * computed, so a weight that went out comes back with the same bits.
 */
import { type Shape, sizeOf } from "../../core/index.ts";
import { reverseAxes } from "../reversal.ts";

/** A convolution's kernel `[cout, cin, kh, kw]` → ours `[kh, kw, cin, cout]`. */
export const OIHW_TO_HWIO: readonly number[] = [2, 3, 1, 0];
/** And back. */
export const HWIO_TO_OIHW: readonly number[] = [3, 2, 0, 1];

/** The sizes in the new order: axis i of the result is axis `order[i]`. */
export function permuteShape(shape: Shape, order: readonly number[]): Shape {
  return order.map((axis) => shape[axis] as number);
}

/**
 * The values in the new order, copied. Cost O(values).
 * Example: `[2, 3]` with order `[1, 0]` is the transposed matrix.
 */
export function permute(
  values: Float32Array,
  shape: Shape,
  order: readonly number[],
): Float32Array<ArrayBuffer> {
  const groups = reversedGroups(shape, order);
  if (groups !== undefined) return reverseAxes(values, groups);
  const sizes = permuteShape(shape, order);
  const strides = permuteShape(
    shape.map((_, axis) => sizeOf(shape.slice(axis + 1))),
    order,
  );
  const permuted = new Float32Array(values.length);
  const place = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < permuted.length; to++) {
    permuted[to] = values[from] as number;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const [stride, size] = [strides[axis] as number, sizes[axis] as number];
      place[axis] = (place[axis] as number) + 1;
      from += stride;
      if (place[axis] !== size) break;
      place[axis] = 0;
      from -= stride * size;
    }
  }
  return permuted;
}

/**
 * The sizes of three groups of axes that an order puts the other way round, as `[2, 3, 1, 0]` does with
 * axis 0, axis 1, and axes 2 and 3 together: what kernels need.
 */
function reversedGroups(
  shape: Shape,
  order: readonly number[],
): readonly [number, number, number] | undefined {
  const groups: number[] = [];
  for (const [i, axis] of order.entries()) {
    const before = order[i - 1];
    const size = shape[axis] as number;
    if (before !== undefined && axis === before + 1) groups.push((groups.pop() as number) * size);
    else if (before === undefined || axis < before) groups.push(size);
    else return undefined;
  }
  const [c = 1, b = 1, a = 1] = groups.length === 2 ? [groups[0], 1, groups[1]] : groups;
  return groups.length === 2 || groups.length === 3 ? [a, b, c] : undefined;
}
