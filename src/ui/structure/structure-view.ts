/** @file How the structure is shown, as a list or as a graph, and whether somebody has asked to see it: for this visit, and from anywhere on the page. */
import { useEffect, useRef, useSyncExternalStore, type RefObject } from "react";
import { createStore } from "../../state/index.ts";

export type StructureView = "list" | "graph";

interface Shown {
  readonly view: StructureView;
  /** Asked for from elsewhere, and not in sight yet. */
  readonly isSought: boolean;
}

const store = createStore<Shown>(() => ({ view: "list", isSought: false }));

export function showStructure(view: StructureView): void {
  store.setState({ view });
}

/** The same from elsewhere: where it stands below other things, it is scrolled to once it is there. */
export function seekStructure(view: StructureView): void {
  store.setState({ view, isSought: true });
}

export function useStructureView(): StructureView {
  return useSyncExternalStore(store.subscribe, () => store.getState().view);
}

/** Brings what has the reference into sight when it was asked for; what is in sight stays where it is. */
export function useSoughtStructure(): RefObject<HTMLDivElement | null> {
  const shown = useRef<HTMLDivElement>(null);
  const isSought = useSyncExternalStore(store.subscribe, () => store.getState().isSought);
  useEffect(() => {
    if (!isSought || shown.current === null) return;
    shown.current.scrollIntoView({ block: "nearest" });
    store.setState({ isSought: false });
  }, [isSought]);
  return shown;
}
