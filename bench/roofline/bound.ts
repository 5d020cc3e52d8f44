/** @file The least time that a program takes at given peaks: each instruction at its own limit. */
import type { PlacedInstruction } from "../../src/runtime/spmd/listing.ts";
import type { Peaks } from "./peaks.ts";
import { workOf } from "./work.ts";

export interface Bound {
  readonly operations: number;
  readonly bytes: number;
  /** If there were only operations, and if there were only bytes. */
  readonly operationsMs: number;
  readonly bytesMs: number;
  /** Instructions follow one another, and each waits for the scarcer of the two. */
  readonly ms: number;
}

/** @param images — of a batch */
export function boundOf(
  instructions: readonly PlacedInstruction[],
  images: number,
  peaks: Peaks,
): Bound {
  let [operations, bytes, ms] = [0, 0, 0];
  for (const { name, words } of instructions) {
    const fields = Object.fromEntries(
      Object.entries(words).filter((word): word is [string, number] => typeof word[1] === "number"),
    );
    const work = workOf(name, fields, images);
    operations += work.operations;
    bytes += work.bytes;
    ms += 1000 * Math.max(work.operations / peaks.operations, work.bytes / peaks.bytes);
  }
  return {
    operations,
    bytes,
    operationsMs: (1000 * operations) / peaks.operations,
    bytesMs: (1000 * bytes) / peaks.bytes,
    ms,
  };
}
