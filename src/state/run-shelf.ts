/**
 * @file What a person has decided about the runs, as one value that a moment of the history can hold: their
 * names and pins, and which were removed. A run of which it says nothing is as it was made, so a run that
 * is made changes nothing in it. Pure.
 */
import type { PageState, Run } from "./page.ts";

/** By the runs' numbers, ascending: equal decisions are equal values. */
export type RunShelf = readonly Decided[];

interface Decided {
  readonly id: number;
  /** Null where the page names it. */
  readonly name: string | null;
  readonly isPinned: boolean;
  readonly isRemoved: boolean;
}

type Runs = Pick<PageState, "runs" | "removed">;

export function shelfOf({ runs, removed }: Runs): RunShelf {
  const decided = ({ id, name, isPinned }: Run, isRemoved: boolean): Decided => ({
    id,
    name: name ?? null,
    isPinned: isPinned === true,
    isRemoved,
  });
  return [...runs.map((run) => decided(run, false)), ...removed.map((run) => decided(run, true))]
    .filter(({ name, isPinned, isRemoved }) => name !== null || isPinned || isRemoved)
    .sort((a, b) => a.id - b.id);
}

export function isSameShelf(a: RunShelf, b: RunShelf): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Without a run that is gone for good. */
export function forgetRun(shelf: RunShelf, runId: number): RunShelf {
  return shelf.filter(({ id }) => id !== runId);
}

export function isRemovedIn(shelf: RunShelf, runId: number): boolean {
  return shelf.some(({ id, isRemoved }) => id === runId && isRemoved);
}

/** The runs by the names and pins that they had, with those back that were not removed yet. */
export function putBack({ runs, removed }: Runs, shelf: RunShelf): Runs {
  const isBack = ({ id }: Run): boolean => !isRemovedIn(shelf, id);
  const asDecided = (run: Run): Run => {
    const { name: _, ...unnamed } = run;
    const { name = null, isPinned = false } = shelf.find(({ id }) => id === run.id) ?? {};
    return { ...unnamed, ...(name === null ? {} : { name }), isPinned };
  };
  return {
    // Each behind the one that it was made from.
    runs: [...runs, ...removed.filter(isBack)].map(asDecided).sort((a, b) => a.id - b.id),
    removed: removed.filter((run) => !isBack(run)),
  };
}

/**
 * Without those that were removed; what is on the page, or what something was made from, stays.
 * @param trained — the run that a training, not yet kept, was made from
 */
export function takeAway(
  page: Runs & Pick<PageState, "runId">,
  shelf: RunShelf,
  trained: number | null,
): Runs {
  const { runs, removed, runId } = page;
  const left = runs.filter(({ id }) => !isRemovedIn(shelf, id));
  const isNeeded = ({ id }: Run): boolean =>
    id === runId ||
    id === trained ||
    left.some(({ parent, against }) => parent === id || against === id);
  const gone = runs.filter((run) => isRemovedIn(shelf, run.id) && !isNeeded(run));
  return { runs: runs.filter((run) => !gone.includes(run)), removed: [...removed, ...gone] };
}
