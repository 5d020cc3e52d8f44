/**
 * @file What a screen reader is told of work that goes on: at most one message a second, never the same one twice
 * in a row, and the last one always.
 */

/** Between two messages, ms. */
export const APART_MS = 1000;

export interface Speaker {
  /** Says it now, or as soon as a second has passed; what comes meanwhile takes its place. */
  tell(text: string): void;
  /** Says nothing more. */
  stop(): void;
}

export function createSpeaker(say: (text: string) => void): Speaker {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [said, saidAt, next] = ["", -Infinity, ""];
  const speak = (): void => {
    timer = undefined;
    if (next === said) return;
    [said, saidAt] = [next, performance.now()];
    say(said);
  };
  return {
    tell: (text) => {
      next = text;
      // Never within the call: what is told while the page renders is said after it.
      timer ??= setTimeout(speak, Math.max(0, saidAt + APART_MS - performance.now()));
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
