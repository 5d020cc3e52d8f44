/**
 * @file What a screen reader is told where nothing that has the focus says it: that a cut has left a network which
 * guesses, or that a guard held. Whoever speaks for the page listens; it is one voice, so that sentences never
 * overtake each other.
 */

/** @param about — what it is about: a later sentence takes the place of an earlier one that was not said yet */
export type Listener = (about: string, text: string) => void;

const listeners = new Set<Listener>();

/** An empty text takes back what was not said yet, so that the same can be said again. */
export function announce(about: string, text: string): void {
  for (const listen of listeners) listen(about, text);
}

/** @returns stops listening */
export function onAnnounced(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
