/**
 * @file Undo and redo of everything that decides what is on the page: which run, and how it is pruned. A
 * moment is both as one value, so that going back is asking for an earlier one. What changes while a
 * control is held, as in a drag, is one step.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { methodText, type Method } from "./method.ts";

/** What is on the page. */
export interface Moment {
  readonly runId: number;
  /** With the slider's ratio in its place. */
  readonly method: Method;
}

export interface HistoryState {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export interface HistoryCommands {
  /** Goes back to what was on the page before the last change, or forth again. */
  undo(): void;
  redo(): void;
  /** A pointer or a key is down: until it is up nothing is a step of its own. */
  holdHistory(): void;
  releaseHistory(): void;
}

export interface History {
  readonly store: StoreApi<HistoryState>;
  readonly commands: HistoryCommands;
  /** Something may have changed: notes it once everything that belongs to it has happened. */
  changed(): void;
  isHeld(): boolean;
  /** Another network: there is no way back. */
  reset(): void;
  /** A run is gone: so is every step to or from it. */
  forget(runId: number): void;
}

export interface HistoryParts {
  /** Null while nothing is settled, such as while a criterion looks at images. */
  readonly capture: () => Moment | null;
  /** @returns false when it is refused, which the page then says */
  readonly restore: (moment: Moment) => boolean;
}

/** Steps that can be undone; a moment is a few hundred bytes. */
const MOST = 200;

export function createHistory({ capture, restore }: HistoryParts): History {
  const store = createStore<HistoryState>(() => ({ canUndo: false, canRedo: false }));
  const past: Moment[] = [];
  const future: Moment[] = [];
  let present: Moment | null = null;
  let isHeld = false;
  let isAwaited = false;

  const show = (): void => {
    store.setState({ canUndo: past.length > 0, canRedo: future.length > 0 });
  };
  const note = (): void => {
    const now = isHeld ? null : capture();
    if (now === null || (present !== null && isSame(present, now))) return;
    if (present !== null) past.push(present);
    if (past.length > MOST) past.shift();
    future.length = 0;
    present = now;
    show();
  };
  const changed = (): void => {
    if (isAwaited) return;
    isAwaited = true;
    queueMicrotask(() => {
      isAwaited = false;
      note();
    });
  };
  /** Goes to the newest of one list and leaves the present on the other. */
  const step = (from: Moment[], to: Moment[]): void => {
    isHeld = false;
    note();
    const next = from.at(-1);
    if (next === undefined || present === null || !restore(next)) return;
    from.pop();
    to.push(present);
    present = next;
    show();
  };

  return {
    store,
    changed,
    isHeld: () => isHeld,
    commands: {
      undo: () => step(past, future),
      redo: () => step(future, past),
      holdHistory: () => {
        isHeld = true;
      },
      releaseHistory: () => {
        isHeld = false;
        changed();
      },
    },
    forget: (runId) => {
      for (const list of [past, future]) {
        list.splice(0, list.length, ...list.filter((moment) => moment.runId !== runId));
      }
      if (present?.runId === runId) present = past.pop() ?? null;
      for (const list of [past, future]) dropRepeats(list, present);
      show();
    },
    reset: () => {
      past.length = 0;
      future.length = 0;
      present = null;
      show();
      changed();
    },
  };
}

/** Takes out what no longer differs from its neighbour: a step must change something. */
function dropRepeats(list: Moment[], present: Moment | null): void {
  const kept = list.filter((moment, i) => {
    const next = list[i + 1] ?? present;
    return next === null || !isSame(moment, next);
  });
  list.splice(0, list.length, ...kept);
}

function isSame(a: Moment, b: Moment): boolean {
  return a.runId === b.runId && wholeText(a.method) === wholeText(b.method);
}

/** All of a method, its ratio and its way of cutting included. */
function wholeText(method: Method): string {
  const { allocation, manner } = method;
  return JSON.stringify([
    methodText(method),
    manner.kind,
    "ratio" in allocation && allocation.ratio,
  ]);
}
