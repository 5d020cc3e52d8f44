/**
 * @file How much memory work takes at its peak, over what there was before: JavaScript's heap, arrays and
 * WebAssembly alike. Linux keeps a process' peak and lets it be reset; elsewhere only what is still
 * there afterwards can be seen. Linux also takes pages away that it can read again, the program's own
 * among them, and they come back when they are used: that is nothing the work has asked for, and is not
 * counted.
 */
import { openSync, readSync, writeSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Takes a while, but what grows behind it is no rubbish from before. */
export function collectRubbish(): void {
  collect();
  // Arrays are given back in the background, which the next collection waits for.
  collect();
}

/** What a process holds, in bytes. */
export interface Held {
  /** The most that was in memory at once since the peak was reset. */
  readonly peak: number;
  readonly resident: number;
  /** Of what is resident: parts of files, which can be read again. */
  readonly ofFiles: number;
  /** What was moved from memory to a disk. */
  readonly swapped: number;
}

/**
 * @returns bytes by which the process grew meanwhile; the heap's own rubbish is among them
 */
export async function peakGrowth(work: () => Promise<void>): Promise<number> {
  const before = resetPeak();
  await work();
  return growthBetween(before, held());
}

/**
 * Bytes that were asked for between two looks: the second one's peak over what was there at the first,
 * less what had been there before the first and only came back.
 */
export function growthBetween(before: Held, after: Held): number {
  const reread = Math.max(0, after.ofFiles - before.ofFiles);
  const swappedIn = Math.max(0, before.swapped - after.swapped);
  return after.peak - before.resident - reread - swappedIn;
}

/** Reads `/proc/PID/status`; undefined where it does not tell of a peak. */
export function heldOf(status: string): Held | undefined {
  const bytesOf = (field: RegExp): number | undefined => {
    const kilobytes = field.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  };
  const [peak, resident] = [bytesOf(/^VmHWM:\s+(\d+)/m), bytesOf(/^VmRSS:\s+(\d+)/m)];
  if (peak === undefined || resident === undefined) return undefined;
  const [ofFiles, swapped] = [bytesOf(/^RssFile:\s+(\d+)/m), bytesOf(/^VmSwap:\s+(\d+)/m)];
  return { peak, resident, ofFiles: ofFiles ?? 0, swapped: swapped ?? 0 };
}

/** Linux' word on this process, kept open: it is asked twice a mutant. */
const STATUS = opened("/proc/self/status", "r");
const PEAK = opened("/proc/self/clear_refs", "w");
const page = Buffer.alloc(8192);

function opened(path: string, flags: "r" | "w"): number | undefined {
  try {
    return openSync(path, flags);
  } catch {
    return undefined;
  }
}

/** Whether peaks are seen, and not only what is left. */
export function seesPeaks(): boolean {
  return PEAK !== undefined && toldByLinux() !== undefined;
}

/** @returns what is held now, which is the peak from now on */
function resetPeak(): Held {
  if (PEAK !== undefined) writeSync(PEAK, "5");
  return held();
}

function held(): Held {
  const told = toldByLinux();
  if (told !== undefined) return told;
  const { heapUsed, external } = process.memoryUsage();
  return { peak: heapUsed + external, resident: heapUsed + external, ofFiles: 0, swapped: 0 };
}

function toldByLinux(): Held | undefined {
  if (STATUS === undefined || PEAK === undefined) return undefined;
  return heldOf(page.toString("latin1", 0, readSync(STATUS, page, 0, page.length, 0)));
}
