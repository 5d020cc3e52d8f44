/**
 * @file Rescaling and Normalization in front of a model, as our metadata says it. There, pixels are
 * 0…1 and the network reads `(x − mean) / std`; a Keras model reads its own pixels p and computes
 * `scale · p + offset`. Nothing in the file says whether p is 0…1 or 0…255, but the scale does: what
 * would press 0…1 into less than a quarter is meant for 0…255.
 *
 * Example: Rescaling(1/127.5, −1) is meant for 0…255, so x = p / 255 gives 2x − 1: mean and std 0.5.
 */
import type { Normalization } from "../../model/index.ts";

/** `scale · p + offset`, per channel or for all channels alike when there is one entry. */
export interface Affine {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** What leaves pixels alone. */
export const IDENTITY: Affine = { scale: [1], offset: [0] };

const SMALLEST_SCALE_OF_UNIT_PIXELS = 0.25;

/** First `a`, then `b`. */
export function compose(a: Affine, b: Affine): Affine {
  const channels = Math.max(a.scale.length, a.offset.length, b.scale.length, b.offset.length);
  const range = Array.from({ length: channels }, (_, channel) => channel);
  return {
    scale: range.map((c) => pick(a.scale, c) * pick(b.scale, c)),
    offset: range.map((c) => pick(a.offset, c) * pick(b.scale, c) + pick(b.offset, c)),
  };
}

/** The same in our words, and the largest pixel value that the model was made for. */
export function toNormalization(
  { scale, offset }: Affine,
  channels: number,
): { readonly normalization: Normalization; readonly largest: 1 | 255 } {
  const range = Array.from({ length: channels }, (_, channel) => channel);
  const largest = Math.max(...scale) < SMALLEST_SCALE_OF_UNIT_PIXELS ? 255 : 1;
  const std = range.map((c) => 1 / (pick(scale, c) * largest));
  // Without `|| 0` an offset of 0 would give a mean of −0.
  const mean = range.map((c) => -pick(offset, c) * (std[c] as number) || 0);
  return { normalization: { mean, std }, largest };
}

function pick(values: readonly number[], channel: number): number {
  return (values.length === 1 ? values[0] : values[channel]) ?? Number.NaN;
}
