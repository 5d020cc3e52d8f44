/**
 * @file Progress on standard error: one line that is rewritten where a person watches, a line every ten
 * seconds elsewhere, so that a log stays readable. Quick work says nothing.
 */
import type { OnProgress } from "../core/index.ts";
import type { Io } from "./io.ts";

const TERMINAL_MS = 100;
const LOG_MS = 10_000;
/** A person is told nothing of work that is over in this time. */
const QUIET_MS = 300;

export interface ProgressLine {
  readonly onProgress: OnProgress;
  /** Takes the line away. Call it before other text is written, and at the end. */
  clear(): void;
}

/** @param label — what is going on: `evaluating` */
export function progressLine(io: Io, label: string): ProgressLine {
  const start = io.now();
  let last = start + (io.isTerminal ? QUIET_MS - TERMINAL_MS : 0);
  let shown = false;
  const clear = (): void => {
    if (shown) io.err("\r\u001b[2K");
    shown = false;
  };
  return {
    clear,
    onProgress: ({ done, total, unit }) => {
      const now = io.now();
      if (now - last < (io.isTerminal ? TERMINAL_MS : LOG_MS)) return;
      last = now;
      const left = done === 0 ? "" : `, ${duration(((now - start) / done) * (total - done))} left`;
      const text = `${label}: ${done} of ${total} ${unit}${left}`;
      if (io.isTerminal) io.err(`\r\u001b[2K${text}`);
      else io.err(`${text}\n`);
      shown = io.isTerminal;
    },
  };
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
