/**
 * @file Undo and redo of everything that decides what is on the page: which run, how it is pruned, how it
 * will be trained, in how many passes, and what the runs are called and which of them are there. A moment is
 * all of it as one value, so that going back is asking for an earlier one. What changes while a control is held,
 * as in a drag, is one step, and so is what is typed into one field of a training. That something waited for has
 * come is none. What was refused is no moment: undo takes it back first.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { BY_RATIO, methodText, type Method } from "./method.ts";
import { forgetRun, isSameShelf, type RunShelf } from "./run-shelf.ts";
import { isTyped, type TrainingForms } from "./training-form.ts";

/** What is on the page. */
export interface Moment {
  readonly runId: number;
  /** With the slider's ratio in its place; while something is waited for, the method that waits for it. */
  readonly method: Method;
  /** What the plan on the page is by until then; null while nothing is waited for. */
  readonly meanwhile: Method | null;
  readonly forms: TrainingForms;
  /** How often it is cut and trained. */
  readonly passes: number;
  readonly shelf: RunShelf;
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
  /** A run is gone for good: so is every step to or from it. */
  forget(runId: number): void;
  /** What the next undo would take back; null where there is nothing. */
  lastStep(): { readonly before: Moment; readonly now: Moment } | null;
}

export interface HistoryParts {
  /** Null where there is nothing to prune. */
  readonly capture: () => Moment | null;
  /** @returns false when it is refused, which the page then says */
  readonly restore: (moment: Moment) => boolean;
  /** True while a control shows what was refused. */
  readonly isRefused?: () => boolean;
  /** Called when there is no way to some moments any more, with those that are left. */
  readonly onTrimmed?: (left: readonly Moment[]) => void;
}

/** Steps that can be undone; a moment is a few hundred bytes. */
const MOST = 200;

export function createHistory(parts: HistoryParts): History {
  const { capture, restore, isRefused = () => false, onTrimmed } = parts;
  const store = createStore<HistoryState>(() => ({ canUndo: false, canRedo: false }));
  const past: Moment[] = [];
  const future: Moment[] = [];
  let present: Moment | null = null;
  /** The field of a training that the present differs in from the moment before, where in nothing else. */
  let typed: string | null = null;
  let isHeld = false;
  let isAwaited = false;

  const show = (): void => {
    const canUndo = past.length > 0 || (present !== null && isRefused());
    store.setState({ canUndo, canRedo: future.length > 0 });
  };
  const trimmed = (): void =>
    onTrimmed?.([...past, ...(present === null ? [] : [present]), ...future]);
  const note = (): void => {
    const now = isHeld ? null : capture();
    if (now === null) return;
    const before = past.at(-1);
    const isInVain =
      before !== undefined && isWaiting(present) && !isWaiting(now) && isSame(before, now);
    if (isInVain) past.pop();
    if (isInVain || (present !== null && isSame(present, now))) {
      present = now;
      show();
      return;
    }
    const field = present === null ? null : fieldBetween(present, now);
    const isTyping = field !== null && field === typed && past.length > 0;
    typed = field;
    if (present !== null && !isTyping) past.push(present);
    const isTrimmed = past.length > MOST || future.length > 0;
    if (past.length > MOST) past.shift();
    future.length = 0;
    present = now;
    // Typed back to what it was.
    if (isTyping && before !== undefined && isSame(before, now)) {
      past.pop();
      typed = null;
    }
    show();
    if (isTrimmed) trimmed();
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
    // A run that is needed by now does not go again, which is no step of its own.
    present = capture() ?? next;
    typed = null;
    show();
  };

  return {
    store,
    changed,
    isHeld: () => isHeld,
    commands: {
      undo: () => {
        if (present === null || !isRefused()) step(past, future);
        else restore(present);
      },
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
      const without = (moment: Moment): Moment => ({
        ...moment,
        shelf: forgetRun(moment.shelf, runId),
      });
      for (const list of [past, future]) {
        const left = list.filter((moment) => moment.runId !== runId).map(without);
        list.splice(0, list.length, ...left);
      }
      if (present?.runId === runId) present = past.pop() ?? null;
      else if (present !== null) present = without(present);
      for (const list of [past, future]) dropRepeats(list, present);
      show();
    },
    lastStep: () => {
      const before = past.at(-1);
      return before === undefined || present === null ? null : { before, now: present };
    },
    reset: () => {
      past.length = 0;
      future.length = 0;
      present = null;
      typed = null;
      show();
      trimmed();
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

function isWaiting(moment: Moment | null): boolean {
  return moment !== null && moment.meanwhile !== null;
}

function isSame(a: Moment, b: Moment): boolean {
  return isSameButForms(a, b) && JSON.stringify(a.forms) === JSON.stringify(b.forms);
}

function isSameButForms(a: Moment, b: Moment): boolean {
  return (
    a.runId === b.runId &&
    a.passes === b.passes &&
    wholeText(a.method) === wholeText(b.method) &&
    isSameShelf(a.shelf, b.shelf)
  );
}

/** The one field that is typed into in which two moments differ; null where they differ otherwise, too. */
function fieldBetween(a: Moment, b: Moment): string | null {
  if (!isSameButForms(a, b)) return null;
  const fields = (["sparse", "finetune"] as const).flatMap((purpose) => {
    const [before, now] = [new Map(Object.entries(a.forms[purpose])), b.forms[purpose]];
    return Object.entries(now).flatMap(([field, value]) =>
      before.get(field) === value ? [] : [{ purpose, field }],
    );
  });
  const [first, ...others] = fields;
  if (first === undefined || others.length > 0 || !isTyped(first.field)) return null;
  return `${first.purpose} ${first.field}`;
}

/**
 * All of a method, its ratio and its way of cutting included. Points that were typed are the same ones
 * whatever share of the accuracy they come to once that is measured.
 */
function wholeText(method: Method): string {
  const { allocation, manner, points = null } = method;
  const typed = points === null ? method : { ...method, allocation: BY_RATIO };
  const ratio = "ratio" in allocation && allocation.ratio;
  return JSON.stringify([methodText(typed), points, manner.kind, ratio]);
}
