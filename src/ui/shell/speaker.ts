/**
 * @file What a screen reader is told of work that goes on: at most one message a second, never the same one twice
 * in a row, and the last one always. What somebody has to hear is not overtaken by it: it is said before.
 */

/** Between two messages, ms. */
export const APART_MS = 1000;

export interface Speaker {
  /** Says it now, or as soon as a second has passed; what comes meanwhile takes its place. */
  tell(text: string): void;
  /**
   * The same for what only a later sentence about the same thing may take the place of; an empty one takes back
   * what was not said yet.
   */
  insist(about: string, text: string): void;
  /** Says nothing more. */
  stop(): void;
}

export function createSpeaker(say: (text: string) => void): Speaker {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [said, saidAt] = ["", -Infinity];
  let next: string | null = null;
  const first = new Map<string, string>();
  /** What is said now: what must be heard, else the newest. */
  const take = (): string => {
    for (const [about, text] of first) {
      // What stands there already would not be heard again, unless it goes first.
      if (text === said) return "";
      first.delete(about);
      return text;
    }
    const text = next ?? said;
    next = null;
    return text;
  };
  const speak = (): void => {
    timer = undefined;
    const text = take();
    if (text !== said) {
      [said, saidAt] = [text, performance.now()];
      say(said);
    }
    if (first.size > 0 || next !== null) wait();
  };
  // Never within the call: what is told while the page renders is said after it.
  const wait = (): void => {
    timer ??= setTimeout(speak, Math.max(0, saidAt + APART_MS - performance.now()));
  };
  return {
    tell: (text) => {
      next = text;
      wait();
    },
    insist: (about, text) => {
      if (text === "") first.delete(about);
      else first.set(about, text);
      wait();
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
