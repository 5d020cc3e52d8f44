/**
 * @file The thread that opens mutants one after the other and tells what it finds. It writes down which
 * one it is at before it begins it, so that whoever watches can end it when one takes too long.
 */
import { parentPort } from "node:worker_threads";
import { checkCosts, type Open } from "./bounds.ts";
import type { ReaderName } from "./readers.ts";
import { makeMutant, outcomeOf } from "./trial.ts";

/** Mutants between two reports. */
const BATCH = 200;

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

const tell = (told: Told): void => parentPort?.postMessage(told);

/** Opens the mutants of a range. */
export async function runThread({ reader, seed, from, to, at }: Range): Promise<void> {
  const place = new Int32Array(at);
  const open: Open = async (number) => {
    Atomics.store(place, 0, number);
    Atomics.add(place, 1, 1);
    const mutant = await makeMutant(reader, seed, number);
    const code = await outcomeOf(mutant).catch((error: unknown) => textOf(error));
    return { code, bytes: mutant.files.reduce((sum, { bytes }) => sum + bytes.length, 0) };
  };
  // Once before anything is measured: code is compiled, libraries are loaded.
  for (let number = 0; number < 5; number++) await open(number);
  tell({ kind: "ready" });
  const find = (number: number, text: string): void => tell({ kind: "finding", number, text });
  const check = checkCosts(open, find);
  for (let start = from; start < to; start += BATCH) {
    const end = Math.min(to, start + BATCH);
    const codes: string[] = [];
    for (let number = start; number < end; number++) {
      const { code } = await check(number);
      const isCode = /^[a-z/-]+$/.test(code);
      if (!isCode) find(number, code);
      codes.push(isCode ? code : "a finding");
    }
    tell({ kind: "done", next: end, codes });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
