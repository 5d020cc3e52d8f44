/**
 * @file What a command may touch of the outside world, beside files: two streams, a clock, the wish to
 * stop. Tests hand in their own, so that commands run inside the test's process.
 */
import { printable } from "../core/index.ts";

export interface Io {
  /** Writes to standard output; line ends are the caller's. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** True when a person watches standard error. */
  readonly isTerminal: boolean;
  /** The folder of this project, where `data/cifar-10` is. */
  readonly projectFolder: string;
  /** Milliseconds from any origin. */
  readonly now: () => number;
  /**
   * Asks to hear that the person wants to stop, instead of being ended.
   * @returns gives the wish back to the system
   */
  readonly onInterrupt: (hear: () => void) => () => void;
}

/** Ends a sentence to the person on standard error. */
export function say(io: Io, sentence: string): void {
  io.err(`${visible(sentence)}\n`);
}

/**
 * A line for a terminal. Names in it may be a stranger's, and what is not seen could move the cursor,
 * turn the writing round, or pose as an answer of ours.
 */
export function visible(line: string): string {
  return printable(line, Infinity);
}
