/**
 * @file Opens a backend and tells the truth about it. TensorFlow.js keeps one current backend for the
 * whole thread; this is the only place that changes it.
 */
import * as tf from "@tensorflow/tfjs-core";
import { AppError } from "../core/index.ts";
import { registerWasmTrainingKernels } from "./kernels/wasm/register.ts";
import type { BackendKind, BackendLimit, BackendReport } from "./program.ts";
import { canShareMemory, openMachine, type Machine } from "./spmd/machine.ts";
import type { KernelOptions } from "./spmd/rim.ts";

/** Where the wasm backend's binaries are: a folder, or one address each. */
export type WasmPaths = string | Readonly<Record<string, string>>;

export interface BackendOptions {
  readonly wasmPaths: WasmPaths;
  /** Lets a software GPU count as one: for tests. */
  readonly allowSoftwareGpu?: boolean;
  /** Where our own kernels and their threads come from; without them wasm runs on tfjs' alone. */
  readonly kernels?: KernelOptions;
}

/** A backend that is current on this thread. */
export interface Backend {
  readonly kind: BackendKind;
  readonly report: BackendReport;
  /**
   * What runs whole compiled programs on our own kernels; wasm has one where they load. Backends that
   * are opened with the same kernels share it, so none of them ends it.
   */
  readonly machine: Machine | null;
  /** True once the graphics device is gone; nothing it answers counts any more. */
  isLost(): boolean;
  /** The same of a call that has just failed: calls fail a moment before a browser tells of the loss. */
  wasLost(): Promise<boolean>;
}

const KEPT = { isLost: () => false, wasLost: () => Promise.resolve(false) };

/** Longest time to wait: a blocked worker script makes TensorFlow.js wait for ever. */
const INIT_MILLISECONDS = 10_000;

/** Longest time from the first call that fails to the word that the device is lost. */
const LOSS_MILLISECONDS = 5_000;

/**
 * Opens a backend; `auto` takes webgpu on a real GPU and wasm elsewhere.
 * @throws runtime/backend-unavailable when the one that was asked for cannot be had
 */
export async function openBackend(
  preference: BackendKind | "auto",
  options: BackendOptions,
): Promise<Backend> {
  if (preference === "cpu") return openCpu();
  if (preference === "wasm") return openWasm(options, null);
  const gpu = await probeGpu(options.allowSoftwareGpu ?? false);
  if ("name" in gpu) {
    try {
      return await openWebGpu(gpu.name);
    } catch (cause) {
      if (preference === "webgpu") throw cause;
      return openWasm(options, "gpu-failed");
    }
  }
  if (preference === "webgpu") {
    const found = GPU_WORDS[gpu.limit];
    throw new AppError("runtime/backend-unavailable", { where: "webgpu", found });
  }
  return openWasm(options, gpu.limit);
}

const GPU_WORDS = {
  "no-webgpu": "no WebGPU here",
  "no-gpu": "no GPU found",
  "software-gpu": "only a software GPU here",
  "gpu-failed": "the GPU did not start",
} as const;

type GpuLimit = keyof typeof GPU_WORDS;

/** The adapter's name, or why there is none. */
type Probe = { readonly name: string } | { readonly limit: GpuLimit };

async function probeGpu(allowSoftware: boolean): Promise<Probe> {
  if (typeof navigator === "undefined" || !("gpu" in navigator)) {
    return { limit: "no-webgpu" };
  }
  const adapter = await within(navigator.gpu.requestAdapter(), "webgpu").catch(() => null);
  if (adapter === null) return { limit: "no-gpu" };
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture].filter(Boolean).join(" ") || "GPU";
  const software =
    isFallbackAdapter ||
    /swiftshader|llvmpipe|software|basic render/i.test(`${name} ${architecture}`);
  return software && !allowSoftware ? { limit: "software-gpu" } : { name };
}

async function openCpu(): Promise<Backend> {
  await import("@tensorflow/tfjs-backend-cpu");
  await activate("cpu");
  return {
    kind: "cpu",
    report: reportOf("cpu", "cpu, plain JavaScript"),
    machine: null,
    ...KEPT,
  };
}

