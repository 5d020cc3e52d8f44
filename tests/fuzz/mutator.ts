/** @file What damages bytes, and a few choices that all mutators make. */
import type { Random } from "../../src/core/index.ts";

/** Makes a damaged copy; the original is borrowed. */
export type Mutator = (bytes: Uint8Array, random: Random) => Uint8Array;

/** One of several. */
export function pick<T>(from: readonly T[], random: Random): T {
  return from[random.integer(from.length)] as T;
}

/** Numbers at which a program changes its mind. */
export const EDGES: readonly number[] = [
  0,
  1,
  2,
  7,
  127,
  128,
  255,
  256,
  65_535,
  65_536,
  2 ** 24 + 1,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  -1,
  -2,
  -(2 ** 31),
];

/** Names that mean something to a JavaScript engine, a file system or a browser. */
export const NAMES: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
  " ",
  ".",
  "../x",
  "/etc/passwd",
  "https://example.org/x",
  "a\u0000b",
  "\u202egnp.exe",
  "\ud800",
  "é".repeat(600),
  "x".repeat(2000),
];

/** Writes a number as so many bytes, lowest first unless told; what does not fit is cut off. */
export function writeNumber(
  bytes: Uint8Array,
  at: number,
  value: number,
  { size, big = false }: { readonly size: number; readonly big?: boolean },
): void {
  let rest = BigInt.asUintN(64, BigInt(value));
  for (let i = 0; i < size; i++, rest >>= 8n) {
    const place = at + (big ? size - 1 - i : i);
    if (place >= 0 && place < bytes.length) bytes[place] = Number(rest & 0xffn);
  }
}
