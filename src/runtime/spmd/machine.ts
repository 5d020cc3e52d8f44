/**
 * @file Opens the machine that runs programs of the wasm kernels, on the fastest build that can be had.
 * It knows nothing of networks; what a program's words mean is between `instructions.ts` and the
 * kernels.
 */
import { AppError } from "../../core/index.ts";
import { KernelMachine, VARIANT_WORDS, type Machine } from "./kernel-machine.ts";
import type { KernelFiles, KernelOptions, KernelVariant, ThreadHost } from "./rim.ts";
import { OwnThread, PoolRunner, reasonOf } from "./runners.ts";

export type { Machine, MachineMemory } from "./kernel-machine.ts";

export interface MachineOptions extends KernelOptions {
  /** Takes this build or fails, instead of choosing. */
  readonly only?: KernelVariant;
  /** How long a run may stand still before a thread counts as lost; 20 s. */
  readonly stallMs?: number;
}

const STALL_MS = 20_000;

/**
 * Opens a machine on the fastest build that loads here. Its threads have started when this settles.
 * @throws runtime/backend-unavailable when there is none
 */
export async function openMachine(options: MachineOptions): Promise<Machine> {
  const { files, threads, only, stallMs = STALL_MS } = options;
  const notes: string[] = [];
  if (only !== "single") {
    const reason = noThreads(threads);
    if (threads === undefined || reason !== "") {
      notes.push(`no threads: ${reason}`);
    } else {
      const names = (["fma", "simd"] as const).filter((name) => (only ?? name) === name);
      const found = await firstThatLoads(files, names, notes);
      const runner = found && (await startedPool(threads, found.module, stallMs, notes));
      if (runner) return new KernelMachine(found.name, threads.count, runner, notes.join("; "));
    }
  }
  if (only === undefined || only === "single") {
    const found = await firstThatLoads(files, ["single"], notes);
    if (found) return new KernelMachine("single", 1, new OwnThread(found.module), notes.join("; "));
  }
  throw new AppError("runtime/backend-unavailable", {
    where: "own kernels",
    found: notes.join("; "),
  });
}

/** Why this host's threads cannot be had; empty when they can. */
function noThreads(host: ThreadHost | undefined): string {
  if (host === undefined || host.count < 1) return "none were given";
  return canShareMemory() ? "" : "this page is not cross-origin isolated";
}

/** Whether threads may see each other's memory, without which there are none of ours. */
export function canShareMemory(): boolean {
  // Only browsers have the word, and mean it; in Node memory may always be shared.
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer !== "undefined" && crossOriginIsolated !== false;
}

interface Loaded<N extends KernelVariant> {
  readonly name: N;
  readonly module: WebAssembly.Module;
}

async function firstThatLoads<N extends KernelVariant>(
  files: KernelFiles,
  names: readonly N[],
  notes: string[],
): Promise<Loaded<N> | undefined> {
  for (const name of names) {
    const label = name === "single" ? "SIMD on one thread" : VARIANT_WORDS[name];
    try {
      const bytes = await files.load(name);
      if (WebAssembly.validate(bytes)) return { name, module: await WebAssembly.compile(bytes) };
      notes.push(`no ${label} here`);
    } catch (error) {
      notes.push(`${label} could not be loaded (${reasonOf(error)})`);
    }
  }
  return undefined;
}

async function startedPool(
  host: ThreadHost,
  module: WebAssembly.Module,
  stallMs: number,
  notes: string[],
): Promise<PoolRunner | undefined> {
  const runner = new PoolRunner(host, module, stallMs);
  try {
    await runner.start();
    return runner;
  } catch (error) {
    notes.push(`no threads: they did not start (${reasonOf(error)})`);
    await runner.stop();
    return undefined;
  }
}
