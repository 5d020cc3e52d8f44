/** @file How the structure is shown, as a list or as a graph: for this visit, and from anywhere on the page. */
import { useSyncExternalStore } from "react";
import { createStore } from "../../state/index.ts";

export type StructureView = "list" | "graph";

const store = createStore<{ readonly view: StructureView }>(() => ({ view: "list" }));

export function showStructure(view: StructureView): void {
  store.setState({ view });
}

export function useStructureView(): StructureView {
  return useSyncExternalStore(store.subscribe, () => store.getState().view);
}
