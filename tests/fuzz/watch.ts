/**
 * @file Watches the thread of one reader: ends it when a mutant takes too long, and starts another behind
 * that one. Time is the process' own processor time, since a machine may be busy with other things; only
 * what waits for ever is told by the clock.
 */
import { Worker } from "node:worker_threads";
import { MOST_PROCESSOR_MS, processorMs } from "./bounds.ts";
import type { Range, Told } from "./thread.ts";
import { MOST_WALL_MS } from "./watchdog.ts";

const LOOK_MS = 100;
/** Of a thread's heap, of which nothing here needs a tenth. */
const HEAP_MB = 1024;

export interface Watched extends Omit<Range, "at"> {
  /** The program itself, which knows what to do as a thread. */
  readonly program: string;
  readonly onFinding: (number: number, text: string) => void;
  readonly onDone: (next: number, codes: readonly string[]) => void;
}

/** Runs a range to its end, whatever its mutants do. */
export async function watch(range: Watched): Promise<void> {
  for (let from = range.from; from < range.to;) from = await runUntilStuck({ ...range, from });
}

/** @returns where to go on */
function runUntilStuck(range: Watched): Promise<number> {
  const { reader, seed, from, to, program, onFinding, onDone } = range;
  const at = new SharedArrayBuffer(8);
  const place = new Int32Array(at);
  place[0] = from;
  const worker = new Worker(new URL(program), {
    workerData: { reader, seed, from, to, at } satisfies Range,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 4 },
    stdout: true,
    stderr: true,
  });
  let [next, isReady, isOver] = [from, false, false];
  return new Promise((resolve) => {
    let [count, since] = [place[1], now()];
    const look = setInterval(() => {
      if (!isReady || place[1] !== count) {
        [count, since] = [place[1], now()];
        return;
      }
      const { processor, wall } = now();
      const [busy, waited] = [processor - since.processor, wall - since.wall];
      if (busy > MOST_PROCESSOR_MS) end(`ran for more than ${MOST_PROCESSOR_MS} ms`);
      else if (waited > MOST_WALL_MS) end(`gave no answer in ${MOST_WALL_MS} ms`);
    }, LOOK_MS);
    const settle = (result: number): void => {
      isOver = true;
      clearInterval(look);
      resolve(result);
    };
    /** Goes on behind the mutant that is open. */
    const end = (text: string): void => {
      if (isOver) return;
      isOver = true;
      const number = place[0] ?? next;
      onFinding(number, text);
      void worker.terminate().then(() => settle(number + 1));
    };
    worker.on("message", (told: Told) => {
      if (told.kind === "ready") isReady = true;
      else if (told.kind === "finding") onFinding(told.number, told.text);
      else {
        next = told.next;
        onDone(next, told.codes);
      }
    });
    worker.once("error", (error: Error) => end(`ended its thread: ${error.message}`));
    worker.once("exit", () => {
      if (next >= to) settle(next);
      else end("ended its thread without a word");
    });
  });
}

function now(): { readonly processor: number; readonly wall: number } {
  return { processor: processorMs(), wall: performance.now() };
}
