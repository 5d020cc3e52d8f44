/**
 * @file The wasm kernels in Node: their files from this project's folder, their threads from
 * `node:worker_threads`. Threads never keep the process alive.
 */
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { KernelFiles, KernelOptions, Thread, ThreadHost } from "../runtime/index.ts";
import { projectFolder } from "./project.ts";

/** More share too little work each; see `worker/kernels.ts`, which has the same limit. */
const MOST_THREADS = 8;

/** The built modules. */
export const nodeKernelFiles: KernelFiles = {
  load: async (name) => {
    const path = join(projectFolder(), "src/runtime/kernels/wasm/built", `${name}.wasm`);
    return new Uint8Array(await readFile(path)).buffer;
  },
};

/** Starts that many threads. */
export function nodeThreads(count: number): ThreadHost {
  return { count, start: startThread };
}

const opened = new Map<number, KernelOptions>();

/**
 * Kernels on that many threads, by default on as many as there are cores. The same count gives the
 * same value, so that backends opened one after the other share one machine.
 */
export function nodeKernels(count = Math.min(availableParallelism(), MOST_THREADS)): KernelOptions {
  const options = opened.get(count) ?? { files: nodeKernelFiles, threads: nodeThreads(count) };
  opened.set(count, options);
  return options;
}

function startThread(): Thread {
  const worker = new Worker(join(projectFolder(), "src/cli/kernel-thread.mjs"));
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    onFailure: (listener) => {
      worker.on("error", (error: unknown) => {
        listener(error instanceof Error ? error.message : String(error));
      });
      worker.on("exit", () => listener("it ended"));
    },
    terminate: () => worker.terminate(),
  };
}
