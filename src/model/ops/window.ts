/** @file The sliding window that convolution and pooling share: sizes, checks, output size. */
import { showShape, type Shape } from "../../core/index.ts";
import type { Complaint } from "../op.ts";

/** Explicit zero padding. Never "same": that word means different pads in different tools. */
export type Padding = readonly [top: number, bottom: number, left: number, right: number];
/** Height, width. */
export type Pair = readonly [number, number];

/** What slides over a map. */
export interface Window {
  readonly size: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
}

/** Checks that sizes and strides are positive integers and pads are smaller than the window. */
export function checkWindow({ size, stride, padding }: Window): Complaint | undefined {
  const positive = (n: number | undefined): boolean => Number.isSafeInteger(n) && (n ?? 0) > 0;
  if (size.length !== 2 || !size.every(positive)) {
    return { field: "size", expected: "two positive integers", found: showShape(size) };
  }
  if (stride.length !== 2 || !stride.every(positive)) {
    return { field: "stride", expected: "two positive integers", found: showShape(stride) };
  }
  const limits = [size[0], size[0], size[1], size[1]];
  const fits = (n: number, side: number): boolean =>
    Number.isSafeInteger(n) && n >= 0 && n < (limits[side] ?? 0);
  // A pad as large as the window would make an output that sees no pixel at all.
  return padding.length === 4 && padding.every(fits)
    ? undefined
    : {
        field: "padding",
        expected: "four integers from 0 up to the window's size less one",
        found: showShape(padding),
      };
}

/** Height and width of what a window leaves of `[h, w, …]`, rounded down. */
export function slide({ size, stride, padding }: Window, input: Shape): Pair | Complaint {
  const [h, w] = input;
  if (input.length !== 3 || h === undefined || w === undefined) {
    return { field: "input", expected: "[h,w,c]", found: showShape(input) };
  }
  const height = Math.floor((h + padding[0] + padding[1] - size[0]) / stride[0]) + 1;
  const width = Math.floor((w + padding[2] + padding[3] - size[1]) / stride[1]) + 1;
  return height >= 1 && width >= 1
    ? [height, width]
    : {
        field: "input",
        expected: `a map of at least ${showShape(size)}`,
        found: showShape(input),
      };
}

/** Tells a complaint from a pair of sizes. */
export function isPair(value: Pair | Complaint): value is Pair {
  return Array.isArray(value);
}
