/**
 * @file Opens a backend and tells the truth about it. TensorFlow.js keeps one current backend for the
 * whole thread; this is the only place that changes it.
 */
import * as tf from "@tensorflow/tfjs-core";
import { AppError } from "../core/index.ts";
import { registerWasmTrainingKernels } from "./kernels/wasm/register.ts";
import type { BackendKind, BackendReport } from "./program.ts";
import { openMachine, type Machine } from "./spmd/machine.ts";
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
}

const never = (): boolean => false;

/** Longest time to wait: a blocked worker script makes TensorFlow.js wait for ever. */
const INIT_MILLISECONDS = 10_000;

/**
 * Opens a backend; `auto` takes webgpu on a real GPU and wasm elsewhere.
 * @throws runtime/backend-unavailable when the one that was asked for cannot be had
 */
export async function openBackend(
  preference: BackendKind | "auto",
  options: BackendOptions,
): Promise<Backend> {
  if (preference === "cpu") return openCpu();
  if (preference === "wasm") return openWasm(options, "");
  const gpu = await probeGpu(options.allowSoftwareGpu ?? false);
  if (gpu.usable) {
    try {
      return await openWebGpu(gpu.description);
    } catch (cause) {
      if (preference === "webgpu") throw cause;
      return openWasm(options, "the GPU did not start");
    }
  }
  if (preference === "webgpu") {
    throw new AppError("runtime/backend-unavailable", { where: "webgpu", found: gpu.description });
  }
  return openWasm(options, gpu.description);
}

interface Probe {
  readonly usable: boolean;
  /** The adapter's name, or why there is none. */
  readonly description: string;
}

async function probeGpu(allowSoftware: boolean): Promise<Probe> {
  if (typeof navigator === "undefined" || !("gpu" in navigator)) {
    return { usable: false, description: "no WebGPU here" };
  }
  const adapter = await within(navigator.gpu.requestAdapter(), "webgpu").catch(() => null);
  if (adapter === null) return { usable: false, description: "no GPU found" };
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture].filter(Boolean).join(" ") || "GPU";
  const software =
    isFallbackAdapter ||
    /swiftshader|llvmpipe|software|basic render/i.test(`${name} ${architecture}`);
  return software && !allowSoftware
    ? { usable: false, description: "only a software GPU here" }
    : { usable: true, description: name };
}

async function openCpu(): Promise<Backend> {
  await import("@tensorflow/tfjs-backend-cpu");
  await activate("cpu");
  return {
    kind: "cpu",
    report: { kind: "cpu", description: "cpu, plain JavaScript", reason: "" },
    machine: null,
    isLost: never,
  };
}

async function openWebGpu(adapter: string): Promise<Backend> {
  await import("@tensorflow/tfjs-backend-webgpu");
  await activate("webgpu");
  // TensorFlow.js does not listen to this: after a loss it goes on with calls that do nothing.
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  let lost = false;
  void device.lost.then(() => {
    lost = true;
    tf.removeBackend("webgpu");
  });
  return {
    kind: "webgpu",
    report: { kind: "webgpu", description: `webgpu, ${adapter}`, reason: "" },
    machine: null,
    isLost: () => lost,
  };
}

async function openWasm({ wasmPaths, kernels }: BackendOptions, reason: string): Promise<Backend> {
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
  return { kind: "wasm", report: { kind: "wasm", description, reason }, machine, isLost: never };
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

async function within<T>(promise: Promise<T>, where: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError("runtime/backend-unavailable", { where, found: "no answer in 10 s" }));
    }, INIT_MILLISECONDS);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
