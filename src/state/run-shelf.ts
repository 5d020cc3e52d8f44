/**
 * @file What a person has decided about the runs, as one value that a moment of the history can hold: their
 * names and pins, and which were removed. Runs that a moment does not know yet, since they were made
 * later, are left as they are. Pure.
 */
import type { PageState, Run } from "./page.ts";

/** Plain and in the order of the runs' numbers, so that equal decisions are equal values. */
export interface RunShelf {
  readonly runs: readonly ShelvedRun[];
}

interface ShelvedRun {
  readonly id: number;
  /** Null where the page names it. */
  readonly name: string | null;
  readonly isPinned: boolean;
  readonly isRemoved: boolean;
}

type Runs = Pick<PageState, "runs" | "removed">;

export function shelfOf({ runs, removed }: Runs): RunShelf {
  const plain = ({ id, name, isPinned }: Run, isRemoved: boolean): ShelvedRun => ({
    id,
    name: name ?? null,
    isPinned: isPinned === true,
    isRemoved,
  });
  const all = [...runs.map((run) => plain(run, false)), ...removed.map((run) => plain(run, true))];
  return { runs: all.sort((a, b) => a.id - b.id) };
}

/** Without a run that is gone for good. */
export function forgetRun({ runs }: RunShelf, runId: number): RunShelf {
  return { runs: runs.filter(({ id }) => id !== runId) };
}

/** True where a run was removed at that moment. */
export function isRemovedIn({ runs }: RunShelf, runId: number): boolean {
  return runs.some(({ id, isRemoved }) => id === runId && isRemoved);
}

/** The runs by the names and pins that they had, with those back that were not removed yet. */
export function putBack({ runs, removed }: Runs, shelf: RunShelf): Runs {
  const said = new Map(shelf.runs.map((one) => [one.id, one]));
  const isBack = ({ id }: Run): boolean => said.get(id)?.isRemoved === false;
  const named = (run: Run): Run => {
    const then = said.get(run.id);
    if (then === undefined) return run;
    const { name: _, ...unnamed } = run;
    const { name, isPinned } = then;
    return { ...unnamed, ...(name === null ? {} : { name }), isPinned };
  };
  return {
    // Each behind the one that it was made from.
    runs: [...runs, ...removed.filter(isBack)].map(named).sort((a, b) => a.id - b.id),
    removed: removed.filter((run) => !isBack(run)),
  };
}

/** Without those that were removed; what is on the page or was made into another run stays. */
export function takeAway(page: Runs & Pick<PageState, "runId">, shelf: RunShelf): Runs {
  const { runs, removed, runId } = page;
  const isNeeded = ({ id }: Run): boolean =>
    id === runId ||
    runs.some(
      (other) =>
        other.id !== id &&
        (other.parent === id || other.against === id) &&
        !isRemovedIn(shelf, other.id),
    );
  const gone = runs.filter((run) => isRemovedIn(shelf, run.id) && !isNeeded(run));
  const left = new Set(gone);
  return { runs: runs.filter((run) => !left.has(run)), removed: [...removed, ...gone] };
}
