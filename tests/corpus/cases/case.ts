/** @file What a case of the corpus is, and how files are broken by hand. */
import { strToU8 } from "fflate";
import { file } from "../../../src/files/testing/samples.ts";

/** Files that are dropped together, made when they are asked for. */
export type Cases = Readonly<Record<string, () => File[] | Promise<File[]>>>;

export const HTML = "<!doctype html>\n<html><title>404 Not Found</title></html>";

/** One file. */
export const one = (name: string, content: Uint8Array | string): File[] => [file(name, content)];

/** Bytes with some replaced, from a place or, when that is negative, from so far before the end. */
export function patched(bytes: Uint8Array, at: number, values: ArrayLike<number>): Uint8Array {
  const copy = bytes.slice();
  copy.set(Array.from(values), at < 0 ? copy.length + at : at);
  return copy;
}

/** One bit turned over. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return patched(bytes, at, [(bytes[at] ?? 0) ^ 1]);
}

/** Weights with some values replaced. */
export function spoiled(bytes: Uint8Array, start: number, values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  values.forEach((value, i) => view.setFloat32(start + 4 * i, value, true));
  return copy;
}

/** Every place of some text replaced by another of the same length, so that nothing moves. */
export function retold(bytes: Uint8Array, from: string, to: string): Uint8Array {
  if (from.length !== to.length) throw new Error(`${from} is not as long as ${to}`);
  const [old, copy] = [strToU8(from), bytes.slice()];
  let found = false;
  for (let at = 0; at + old.length <= copy.length; at++) {
    if (!old.every((byte, i) => copy[at + i] === byte)) continue;
    copy.set(strToU8(to), at);
    found = true;
  }
  if (!found) throw new Error(`the sample has no ${from}`);
  return copy;
}
