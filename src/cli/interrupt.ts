/**
 * @file Ctrl-C in the middle of work that is worth keeping: the wish becomes a signal, and what is going
 * on ends at its next seam.
 */
import { isAbort } from "../core/index.ts";
import { say, type Io } from "./io.ts";

/** What a shell reports for a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** The wish to stop, as long as it is listened for. */
interface Stop {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C back to the system. */
  readonly release: () => void;
}

/**
 * Listens for the wish to stop.
 * @param unit — what is brought to its end first, such as "step"
 */
export function listenForStop(io: Io, unit: string): Stop {
  const stop = new AbortController();
  const release = io.onInterrupt(() => {
    say(io, `stopping after this ${unit} …`);
    stop.abort();
  });
  return { signal: stop.signal, release };
}

/**
 * Works until it is done or the person wants to stop.
 * @param unit — as for {@link listenForStop}
 * @returns nothing when it was stopped
 */
export async function untilStopped<T>(
  io: Io,
  unit: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const { signal, release } = listenForStop(io, unit);
  try {
    return await work(signal);
  } catch (error) {
    if (signal.aborted && isAbort(error)) return undefined;
    throw error;
  } finally {
    release();
  }
}

/** Lets a signal through: work on tensors never leaves the stack by itself. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
