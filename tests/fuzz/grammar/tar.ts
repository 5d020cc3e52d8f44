/** @file Damage to tar headers with the checksum put right, which stands before everything else. */
import { latin1 } from "../../../src/files/bytes.ts";
import { type Mutator, pick } from "../mutator.ts";

const BLOCK = 512;
/** Name, size, type, magic, front of the path: where a header is worth damaging. */
const FIELDS = [
  [0, 100],
  [124, 12],
  [124, 12],
  [156, 1],
  [257, 6],
  [345, 155],
] as const;
const TEXTS = ["00000000000", "77777777777", "00000006001", "x", "../data_batch_1.bin", "\x80\xff"];

export const mutateTar: Mutator = (bytes, random) => {
  const mutant = bytes.slice();
  const headers: number[] = [];
  for (let at = 0; at + BLOCK <= bytes.length; at += BLOCK) {
    if (latin1(bytes, at + 257, at + 262) === "ustar") headers.push(at);
  }
  if (headers.length === 0) return mutant;
  const at = pick(headers, random);
  const [start, size] = pick(FIELDS, random);
  if (random.integer(2) === 0) {
    mutant[at + start + random.integer(size)] = random.integer(256);
  } else {
    const text = pick(TEXTS, random);
    for (let i = 0; i < size; i++) mutant[at + start + i] = text.charCodeAt(i) || 0;
  }
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : (mutant[at + i] as number);
  const digits = `${sum.toString(8).padStart(6, "0")}\0 `;
  for (let i = 0; i < 8; i++) mutant[at + 148 + i] = digits.charCodeAt(i);
  return mutant;
};
