/** @file What tests need to open a backend in Node, and to see that nothing leaks. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { openBackend, type Backend, type BackendKind } from "../index.ts";

const require = createRequire(import.meta.url);

/** The folder of TensorFlow.js' own binaries. */
export const NODE_WASM_PATHS = `${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`;

/** Opens a backend that runs in Node. */
export function openInNode(kind: Exclude<BackendKind, "webgpu">): Promise<Backend> {
  return openBackend(kind, { wasmPaths: NODE_WASM_PATHS });
}
