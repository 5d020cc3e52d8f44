/** @file How long inference takes on this device: the median of repeated whole batches. */
import { sizeOf } from "../core/index.ts";
import { endsOf } from "../model/index.ts";
import type { Program } from "../runtime/index.ts";
import type { Watch } from "./evaluate.ts";

export interface LatencyOptions {
  readonly warmups: number;
  readonly repeats: number;
  /** Milliseconds from any origin; no clock is read in this room. */
  readonly now: () => number;
}

/**
 * Times `program.batch` images a run, reading the result back each time.
 * @returns median milliseconds per image
 */
export async function latency(
  program: Program,
  { warmups, repeats, now }: LatencyOptions,
  { signal, onProgress, breathe }: Watch = {},
): Promise<number> {
  const images = new Float32Array(program.batch * sizeOf(endsOf(program.network).input));
  const times: number[] = [];
  for (let run = 0; run < warmups + repeats; run++) {
    signal?.throwIfAborted();
    const start = now();
    await program.forward(images);
    if (run >= warmups) times.push(now() - start);
    onProgress?.({ done: run + 1, total: warmups + repeats, unit: "steps" });
    await breathe?.();
  }
  return median(times) / program.batch;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
