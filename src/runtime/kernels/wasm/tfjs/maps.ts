/**
 * @file Pixels with exactly as many floats as channels, as TensorFlow.js has them, and with their
 * channels filled up to a multiple of 4, as the kernels that work on whole vectors want them.
 */
import type { Program, Word } from "./program.ts";

/** `pixels` of an image, `stride` floats apart. */
export interface Pixels {
  readonly at: Word;
  readonly stride: number;
}

/** The next multiple of 4. */
export const inFours = (channels: number): number => Math.ceil(channels / 4) * 4;

/** 0, 1, 2, …: every channel stays where it is. */
export const inPlace = (channels: number): number[] =>
  Array.from({ length: channels }, (_, c) => c);

/** A tensor's pixels in fours: the tensor itself, or a copy with zeros behind each pixel. */
export function readInFours(
  program: Program,
  address: number,
  pixels: number,
  channels: number,
): Pixels {
  const stride = inFours(channels);
  if (stride === channels) return { at: address, stride };
  const at = program.floats(program.images * pixels * stride);
  program.emit("spreadImages", { from: address, pixels, channels, to: at, stride });
  return { at, stride };
}

/** Has a tensor's pixels written in fours: into the tensor itself, or beside it and then packed. */
export function writeInFours(
  program: Program,
  address: number,
  pixels: number,
  channels: number,
  write: (to: Pixels) => void,
): void {
  const stride = inFours(channels);
  if (stride === channels) {
    write({ at: address, stride });
    return;
  }
  const at = program.floats(program.images * pixels * stride);
  write({ at, stride });
  program.emit("packImages", { from: at, stride, pixels, channels, to: address });
}
