/**
 * @file Where the keyboard goes when what it was on goes with an entry of a list: to the entry that has come into
 * its place, or to the list's heading where that was the last one.
 */
import { useEffect, useRef } from "react";

interface NextFocus<List extends HTMLElement, Heading extends HTMLElement> {
  /** Its children are the entries, which can have the focus. */
  readonly list: { current: List | null };
  readonly heading: { current: Heading | null };
  /** An entry is about to go. */
  removing(index: number): void;
}

export function useNextFocus<List extends HTMLElement, Heading extends HTMLElement>(): NextFocus<
  List,
  Heading
> {
  const list = useRef<List>(null);
  const heading = useRef<Heading>(null);
  const removed = useRef<number | null>(null);
  useEffect(() => {
    const at = removed.current;
    removed.current = null;
    // Where nothing went, or somebody has gone somewhere else, the focus stays.
    if (at === null || document.activeElement !== document.body) return;
    const entry = list.current?.children[at];
    const button = entry?.querySelector<HTMLElement>("button:enabled");
    const next = button ?? (entry instanceof HTMLElement ? entry : heading.current);
    next?.focus();
  });
  return {
    list,
    heading,
    removing: (index) => {
      removed.current = index;
    },
  };
}
