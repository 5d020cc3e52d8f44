/**
 * @file The wasm kernels in a browser: their files as the app serves them, their threads as module
 * workers. Never as `data:` addresses, which the page's policy forbids to fetch.
 */
import type { KernelFiles, KernelOptions, Thread, ThreadHost } from "../runtime/index.ts";
import fmaUrl from "../runtime/kernels/wasm/built/fma.wasm?url&no-inline";
import simdUrl from "../runtime/kernels/wasm/built/simd.wasm?url&no-inline";
import singleUrl from "../runtime/kernels/wasm/built/single.wasm?url&no-inline";

const URLS = { fma: fmaUrl, simd: simdUrl, single: singleUrl };

/** More share too little work each; the command line has the same limit. */
const MOST_THREADS = 8;

/** The built modules. */
export const browserKernelFiles: KernelFiles = {
  load: async (name) => {
    const response = await fetch(new URL(URLS[name], globalThis.location.href));
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.arrayBuffer();
  },
};

/** Starts that many threads. */
export function browserThreads(count: number): ThreadHost {
  return { count, start: startThread };
}

/** Kernels on as many threads as there are cores, up to a limit. */
export function browserKernels(): KernelOptions {
  const count = Math.min(Math.max(navigator.hardwareConcurrency, 1), MOST_THREADS);
  return { files: browserKernelFiles, threads: browserThreads(count) };
}

function startThread(): Thread {
  // The literal form: Vite finds the worker by it.
  const worker = new Worker(new URL("./kernel-thread.worker.ts", import.meta.url), {
    type: "module",
  });
  return {
    post: (message) => worker.postMessage(message),
    onFailure: (listener) => {
      worker.onerror = (event) => {
        event.preventDefault();
        // A script that could not be loaded gives an event without a message.
        listener(event.message || "its script could not be loaded");
      };
      worker.onmessageerror = () => listener("a message could not be read");
    },
    terminate: async () => worker.terminate(),
  };
}
