/** @file Damage that knows no format: what disks, networks and careless attackers do. */
import type { Random } from "../../src/core/index.ts";
import { join } from "../../src/files/testing/samples.ts";
import { EDGES, type Mutator, pick, writeNumber } from "./mutator.ts";

const WAYS: readonly Mutator[] = [
  flipBit,
  changeByteNearStart,
  cutShort,
  takeOutOrDouble,
  overwriteWithOnes,
  changeDigit,
  insertBytes,
  writeEdge,
  copyWithin,
  fillRange,
];

/** Damages bytes in one of the ways; an empty file grows. */
export const mutateBytes: Mutator = (bytes, random) =>
  bytes.length === 0 ? Uint8Array.of(random.integer(256)) : pick(WAYS, random)(bytes, random);

function flipBit(bytes: Uint8Array, random: Random): Uint8Array {
  const mutant = bytes.slice();
  const at = random.integer(bytes.length);
  mutant[at] = (mutant[at] as number) ^ (1 << random.integer(8));
  return mutant;
}

/** Headers are near the start. */
function changeByteNearStart(bytes: Uint8Array, random: Random): Uint8Array {
  const mutant = bytes.slice();
  mutant[random.integer(Math.min(bytes.length, 256))] = random.integer(256);
  return mutant;
}

function cutShort(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, random.integer(bytes.length));
}

function takeOutOrDouble(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(bytes.length);
  const length = 1 + random.integer(Math.min(64, bytes.length));
  const from = random.integer(2) === 0 ? at + length : Math.max(0, at - length);
  return join(bytes.subarray(0, at), bytes.subarray(from));
}

/** A length or a number set to an extreme. */
function overwriteWithOnes(bytes: Uint8Array, random: Random): Uint8Array {
  const mutant = bytes.slice();
  const at = random.integer(bytes.length);
  const last = random.integer(2) === 0 ? 0xff : 0x7f;
  [0xff, 0xff, 0xff, last].forEach((value, i) => {
    if (at + i < mutant.length) mutant[at + i] = value;
  });
  return mutant;
}

/** Hits sizes in JSON and in octal headers. */
function changeDigit(bytes: Uint8Array, random: Random): Uint8Array {
  const mutant = bytes.slice();
  for (let i = random.integer(bytes.length); i < mutant.length; i++) {
    const c = mutant[i] as number;
    if (c < 48 || c > 57) continue;
    mutant[i] = 48 + random.integer(10);
    break;
  }
  return mutant;
}

function insertBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(bytes.length + 1);
  const added = Uint8Array.from({ length: 1 + random.integer(9) }, () => random.integer(256));
  return join(bytes.subarray(0, at), added, bytes.subarray(at));
}

/** A number of two, four or eight bytes set to one at which programs change their mind, or to about the file's size. */
function writeEdge(bytes: Uint8Array, random: Random): Uint8Array {
  const mutant = bytes.slice();
  const near = bytes.length + random.integer(5) - 2;
  const value = random.integer(4) === 0 ? near : pick(EDGES, random);
  const form = { size: pick([2, 4, 8], random), big: random.integer(4) === 0 };
  writeNumber(mutant, random.integer(bytes.length), value, form);
  return mutant;
}

/** A part of the file spliced in over another. */
function copyWithin(bytes: Uint8Array, random: Random): Uint8Array {
  const length = 1 + random.integer(Math.min(512, bytes.length));
  const from = random.integer(bytes.length);
  const mutant = bytes.slice();
  mutant.copyWithin(random.integer(bytes.length), from, Math.min(bytes.length, from + length));
  return mutant;
}

/** A block that was never written to the disk. */
function fillRange(bytes: Uint8Array, random: Random): Uint8Array {
  const from = random.integer(bytes.length);
  const length = 1 + random.integer(Math.min(4096, bytes.length));
  return bytes.slice().fill(pick([0, 0, 0xff, 0x20], random), from, from + length);
}