async function openWebGpu(adapter: string): Promise<Backend> {
  await import("@tensorflow/tfjs-backend-webgpu");
  await activate("webgpu");
  // TensorFlow.js does not listen to this: after a loss it goes on with calls that do nothing.
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  let lost = false;
  const loss = device.lost.then(() => {
    lost = true;
    tf.removeBackend("webgpu");
  });
  return {
    kind: "webgpu",
    report: reportOf("webgpu", `webgpu, ${adapter}`),
    machine: null,
    isLost: () => lost,
    wasLost: async () => {
      await within(loss, "webgpu", LOSS_MILLISECONDS).catch(() => undefined);
      return lost;
    },
  };
}

/** Of a backend that nothing holds back. */
function reportOf(kind: BackendKind, description: string): BackendReport {
  return { kind, description, reason: "", limits: [], threads: 1, wantedThreads: 1 };
}

/** What keeps wasm to one thread. */
function threadLimit(
  machine: Machine | null,
  kernels: KernelOptions | undefined,
): BackendLimit | null {
  if (kernels === undefined || (machine?.threads ?? 0) > 1) return null;
  if (machine === null) return "no-kernels";
  if (!canShareMemory()) return "not-isolated";
  return wantedThreads(kernels) > 1 ? "threads-failed" : "one-core";
}

function wantedThreads(kernels: KernelOptions | undefined): number {
  return Math.max(1, kernels?.threads?.count ?? 1);
}

async function openWasm(
  { wasmPaths, kernels }: BackendOptions,
  gpu: GpuLimit | null,
): Promise<Backend> {
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  // The threaded build starts its threads from blob: scripts, which the page's policy forbids, and
  // then hangs for ever instead of failing.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (tf.findBackend("wasm") === null) {
    if (typeof wasmPaths === "string") wasm.setWasmPaths(wasmPaths);
    else wasm.setWasmPaths({ ...wasmPaths });
  }
  await activate("wasm");
  await registerKernels(kernels);
  const machine = kernels === undefined ? null : await machineFor(kernels);
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  const stock = `${simd === true ? "SIMD" : "no SIMD"}, 1 thread`;
  const description = `wasm, ${machine?.description ?? stock}`;
  const report: BackendReport = {
    ...reportOf("wasm", description),
    reason: gpu === null ? "" : GPU_WORDS[gpu],
    limits: [threadLimit(machine, kernels), gpu].filter((limit) => limit !== null),
    threads: machine?.threads ?? 1,
    wantedThreads: wantedThreads(kernels),
  };
  return { kind: "wasm", report, machine, ...KEPT };
}

/** Without our own, plain TensorFlow.js code trains on composed kernels, only slower. */
async function registerKernels(kernels: KernelOptions | undefined): Promise<void> {
  try {
    await within(registerWasmTrainingKernels(kernels?.files), "own kernels");
  } catch (error) {
    // Builds that never come are as good as none.
    if (!(error instanceof AppError)) throw error;
  }
}

const machines = new WeakMap<KernelOptions, Promise<Machine | null>>();

/**
 * The machine on these kernels: one for all backends that are opened with them, since its threads cost
 * memory and sleep while nothing runs.
 */
function machineFor(kernels: KernelOptions): Promise<Machine | null> {
  const open = async (): Promise<Machine | null> => {
    try {
      return await within(openMachine(kernels), "own kernels");
    } catch (error) {
      // Without a machine everything still runs, only slower; the report says which it is.
      if (error instanceof AppError) return null;
      throw error;
    }
  };
  const machine = machines.get(kernels) ?? open();
  machines.set(kernels, machine);
  return machine;
}

async function activate(kind: BackendKind): Promise<void> {
  const opened = await within(tf.setBackend(kind), kind).catch((cause: unknown) => {
    throw new AppError("runtime/backend-unavailable", { where: kind, cause });
  });
  // setBackend answers false and leaves another one running instead of failing.
  if (!opened || tf.getBackend() !== kind) {
    throw new AppError("runtime/backend-unavailable", { where: kind, found: tf.getBackend() });
  }
  await tf.ready();
}

async function within<T>(
  promise: Promise<T>,
  where: string,
  milliseconds = INIT_MILLISECONDS,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const found = `no answer in ${milliseconds / 1000} s`;
      reject(new AppError("runtime/backend-unavailable", { where, found }));
    }, milliseconds);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
