/** @file The worker's entry: one engine, exposed. Vite knows it by `new Worker(new URL(…))` in `client.ts`. */
import plainUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threadedUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import * as Comlink from "comlink";
import { createIdbShelf } from "../storage/index.ts";
import { makeHost } from "./calls.ts";
import { decodePicture } from "./decode-picture.ts";
import { EngineHost } from "./engine-host.ts";
import { browserKernels } from "./kernels.ts";

const absolute = (url: string): string => new URL(url, self.location.href).href;

const engine = new EngineHost({
  wasmPaths: {
    "tfjs-backend-wasm.wasm": absolute(plainUrl),
    "tfjs-backend-wasm-simd.wasm": absolute(simdUrl),
    "tfjs-backend-wasm-threaded-simd.wasm": absolute(threadedUrl),
  },
  kernels: browserKernels(),
  decodePicture,
  shelf: createIdbShelf(),
  // Only where the page came over TLS or from this machine.
  locks: (navigator as { readonly locks?: LockManager }).locks,
});

Comlink.expose(makeHost(engine));
