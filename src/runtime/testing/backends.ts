/** @file What tests need to open a backend in Node, and to see that nothing leaks. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { nodeKernelFiles, nodeKernels } from "../../cli/kernels.ts";
import { openBackend, type Backend, type BackendKind, type KernelOptions } from "../index.ts";

const require = createRequire(import.meta.url);

/** The folder of TensorFlow.js' own binaries. */
export const NODE_WASM_PATHS = `${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`;

/** One machine for all backends that a test file opens. */
const SINGLE: KernelOptions = { files: nodeKernelFiles };

/** Opens a backend that runs in Node; wasm on one thread, the test's own, unless it asks for more. */
export function openInNode(
  kind: Exclude<BackendKind, "webgpu">,
  { threads }: { readonly threads?: number } = {},
): Promise<Backend> {
  const kernels = threads === undefined ? SINGLE : nodeKernels(threads);
  return openBackend(kind, { wasmPaths: NODE_WASM_PATHS, kernels });
}
