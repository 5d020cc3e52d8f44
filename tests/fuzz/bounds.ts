/**
 * @file What a damaged file may cost whoever opens it: two seconds of the processor, and
 * three times its bytes and 64 MB of memory at the peak. The processor's time is the process' own, since
 * a machine may be busy with other things. Peaks are looked at over many mutants at once, and closer only
 * where much was taken: looking costs more than most mutants do.
 */
import { collectRubbish, peakGrowth } from "./memory.ts";

/** For files of at most a megabyte, and these are smaller. */
export const MOST_PROCESSOR_MS = 2000;
const FREE_BYTES = 64 * 1024 * 1024;
const TIMES_INPUT = 3;
/** Mutants between two looks at the memory, and between the closer looks. */
const BATCHES = [200, 20, 1] as const;
export const [BATCH] = BATCHES;
/** A bound is broken when it is broken again: the first use of something may fetch and compile it. */
const LOOKS = 3;

/** What came of one mutant. */
export interface Opened {
  /** Or the text of a finding. */
  readonly code: string;
  /** Of all files that were dropped. */
  readonly bytes: number;
}

export type Open = (number: number) => Promise<Opened>;

/** Hears of a mutant that costs too much. */
export type OnCostly = (number: number, text: string) => void;

/** Milliseconds of the processor that this process has had, all its threads together. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Opens a mutant; again, when it took too long at first: what an engine compiles meanwhile is no fault of
 * the mutant's.
 */
export async function checkTime(
  number: number,
  open: Open,
  onCostly: OnCostly,
  most = MOST_PROCESSOR_MS,
): Promise<Opened> {
  let least = Infinity;
  for (let look = 0; ; look++) {
    const start = processorMs();
    const opened = await open(number);
    least = Math.min(least, processorMs() - start);
    if (least <= most) return opened;
    if (look + 1 < LOOKS) continue;
    onCostly(number, `ran for ${Math.round(least)} ms, and may for ${most}`);
    return opened;
  }
}

/** Whether mutants, opened one after the other, take more memory than the largest of them may. */
export async function takesMuch(from: number, to: number, open: Open): Promise<boolean> {
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
export async function lookCloser(
  from: number,
  to: number,
  open: Open,
  onCostly: OnCostly,
): Promise<void> {
  const batch = BATCHES.find((size) => size < to - from) ?? 1;
  for (let start = from; start < to; start += batch) {
    const end = Math.min(to, start + batch);
    collectRubbish();
    if (!(await takesMuch(start, end, open))) continue;
    if (batch === 1) await confirm(start, open, onCostly);
    else await lookCloser(start, end, open, onCostly);
  }
}

async function confirm(number: number, open: Open, onCostly: OnCostly): Promise<void> {
  let [least, bytes] = [Infinity, 0];
  for (let look = 0; look < LOOKS; look++) {
    collectRubbish();
    const growth = await peakGrowth(async () => void ({ bytes } = await open(number)));
    least = Math.min(least, growth);
  }
  if (least <= boundFor(bytes)) return;
  const [grew, input] = [least, bytes].map((size) => `${(size / 2 ** 20).toFixed(1)} MB`);
  onCostly(number, `took ${grew} for files of ${input}`);
}
