/** @file What tests need to open a backend in Chromium; the twin of `backends.ts` for Node. */
import plainUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threadedUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { openBackend, type Backend, type BackendKind } from "../index.ts";

/** Opens a backend in a page; the software GPU counts as one. */
export function openInBrowser(kind: BackendKind): Promise<Backend> {
  return openBackend(kind, {
    wasmPaths: {
      "tfjs-backend-wasm.wasm": plainUrl,
      "tfjs-backend-wasm-simd.wasm": simdUrl,
      "tfjs-backend-wasm-threaded-simd.wasm": threadedUrl,
    },
    allowSoftwareGpu: true,
  });
}
