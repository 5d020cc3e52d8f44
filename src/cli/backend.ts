/** @file A backend in Node. */
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { fitting } from "../analyze/index.ts";
import { AppError } from "../core/index.ts";
import type { Network } from "../model/index.ts";
import { compile, openBackend, type Backend, type Program } from "../runtime/index.ts";
import type { Args } from "./args.ts";
import { nodeKernels } from "./kernels.ts";

/** Opens what `--backend` names, on as many threads as `--threads` says. */
export async function openInNode(args: Args): Promise<Backend> {
  const kind = args.choice("backend", ["wasm", "cpu", "webgpu"]) ?? "wasm";
  if (kind === "webgpu") {
    throw new AppError("runtime/backend-unavailable", {
      where: "--backend webgpu",
      found: "Node, which has no WebGPU",
      hint: "use --backend wasm, or the page in a browser",
    });
  }
  const kernels = nodeKernels(args.whole("threads", 1));
  return openBackend(kind, { wasmPaths: wasmFolder(), kernels });
}

/** Where TensorFlow.js' own binaries lie: in its package, also when this program is bundled. */
export function wasmFolder(): string {
  const resolver = createRequire(import.meta.url);
  return dirname(resolver.resolve("@tensorflow/tfjs-backend-wasm")) + sep;
}

/** Compiles, works, and gives everything back. */
export async function withProgram<T>(
  network: Network,
  backend: Backend,
  batch: number,
  work: (program: Program) => Promise<T>,
): Promise<T> {
  const program = compile(network, backend, batch);
  return work(program).finally(() => program.dispose());
}

/** Images at once when nothing else is said. */
const USUAL_BATCH = 64;

/**
 * How many images to run at once: what `--batch` says, else as many as fit up to 64, since that
 * changes no answer.
 * @throws cli/bad-argument, runtime/out-of-memory
 */
export async function evaluationBatch(
  args: Args,
  network: Network,
  backend: Backend,
): Promise<number> {
  const given = args.whole("batch", 1);
  if (given !== undefined) return given;
  return fitting(USUAL_BATCH, (batch) => {
    compile(network, backend, batch).dispose();
    return batch;
  });
}
