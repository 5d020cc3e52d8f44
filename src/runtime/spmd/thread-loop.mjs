// @ts-check
/**
 * @file What a kernel thread does, in a page and in Node alike; it is run as it lies, unbundled, so it
 * is plain JavaScript that imports nothing. Between two runs the thread sleeps in `Atomics.wait`, which
 * keeps messages out; so whoever posts one counts it in the control words first, and a thread that
 * sees one it has not had goes back to its event loop to take it.
 */

/**
 * The control words of a pool: positions in an Int32Array that all its threads and its owner share.
 * `signal` moves whenever a thread has something to look at, `events` whenever the owner has.
 */
export const WORDS = /** @type {const} */ ({
  signal: 0,
  /** Messages posted to each thread so far. */
  messages: 1,
  /** Runs asked for so far; the two words behind say which. */
  runs: 2,
  memory: 3,
  program: 4,
  events: 16,
  /** Threads that have begun to listen. */
  started: 17,
  /** Threads that have not finished the run yet. */
  remaining: 18,
  /** Not 0 once a kernel has trapped in a thread. */
  failed: 19,
});

/** How many others a thread wakes that begins a run. */
const WAKES = 2;

/** How many words there are; two cache lines. */
export const WORD_COUNT = 32;

/**
 * @typedef {{
 *   readonly kind: "start",
 *   readonly control: Int32Array,
 *   readonly module: WebAssembly.Module,
 *   readonly thread: number,
 *   readonly threads: number,
 * } | {
 *   readonly kind: "memory",
 *   readonly id: number,
 *   readonly memory: WebAssembly.Memory,
 * }} ThreadMessage
 */

/**
 * Makes a thread.
 *
 * @returns {(message: ThreadMessage) => void} takes a message, then runs what is asked until the next
 *   message is on its way. Throws when a kernel traps: the thread is then of no more use.
 */
export function makeThread() {
  /** @type {Extract<ThreadMessage, { kind: "start" }> | undefined} */
  let self;
  /** @type {Map<number, (program: number, thread: number, threads: number) => void>} */
  const kernels = new Map();
  let [handled, ran] = [0, 0];

  return (message) => {
    handled += 1;
    if (message.kind === "start") {
      self = message;
      Atomics.add(self.control, WORDS.started, 1);
      tell(self.control);
    } else if (self !== undefined) {
      const { exports } = new WebAssembly.Instance(self.module, {
        env: { memory: message.memory },
      });
      kernels.set(message.id, /** @type {any} */ (exports).run);
    }
    if (self !== undefined) listen(self);
  };

  /** @param {NonNullable<typeof self>} self */
  function listen({ control, thread, threads }) {
    for (;;) {
      // Read before all else: what moves it afterwards keeps the wait from sleeping.
      const signal = Atomics.load(control, WORDS.signal);
      if (handled < Atomics.load(control, WORDS.messages)) return;
      if (ran < Atomics.load(control, WORDS.runs)) {
        ran += 1;
        // By now its owner sleeps, whose core is free for one of these.
        Atomics.notify(control, WORDS.signal, WAKES);
        work(control, thread, threads);
      } else {
        Atomics.wait(control, WORDS.signal, signal);
      }
    }
  }

  /**
   * @param {Int32Array} control
   * @param {number} thread
   * @param {number} threads
   */
  function work(control, thread, threads) {
    try {
      const run = kernels.get(Atomics.load(control, WORDS.memory));
      if (run === undefined) throw new Error("internal: a run in a memory that nobody has opened");
      run(Atomics.load(control, WORDS.program), thread, threads);
    } catch (error) {
      Atomics.store(control, WORDS.failed, 1);
      tell(control);
      throw error;
    }
    if (Atomics.sub(control, WORDS.remaining, 1) === 1) tell(control);
  }
}

/** @param {Int32Array} control */
function tell(control) {
  Atomics.add(control, WORDS.events, 1);
  Atomics.notify(control, WORDS.events);
}
