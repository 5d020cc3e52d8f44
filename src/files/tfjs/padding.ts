/**
 * @file When our explicit padding is TensorFlow's "same". That word depends on the input's size:
 * pads are what makes the output ⌈size / stride⌉, split in two with the odd one behind.
 * Example: 3 × 3, stride 2 on 32 rows needs one row, so "same" is 0 above and 1 below, while
 * PyTorch's padding 1 is 1 above and 1 below: not the same.
 */
import type { Shape } from "../../core/index.ts";
import type { Window } from "../../model/index.ts";

/** True when nothing is padded. */
export function isUnpadded({ padding }: Window): boolean {
  return padding.every((pad) => pad === 0);
}

/** True when "same" on an input of that shape pads exactly as this window does. */
export function isSamePadding({ size, stride, padding }: Window, [h = 0, w = 0]: Shape): boolean {
  const same = [...samePads(h, size[0], stride[0]), ...samePads(w, size[1], stride[1])];
  return padding.every((pad, side) => pad === same[side]);
}

/** What TensorFlow pads an axis by for "same". */
export function samePads(
  extent: number,
  size: number,
  stride: number,
): [before: number, after: number] {
  const output = Math.ceil(extent / stride);
  const total = Math.max((output - 1) * stride + size - extent, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}
