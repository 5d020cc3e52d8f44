/**
 * @file How much memory work takes at its peak, over what there was before: JavaScript's heap, arrays and
 * WebAssembly alike. Linux keeps a process' peak and lets it be reset; elsewhere only what is still
 * there afterwards can be seen.
 */
import { readFileSync, writeFileSync } from "node:fs";
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

/**
 * @returns bytes by which the process grew meanwhile; the heap's own rubbish is among them
 */
export async function peakGrowth(work: () => Promise<void>): Promise<number> {
  const before = resetPeak();
  await work();
  return (peak() ?? held()) - before;
}

/** @returns bytes held now */
function resetPeak(): number {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
    return statusBytes("VmRSS") ?? held();
  } catch {
    return held();
  }
}

/** Whether peaks are seen, and not only what is left. */
export function seesPeaks(): boolean {
  return peak() !== undefined;
}

function peak(): number | undefined {
  return statusBytes("VmHWM");
}

function statusBytes(field: string): number | undefined {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    const kilobytes = new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
