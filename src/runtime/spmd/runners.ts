/** @file The two ways to run a program: on the caller's own thread, and on a pool of threads. */
import { AppError } from "../../core/index.ts";
import { threadLost, ThreadPool } from "./pool.ts";
import type { ThreadHost } from "./rim.ts";
import type { Slot } from "./slots.ts";

/** Runs one program at a time, in any memory. */
export interface Runner {
  /** @param meanwhile — done on the caller's thread; must not throw */
  run(slot: Slot, program: number, meanwhile?: () => void): Promise<void>;
  /** Ends the threads; a run starts new ones. */
  stop(): Promise<void>;
}

/** The caller's own thread, in memory that is not shared. */
export class OwnThread implements Runner {
  readonly #module: WebAssembly.Module;
  readonly #kernels = new WeakMap<Slot, RunExport>();

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  async run(slot: Slot, program: number, meanwhile?: () => void): Promise<void> {
    let kernels = this.#kernels.get(slot);
    if (kernels === undefined) {
      const { exports } = new WebAssembly.Instance(this.#module, { env: { memory: slot.memory } });
      kernels = exports["run"] as RunExport;
      this.#kernels.set(slot, kernels);
    }
    try {
      kernels(program, 0, 1);
    } catch (cause) {
      throw threadLost(reasonOf(cause), cause);
    }
    meanwhile?.();
  }

  async stop(): Promise<void> {
    // Nothing runs between two calls.
  }
}

type RunExport = (program: number, thread: number, threads: number) => void;

/** Threads of a pool; a new one is started when the last was stopped. */
export class PoolRunner implements Runner {
  readonly #host: ThreadHost;
  readonly #module: WebAssembly.Module;
  readonly #stallMs: number;
  #pool: ThreadPool | undefined;

  constructor(host: ThreadHost, module: WebAssembly.Module, stallMs: number) {
    this.#host = host;
    this.#module = module;
    this.#stallMs = stallMs;
  }

  async start(): Promise<ThreadPool> {
    if (this.#pool === undefined) {
      this.#pool = new ThreadPool(this.#host, this.#module, this.#stallMs);
      await this.#pool.ready();
    }
    return this.#pool;
  }

  async run(slot: Slot, program: number, meanwhile?: () => void): Promise<void> {
    if (this.#pool?.hasFailed === true) await this.stop();
    const pool = await this.start();
    await pool.run(slot, program, meanwhile);
  }

  async stop(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.stop();
  }
}

/** What went wrong, in a few words. */
export function reasonOf(error: unknown): string {
  if (error instanceof AppError && error.found !== undefined) return error.found;
  return error instanceof Error ? error.message : String(error);
}
