/**
 * @file What the machine needs from where it runs, in a page or in Node: the built kernels as bytes,
 * and threads. Both are brought by the caller, because this room knows neither `fetch` addresses nor
 * `node:worker_threads`.
 */
import type { ThreadMessage } from "./thread-loop.mjs";

/** The builds: threads with fused multiply-add, threads with plain SIMD, one thread. */
export type KernelVariant = "fma" | "simd" | "single";

export interface KernelFiles {
  /** The bytes of a built module; rejects when it cannot be had. */
  load(name: KernelVariant): Promise<ArrayBuffer>;
}

/** A thread that hands every message to what `makeThread` of `thread-loop.mjs` made. */
export interface Thread {
  post(message: ThreadMessage): void;
  /** Tells, in words for a person, that the thread has died or could not start. */
  onFailure(listener: (reason: string) => void): void;
  /** Settles when the thread has ended, as far as that can be known where it runs. */
  terminate(): Promise<unknown>;
}

export interface ThreadHost {
  /** How many threads run a program; results depend on it by rounding. */
  readonly count: number;
  start(): Thread;
}

/** What `openBackend` takes: the kernels, and threads where there are any. */
export interface KernelOptions {
  readonly files: KernelFiles;
  readonly threads?: ThreadHost;
}
