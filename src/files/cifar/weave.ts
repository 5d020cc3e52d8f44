/**
 * @file Records of one or two labels and then 1 024 red, 1 024 green and 1 024 blue pixels in row order, as
 * images with channels innermost: the planes are woven together here and nowhere else.
 */
import { AppError } from "../../core/index.ts";
import { at, showCount } from "../bytes.ts";
import type { CifarFormat } from "./formats.ts";

const PLANE = 1024;
/** Values of one image. */
export const PIXELS = 3 * PLANE;

/** One shard with the name it came under. */
export interface CifarShard {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Unpacks a shard of whole records.
 * @param pixels — filled, `[n, 32, 32, 3]`
 * @param labels — filled, `[n]`
 * @throws files/bad-label
 */
export function weave(
  { name, bytes }: CifarShard,
  { record, labelAt, pixelsAt, classes }: CifarFormat,
  pixels: Uint8Array,
  labels: Uint8Array,
): void {
  const count = bytes.length / record;
  for (let i = 0; i < count; i++) {
    const start = i * record;
    const label = bytes[start + labelAt] as number;
    if (label >= classes.length) {
      throw new AppError("files/bad-label", {
        where: at(name, `image ${showCount(i)} at byte ${showCount(start)}`),
        expected: `a label from 0 to ${classes.length - 1}`,
        found: String(label),
      });
    }
    labels[i] = label;
    const red = start + pixelsAt;
    let to = i * PIXELS;
    for (let p = red; p < red + PLANE; p++) {
      pixels[to++] = bytes[p] as number;
      pixels[to++] = bytes[p + PLANE] as number;
      pixels[to++] = bytes[p + 2 * PLANE] as number;
    }
  }
}
