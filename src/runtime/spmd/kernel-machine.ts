/**
 * @file A machine as its users hold it: memories, and a queue of runs over whatever runs them.
 */
import { invariant } from "../../core/index.ts";
import { CONTROL, CONTROL_BYTES } from "./instructions.ts";
import type { KernelVariant } from "./rim.ts";
import type { Runner } from "./runners.ts";
import { SlotStore, type Slot } from "./slots.ts";

export interface Machine {
  readonly variant: KernelVariant;
  /** How many threads run a program: the `threads` that its partial results need room for. */
  readonly threads: number;
  /** Such as "own kernels, fused SIMD, 2 threads". */
  readonly description: string;
  /** Why not a faster build, in words for a person; empty when this is the fastest. */
  readonly note: string;
  /**
   * Memory for one program's words and numbers.
   * @param cleared — how many bytes are zero, from the first on; all by default. The rest may hold anything
   * @throws runtime/out-of-memory
   */
  open(bytes: number, cleared?: number): MachineMemory;
  /** Ends the threads. What was opened cannot run any more; its bytes stay readable. */
  dispose(): void;
}

export interface MachineMemory {
  /**
   * The bytes, at least as many as were asked for. Make views anew for every use and keep none across
   * `run`: after a lost thread this is another buffer with the same bytes, out of reach of threads
   * that are still ending.
   */
  readonly buffer: ArrayBufferLike;
  /**
   * Runs the program whose words start at this address. Runs of one machine queue.
   * @param meanwhile — done on this thread while the others run; must not throw
   * @throws runtime/thread-lost when a thread died, trapped or hung; the next run starts new threads
   */
  run(program: number, meanwhile?: () => void): Promise<void>;
  /** Gives the memory back, after the runs that are still going on. */
  dispose(): void;
}

/** What each build is called in front of people. */
export const VARIANT_WORDS: Readonly<Record<KernelVariant, string>> = {
  fma: "fused SIMD",
  simd: "SIMD",
  single: "SIMD",
};

export class KernelMachine implements Machine {
  readonly variant: KernelVariant;
  readonly threads: number;
  readonly description: string;
  readonly note: string;
  readonly #runner: Runner;
  readonly #slots: SlotStore;
  /** Settles when the last run that was asked for has. */
  #queue: Promise<unknown> = Promise.resolve();
  #isDisposed = false;

  constructor(variant: KernelVariant, threads: number, runner: Runner, note: string) {
    this.variant = variant;
    this.threads = threads;
    this.note = note;
    const counted = `${threads} ${threads === 1 ? "thread" : "threads"}`;
    this.description = `own kernels, ${VARIANT_WORDS[variant]}, ${counted}`;
    this.#runner = runner;
    this.#slots = new SlotStore(variant !== "single");
  }

  open(bytes: number, cleared = Infinity): MachineMemory {
    invariant(!this.#isDisposed, "memory of a machine that was closed");
    return new OpenMemory(
      this.#slots,
      this.#slots.take(bytes, cleared),
      (memory, program, meanwhile) => {
        const turn = this.#queue.then(() => this.#run(memory, program, meanwhile));
        this.#queue = turn.catch(() => undefined);
        return turn;
      },
    );
  }

  dispose(): void {
    this.#isDisposed = true;
    void this.#runner.stop();
  }

  async #run(memory: OpenMemory, program: number, meanwhile?: () => void): Promise<void> {
    invariant(!this.#isDisposed, "a run on a machine that was closed");
    try {
      await this.#runner.run(memory.slot, program, meanwhile);
    } catch (error) {
      if (this.variant !== "single" && !this.#isDisposed) {
        // A browser ends a worker when it pleases and says nothing; until then the thread may go on
        // in its memory. It keeps that one, and the next run works in a copy.
        await this.#runner.stop();
        memory.move();
      }
      throw error;
    }
  }
}

type QueueRun = (memory: OpenMemory, program: number, meanwhile?: () => void) => Promise<void>;

/** What `open` gives: a slot as long as it is held. */
class OpenMemory implements MachineMemory {
  readonly #slots: SlotStore;
  readonly #queueRun: QueueRun;
  #slot: Slot;
  #running = 0;
  #isDisposed = false;
  /** Why it cannot run any more: a copy of it found no room. */
  #stuck: Error | undefined;

  constructor(slots: SlotStore, slot: Slot, queueRun: QueueRun) {
    this.#slots = slots;
    this.#slot = slot;
    this.#queueRun = queueRun;
  }

  get buffer(): ArrayBufferLike {
    invariant(!this.#isDisposed, "bytes of a memory that was given back");
    return this.#slot.memory.buffer;
  }

  get slot(): Slot {
    return this.#slot;
  }

  async run(program: number, meanwhile?: () => void): Promise<void> {
    invariant(!this.#isDisposed, "a run in a memory that was given back");
    if (this.#stuck !== undefined) throw this.#stuck;
    this.#running += 1;
    try {
      await this.#queueRun(this, program, meanwhile);
    } finally {
      this.#running -= 1;
      this.#release();
    }
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#release();
  }

  /** Goes on in a copy, with a barrier that nobody waits at. */
  move(): void {
    try {
      this.#slot = this.#slots.copy(this.#slot);
      const words = new Int32Array(this.#slot.memory.buffer, 0, CONTROL_BYTES / 4);
      words[CONTROL.barrierCount] = 0;
      words[CONTROL.barrierPhase] = 0;
    } catch (error) {
      this.#stuck = error instanceof Error ? error : new Error(String(error));
    }
  }

  #release(): void {
    const isIdle = this.#isDisposed && this.#running === 0;
    if (isIdle && this.#stuck === undefined) this.#slots.give(this.#slot);
  }
}
