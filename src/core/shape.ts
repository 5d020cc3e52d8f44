/**
 * @file Shapes without the batch axis: `[h, w, c]` for maps, `[features]` after flatten or dense.
 */

/** Sizes of one example's tensor, outermost first; every size is a positive integer. */
export type Shape = readonly number[];

/** Number of elements. The empty product is 1. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** True when both have the same rank and sizes. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** `[3,3,16,32]`, as messages write it. */
export function showShape(shape: Shape): string {
  return `[${shape.join(",")}]`;
}

/** The last size: channels of a map, features of a vector. */
export function channelsOf(shape: Shape): number {
  return shape[shape.length - 1] ?? 0;
}
