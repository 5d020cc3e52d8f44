/**
 * @file The thread that opens mutants one after the other and tells what it finds. It writes down which
 * one it is at before it begins it, so that whoever watches can end it when one takes too long.
 */
import { parentPort } from "node:worker_threads";
import { collectRubbish, peakGrowth } from "./memory.ts";
import type { ReaderName } from "./readers.ts";
import { makeMutant, outcomeOf } from "./trial.ts";

/** Mutants by number, from and up to but not including. */
export interface Range {
  readonly reader: ReaderName;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Two numbers: which mutant is open, and how many times that was set. */
  readonly at: SharedArrayBuffer;
}

/** What a thread tells. */
export type Told =
  | { readonly kind: "ready" }
  | { readonly kind: "finding"; readonly number: number; readonly text: string }
  | { readonly kind: "done"; readonly next: number; readonly codes: readonly string[] };

/**
 * Mutants between two looks at the memory, and between the closer looks where much was taken: looking
 * costs more than most of them.
 */
const BATCHES = [200, 20, 1] as const;
/** What a reader may hold beyond its input at most: so much, and so many times the input. */
const FREE_BYTES = 64 * 1024 * 1024;
const TIMES_INPUT = 3;
/** A peak counts when it comes again: the first use of something may fetch and compile it. */
const LOOKS = 3;

const tell = (told: Told): void => parentPort?.postMessage(told);

/** Opens the mutants of a range. */
export async function runThread({ reader, seed, from, to, at }: Range): Promise<void> {
  const place = new Int32Array(at);
  const open = async (number: number): Promise<Opened> => {
    Atomics.store(place, 0, number);
    Atomics.add(place, 1, 1);
    const mutant = await makeMutant(reader, seed, number);
    const code = await outcomeOf(mutant).catch((error: unknown) => textOf(error));
    return { code, bytes: mutant.files.reduce((sum, { bytes }) => sum + bytes.length, 0) };
  };
  // Once before anything is measured: code is compiled, libraries are loaded.
  for (let number = 0; number < 5; number++) await open(number);
  tell({ kind: "ready" });
  const [batch] = BATCHES;
  for (let start = from; start < to; start += batch) {
    const end = Math.min(to, start + batch);
    const codes: string[] = [];
    const isMuch = await takesMuch(start, end, async (number) => {
      const opened = await open(number);
      const isCode = /^[a-z/-]+$/.test(opened.code);
      if (!isCode) tell({ kind: "finding", number, text: opened.code });
      codes.push(isCode ? opened.code : "a finding");
      return opened;
    });
    if (isMuch) await lookCloser(start, end, open);
    tell({ kind: "done", next: end, codes });
  }
}

interface Opened {
  /** Or the text of a finding. */
  readonly code: string;
  /** Of all files that were dropped. */
  readonly bytes: number;
}

type Open = (number: number) => Promise<Opened>;

/** Whether mutants, opened one after the other, take more memory than the largest of them may. */
async function takesMuch(from: number, to: number, open: Open): Promise<boolean> {
  let largest = 0;
  const growth = await peakGrowth(async () => {
    for (let number = from; number < to; number++) {
      largest = Math.max(largest, (await open(number)).bytes);
    }
  });
  return growth > boundFor(largest);
}

const boundFor = (bytes: number): number => FREE_BYTES + TIMES_INPUT * bytes;

/** Opens the same mutants again, fewer at a time, until it is known which of them takes much. */
async function lookCloser(from: number, to: number, open: Open): Promise<void> {
  const batch = BATCHES.find((size) => size < to - from) ?? 1;
  for (let start = from; start < to; start += batch) {
    const end = Math.min(to, start + batch);
    collectRubbish();
    if (!(await takesMuch(start, end, open))) continue;
    if (batch === 1) await confirm(start, open);
    else await lookCloser(start, end, open);
  }
}

async function confirm(number: number, open: Open): Promise<void> {
  let [least, bytes] = [Infinity, 0];
  for (let look = 0; look < LOOKS; look++) {
    collectRubbish();
    const growth = await peakGrowth(async () => void ({ bytes } = await open(number)));
    least = Math.min(least, growth);
  }
  if (least <= boundFor(bytes)) return;
  const [grew, input] = [least, bytes].map((size) => `${(size / 2 ** 20).toFixed(1)} MB`);
  tell({ kind: "finding", number, text: `took ${grew} for files of ${input}` });
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
