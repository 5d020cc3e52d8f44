/**
 * @file Whether somebody in this browser has ever moved the ratio: until then the slider says that it can be
 * dragged. Once moved is moved for good; where the browser keeps nothing, for this visit.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Remembered } from "./remembered.ts";

export interface FirstVisitState {
  readonly hasMoved: boolean;
}

export interface FirstVisitCommands {
  /** The ratio was moved while the page said that it can be. */
  noticeMove(): void;
}

export interface FirstVisit {
  readonly store: StoreApi<FirstVisitState>;
  readonly commands: FirstVisitCommands;
}

export function createFirstVisit(
  remembered: Pick<Remembered, "hasMoved" | "rememberMoved">,
): FirstVisit {
  const store = createStore<FirstVisitState>(() => ({ hasMoved: remembered.hasMoved() }));
  return {
    store,
    commands: {
      noticeMove: () => {
        if (store.getState().hasMoved) return;
        store.setState({ hasMoved: true });
        remembered.rememberMoved();
      },
    },
  };
}
