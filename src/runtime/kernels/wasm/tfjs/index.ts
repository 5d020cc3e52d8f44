/**
 * @file Registers kernels of ours with TensorFlow.js, for its wasm backend and under its own names, so
 * that plain TensorFlow.js code trains there: what tfjs-backend-wasm lacks, what it gets wrong, and
 * what it is slow at. A kernel that does not take a case leaves it to the one that was there before.
 * Depends on nothing but TensorFlow.js, the built kernels and the table of their instructions.
 */
import * as tf from "@tensorflow/tfjs-core";
import { Engine } from "./engine.ts";
import { isShared, memoryOf } from "./heap.ts";
import { KERNELS, type Kernel } from "./kernels.ts";

/** Builds for shared memory with fused multiply-add and with plain SIMD, and for memory of one thread. */
export type KernelBuild = "fma" | "simd" | "single";

/** Where the built kernels come from. */
export interface KernelBinaries {
  /** The bytes of a built module; rejects when it cannot be had. */
  load(name: KernelBuild): Promise<BufferSource>;
}

export interface Registration {
  /** The kernels that are ours now; none when that would be unsound or the builds do not load. */
  readonly kernels: readonly string[];
  /** Why there are none; empty otherwise. */
  readonly note: string;
}

const BACKEND = "wasm";

/** A build for each kind of memory: a backend that is opened later may have the other one. */
const modules: { shared?: WebAssembly.Module; single?: WebAssembly.Module } = {};

/** What runs on a backend, or in words why nothing does. */
const engines = new WeakMap<object, Engine | string>();

/** Ours, with what was registered before. */
const registered = new Map<
  string,
  { readonly config: tf.KernelConfig; readonly before: tf.KernelConfig | undefined }
>();

/**
 * Registers all kernels; again and again without harm. A wasm backend must be open; one that is removed
 * and opened anew afterwards has them too.
 */
export async function registerTrainingKernels(binaries: KernelBinaries): Promise<Registration> {
  const backend = tf.findBackend(BACKEND) as object | null;
  if (backend === null) return { kernels: [], note: "the wasm backend is not open" };
  const memory = memoryOf(backend);
  if (typeof memory === "string") return { kernels: [], note: memory };
  const kind = isShared(memory) ? "shared" : "single";
  const module = modules[kind] ?? (await loaded(binaries, kind));
  if (typeof module === "string") return { kernels: [], note: module };
  modules[kind] = module;
  const engine = engineOf(backend);
  if (typeof engine === "string") return { kernels: [], note: engine };
  for (const [name, kernel] of Object.entries(KERNELS)) register(name, kernel);
  return { kernels: Object.keys(KERNELS), note: "" };
}

/** Whether it is a kernel of ours that runs under this name on the current backend. */
export function isOurs(name: string): boolean {
  if (tf.getBackend() !== BACKEND || !(engineOf(tf.backend()) instanceof Engine)) return false;
  const config = tf.getKernel(name, BACKEND) as tf.KernelConfig | undefined;
  return config !== undefined && registered.get(name)?.config === config;
}

/** Puts the kernels back that were there before. */
export function unregisterTrainingKernels(): void {
  for (const [name, { config, before }] of registered) {
    registered.delete(name);
    // Somebody else's since: theirs stays.
    if (tf.getKernel(name, BACKEND) !== config) continue;
    tf.unregisterKernel(name, BACKEND);
    if (before !== undefined) tf.registerKernel(before);
  }
}

/** The fastest build that loads; else why none does. */
async function loaded(
  binaries: KernelBinaries,
  kind: "shared" | "single",
): Promise<WebAssembly.Module | string> {
  const notes: string[] = [];
  for (const name of kind === "single" ? (["single"] as const) : (["fma", "simd"] as const)) {
    try {
      const bytes = await binaries.load(name);
      if (WebAssembly.validate(bytes)) return await WebAssembly.compile(bytes);
      notes.push(`no ${name} here`);
    } catch (error) {
      notes.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return `the kernels did not load (${notes.join("; ")})`;
}

/** Opens an engine on the first call for a backend. */
function engineOf(backend: object): Engine | string {
  const before = engines.get(backend);
  if (before !== undefined) return before;
  const memory = memoryOf(backend);
  const module = typeof memory !== "string" && modules[isShared(memory) ? "shared" : "single"];
  const engine = module ? Engine.open(backend, module) : "there is no build for its memory";
  engines.set(backend, engine);
  return engine;
}

function register(name: string, kernel: Kernel): void {
  const now = tf.getKernel(name, BACKEND) as tf.KernelConfig | undefined;
  const ours = registered.get(name);
  if (ours !== undefined && ours.config === now) return;
  if (now !== undefined) tf.unregisterKernel(name, BACKEND);
  const config: tf.KernelConfig = {
    kernelName: name,
    backendName: BACKEND,
    // The one before is still asked at times, on this backend and on one that is opened later.
    setupFunc: (backend) => now?.setupFunc?.(backend),
    disposeFunc: (backend) => {
      const engine = engines.get(backend);
      if (engine instanceof Engine) engine.release();
      now?.disposeFunc?.(backend);
    },
    kernelFunc: (call) => {
      const engine = engineOf(call.backend);
      if (engine instanceof Engine) {
        const output = kernel(engine, call.inputs, call.attrs ?? {});
        if (output !== undefined) return output;
      }
      if (now !== undefined) return now.kernelFunc(call);
      throw new Error(`Kernel '${name}' for backend '${BACKEND}' does not take this case`);
    },
  };
  registered.set(name, { config, before: now });
  tf.registerKernel(config);
}
