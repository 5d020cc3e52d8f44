/** @file What the page holds on to: after a collection, as the browser and the system count it. */
import type { CDPSession } from "@playwright/test";
import { bytesIn } from "../files/process.ts";

export interface Held {
  /** Bytes of the page's own JavaScript, after a collection. */
  readonly heap: number;
  readonly nodes: number;
  readonly listeners: number;
  /** Bytes of the page's process, workers and shared memory included. */
  readonly resident: number;
}

export async function held(session: CDPSession, pid: number): Promise<Held> {
  // Twice: what a collection sets free may hold on to more.
  for (let i = 0; i < 2; i++) await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (name: string): number =>
    metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  return {
    heap: metric("JSHeapUsedSize"),
    nodes: metric("Nodes"),
    listeners: metric("JSEventListeners"),
    resident: bytesIn(pid, "VmRSS"),
  };
}

/** How much `values` grow from each to the next, by least squares. */
export function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [above, below] = [0, 0];
  values.forEach((value, i) => {
    above += (i - middle) * (value - mean);
    below += (i - middle) ** 2;
  });
  return below === 0 ? 0 : above / below;
}
