/**
 * @file What is costly to draw follows a store that changes many times a second: each takes the newest over in a task
 * of its own, so that several together are no long one. React's own way to read a store would have all of them rendered
 * at once, and would give up rendering in slices whenever the store changed meanwhile.
 */
import { useEffect, useRef, useState } from "react";
import type { StoreApi } from "../../state/index.ts";

/** Who waits for a turn, in the order of asking. */
const waiting = new Map<object, () => void>();
let isAwaited = false;

function next(): void {
  const [first] = waiting;
  isAwaited = false;
  if (first === undefined) return;
  const [owner, act] = first;
  waiting.delete(owner);
  if (waiting.size > 0) awaitTurn();
  act();
}

function awaitTurn(): void {
  if (!isAwaited) setTimeout(next);
  isAwaited = true;
}

/**
 * What is selected of the store's state, a moment after it has changed.
 * @param select — a list; it is the same as before where each of its items is
 * @param by — what else the selection follows
 */
export function useInTurn<S, T extends readonly unknown[]>(
  store: StoreApi<S>,
  select: (state: S) => T,
  by: readonly unknown[],
): T {
  const [value, setValue] = useState(() => select(store.getState()));
  const latest = useRef(select);
  const owner = useRef({});
  const ask = useRef(() => {
    waiting.set(owner.current, () => {
      const now = latest.current(store.getState());
      setValue((old) => (old.every((item, i) => item === now[i]) ? old : now));
    });
    awaitTurn();
  });
  useEffect(() => {
    latest.current = select;
  });
  useEffect(() => {
    const own = owner.current;
    const stop = store.subscribe(ask.current);
    return () => {
      stop();
      waiting.delete(own);
    };
  }, [store]);
  // The store, too, may have changed since it was rendered.
  // eslint-disable-next-line react/exhaustive-deps -- the caller's own list
  useEffect(() => ask.current(), by);
  return value;
}
