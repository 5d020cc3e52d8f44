/**
 * @file Ends a test's process when one mutant gives no answer. What loops inside a reader, or inside a
 * library that an earlier file has wrecked, cannot be stopped from its own thread, and whoever runs the tests
 * would wait for ever. So another thread looks whether mutants follow each other, and says which one it
 * was before it ends everything.
 */
import { Worker } from "node:worker_threads";

/** By the clock, since what waits takes nothing of the processor. */
export const MOST_WALL_MS = 60_000;

/** What the thread is told. */
export interface Watched {
  /** Two numbers: which mutant is open, and how many were opened. */
  readonly place: Int32Array;
  /** What the mutant's number is written behind. */
  readonly command: string;
  readonly mostMs: number;
}

/** The thread, as it stands in no file of its own: it has to run wherever a test does. */
export const PROGRAM = `
  const { workerData: { place, command, mostMs } } = require("node:worker_threads");
  let [count, since] = [-1, performance.now()];
  setInterval(() => {
    const [now, time] = [Atomics.load(place, 1), performance.now()];
    if (now !== count) [count, since] = [now, time];
    if (time - since < mostMs) return;
    const text = command + " " + Atomics.load(place, 0) + ": gave no answer in " + mostMs + " ms\\n";
    require("node:fs").writeSync(2, text);
    process.kill(process.pid, "SIGKILL");
  }, mostMs / 10);
`;

export interface Watchdog {
  /** This mutant is being opened. */
  at(number: number): void;
  /** All were. */
  leave(): Promise<void>;
}

/** @param command — which replays a mutant, but for its number */
export function watchOver(command: string): Watchdog {
  const place = new Int32Array(new SharedArrayBuffer(8));
  const workerData = { place, command, mostMs: MOST_WALL_MS } satisfies Watched;
  const worker = new Worker(PROGRAM, { eval: true, workerData });
  worker.unref();
  return {
    at: (number) => {
      Atomics.store(place, 0, number);
      Atomics.add(place, 1, 1);
    },
    leave: async () => void (await worker.terminate()),
  };
}
