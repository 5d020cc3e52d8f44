/** @file Espalier's own runtime, in a worker as in the product, through its public door alone. */
import plainUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threadedUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { invariant } from "../../src/core/index.ts";
import { costOf } from "../../src/model/index.ts";
import { compile, openBackend, type KernelOptions, type Program } from "../../src/runtime/index.ts";
import { browserKernelFiles, browserThreads } from "../../src/worker/kernels.ts";
import { batchOf, networkOf } from "../train/network.ts";
import { USUAL_THREADS } from "../train/peer.ts";
import { serve, timed } from "./serve.ts";

const absolute = (url: string): string => new URL(url, self.location.href).href;

const WASM_PATHS = {
  "tfjs-backend-wasm.wasm": absolute(plainUrl),
  "tfjs-backend-wasm-simd.wasm": absolute(simdUrl),
  "tfjs-backend-wasm-threaded-simd.wasm": absolute(threadedUrl),
};

/** Without L1, which the other peers do not have. */
const SETTINGS = {
  learningRate: 0.01,
  momentum: 0.9,
  weightDecay: 1e-4,
  sparsity: 0,
  sparsityForm: "subgradient",
} as const;

const opened = new Map<number, KernelOptions>();

/** The same value for the same count: backends opened with it share one set of threads. */
function kernelsOn(threads: number): KernelOptions {
  const host = browserThreads(threads);
  const kernels = opened.get(threads) ?? { files: browserKernelFiles, threads: host };
  opened.set(threads, kernels);
  return kernels;
}

let program: Program | undefined;
let batch: ReturnType<typeof batchOf>;

serve({
  async init(load) {
    program?.dispose();
    const kernels = kernelsOn(load.threads ?? USUAL_THREADS);
    const backend = await openBackend("wasm", { wasmPaths: WASM_PATHS, kernels });
    const network = networkOf(load);
    batch = batchOf(network, load.batch);
    program = compile(network, backend, load.batch);
    const { parameterBytes, peakActivationBytes } = program.memory;
    const outputs = await program.forward(batch.images);
    const macs = (costOf(network).macs / 1e6).toFixed(1);
    return {
      description: `${backend.report.description}, ${macs} M MACs`,
      logits: [...outputs.subarray(0, outputs.length / load.batch)],
      plannedBytes: parameterBytes + peakActivationBytes,
    };
  },
  run(kind, steps) {
    const own = program;
    invariant(own !== undefined, "benchInit comes first");
    invariant(kind === "train" || kind === "forward", `${kind} is no kind of step`);
    const { images, labels } = batch;
    return kind === "train"
      ? timed(steps, () => own.step(images, labels, SETTINGS))
      : timed(steps, () => own.forward(images));
  },
});
