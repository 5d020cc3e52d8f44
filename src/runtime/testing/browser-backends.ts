/** @file What tests need to open a backend in Chromium; the twin of `backends.ts` for Node. */
import plainUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threadedUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { browserKernelFiles, browserThreads } from "../../worker/kernels.ts";
import { openBackend, type Backend, type BackendKind, type KernelOptions } from "../index.ts";

/** One machine for all backends that a test file opens on that many threads; 0 is the page's own. */
const kernels = new Map<number, KernelOptions>([[0, { files: browserKernelFiles }]]);

function kernelsOn(threads: number): KernelOptions {
  const options = kernels.get(threads) ?? {
    files: browserKernelFiles,
    threads: browserThreads(threads),
  };
  kernels.set(threads, options);
  return options;
}

/**
 * Opens a backend in a page; the software GPU counts as one. Wasm runs on the page's own thread, unless
 * it is asked for more.
 */
export function openInBrowser(
  kind: BackendKind,
  { threads = 0 }: { readonly threads?: number } = {},
): Promise<Backend> {
  return openBackend(kind, {
    wasmPaths: {
      "tfjs-backend-wasm.wasm": plainUrl,
      "tfjs-backend-wasm-simd.wasm": simdUrl,
      "tfjs-backend-wasm-threaded-simd.wasm": threadedUrl,
    },
    allowSoftwareGpu: true,
    kernels: kernelsOn(threads),
  });
}
