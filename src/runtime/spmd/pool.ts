/**
 * @file Threads that run programs together. Its owner posts them memories, asks for one run at a time,
 * and waits without computing itself. A pool that has failed is of no more use: its owner ends it and
 * starts another.
 */
import { AppError, breathe } from "../../core/index.ts";
import { CONTROL } from "./instructions.ts";
import type { Thread, ThreadHost } from "./rim.ts";
import type { Slot } from "./slots.ts";
import { WORD_COUNT, WORDS, type ThreadMessage } from "./thread-loop.mjs";
import { waitWhile } from "./waiting.ts";

/** How long to block before looking into the event loop. */
const SLICE_MS = 100;
/** Shorter while threads start: a worker's worker needs its parent's event loop for that. */
const START_SLICE_MS = 5;
/** Less than what a backend's whole start may take, so that there is time for another build. */
const START_MS = 5_000;
/** After a trap: slices in which the thread's own account of it may still come. */
const REASON_SLICES = 10;

interface Patience {
  readonly sliceMs: number;
  /** Time without any progress after which a thread counts as lost. */
  readonly stallMs: number;
  /** Any number that moves when there is progress. */
  progress(): number;
}

export class ThreadPool {
  readonly #control = new Int32Array(new SharedArrayBuffer(WORD_COUNT * 4));
  readonly #threads: Thread[] = [];
  readonly #known = new Set<number>();
  readonly #count: number;
  readonly #stallMs: number;
  #failure: string | undefined;

  /** @param stallMs — how long a run may stand still before it counts as lost */
  constructor(host: ThreadHost, module: WebAssembly.Module, stallMs: number) {
    this.#stallMs = stallMs;
    this.#count = host.count;
    while (this.#threads.length < this.#count && this.#failure === undefined) this.#start(host);
    const common = { kind: "start", control: this.#control, module } as const;
    this.#post((thread) => ({ ...common, thread, threads: this.#count }));
  }

  /** Whether one of its threads has died, even while nothing ran. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Settles when all threads listen.
   * @throws runtime/thread-lost
   */
  async ready(): Promise<void> {
    const started = (): number => Atomics.load(this.#control, WORDS.started);
    await this.#until(() => started() === this.#count, {
      sliceMs: START_SLICE_MS,
      stallMs: START_MS,
      progress: started,
    });
  }

  /**
   * Runs a program on all threads; nothing else may run meanwhile.
   * @param meanwhile — done here once the threads have begun; must not throw
   * @throws runtime/thread-lost
   */
  async run(slot: Slot, program: number, meanwhile?: () => void): Promise<void> {
    if (!this.#known.has(slot.id)) {
      this.#known.add(slot.id);
      this.#post(() => ({ kind: "memory", id: slot.id, memory: slot.memory }));
    }
    const control = this.#control;
    Atomics.store(control, WORDS.memory, slot.id);
    Atomics.store(control, WORDS.program, program);
    Atomics.store(control, WORDS.remaining, this.#count);
    Atomics.add(control, WORDS.runs, 1);
    // One is woken and wakes the others when it runs: while its owner is still on a core, two that are woken
    // at once would share the other, and may do so for a third of a short run.
    this.#signal(1);
    meanwhile?.();
    const words = new Int32Array(slot.memory.buffer);
    const remaining = (): number => Atomics.load(control, WORDS.remaining);
    await this.#until(() => remaining() === 0, {
      sliceMs: SLICE_MS,
      // One thread alone waits for nobody and passes no barrier; how long it takes is its own matter.
      stallMs: this.#count === 1 ? Infinity : this.#stallMs,
      progress: () => Atomics.load(words, CONTROL.barrierPhase) - remaining(),
    });
  }

  /** Ends the threads. */
  async stop(): Promise<void> {
    this.#failure ??= "its pool was closed";
    // One that sleeps would hear of its end only when it is forced.
    Atomics.add(this.#control, WORDS.messages, 1);
    this.#signal();
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #start(host: ThreadHost): void {
    const fail = (reason: string): void => {
      this.#failure ??= reason;
    };
    try {
      const thread = host.start();
      thread.onFailure(fail);
      this.#threads.push(thread);
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** Every message is counted before it is posted, so that no thread sleeps over it. */
  #post(message: (thread: number) => ThreadMessage): void {
    Atomics.add(this.#control, WORDS.messages, 1);
    this.#signal();
    for (const [at, thread] of this.#threads.entries()) thread.post(message(at));
  }

  #signal(wakes = Infinity): void {
    Atomics.add(this.#control, WORDS.signal, 1);
    Atomics.notify(this.#control, WORDS.signal, wakes);
  }

  /** Waits in slices, with a look into the event loop after each that has passed without news. */
  async #until(isDone: () => boolean, { sliceMs, stallMs, progress }: Patience): Promise<void> {
    let [seen, quiet, trapped] = [progress(), 0, 0];
    for (;;) {
      const events = Atomics.load(this.#control, WORDS.events);
      if (this.#failure !== undefined) throw threadLost(this.#failure);
      if (Atomics.load(this.#control, WORDS.failed) !== 0) {
        trapped += 1;
        if (trapped > REASON_SLICES) throw threadLost("a kernel that trapped");
      } else if (isDone()) {
        return;
      }
      if (!(await waitWhile(this.#control, WORDS.events, events, sliceMs))) continue;
      await breathe();
      // Slices are counted and not the clock, which jumps when a computer has slept.
      const now = progress();
      quiet = now === seen ? quiet + sliceMs : 0;
      seen = now;
      if (quiet >= stallMs) throw threadLost(`no progress in ${stallMs / 1000} s`);
    }
  }
}

/** The refusal for a thread that died, trapped or hung. */
export function threadLost(found: string, cause?: unknown): AppError {
  return new AppError("runtime/thread-lost", { where: "a thread of the kernels", found, cause });
}
