/**
 * @file What a person does with the runs themselves: names them, pins them, lets them go. A run that goes can
 * be had back as long as the history leads to it; then its network goes from the worker, too. Nothing that
 * others need can go.
 */
import type { StoreApi } from "zustand/vanilla";
import type { Activity } from "./activity.ts";
import type { ComparingState } from "./comparing.ts";
import type { NetworkKey } from "./engine.ts";
import type { History, Moment } from "./history.ts";
import type { Measuring } from "./measuring.ts";
import { setProblem, type PageStore, type Run, type Step } from "./page.ts";
import { isRemovedIn } from "./run-shelf.ts";
import { nameOfRun, whyKept } from "./runs.ts";

export interface RunCommands {
  /** Takes a name of at most 80 characters; an empty one brings back what the page calls it. */
  renameRun(runId: number, name: string): void;
  pinRun(runId: number, isPinned: boolean): void;
  /** Offers to take it back; says why not where something still needs it. */
  removeRun(runId: number): void;
  compare(change: Partial<ComparingState>): void;
  /** Leads to all runs and all that is known of each, wherever the page is. */
  showRuns(): void;
  /** Measures every run as far as the page goes, before it fills in anything else. */
  measureAll(): void;
}

export interface RunCommandsParts {
  readonly page: PageStore;
  readonly comparing: StoreApi<ComparingState>;
  readonly history: Pick<History, "forget" | "lastStep" | "commands">;
  readonly activity: Pick<Activity, "say">;
  /** The run that a training under way, or not yet kept, was made from. */
  readonly trained: () => number | null;
  /** Gives a network back to the worker unless something else still needs it. */
  readonly release: (key: NetworkKey) => Promise<void>;
  readonly goTo: (step: Step) => void;
  readonly measuring: Pick<Measuring, "measureAll">;
}

export interface RunParts {
  readonly commands: RunCommands;
  /** The history has lost some moments: what none of those that are left can bring back is gone for good. */
  letGo(left: readonly Moment[]): void;
}

/** The longest name, in characters. */
export const MOST_NAME = 80;

/** Runs that can be had back: each holds a network. */
const MOST_REMOVED = 8;

export function createRunCommands(parts: RunCommandsParts): RunParts {
  const { page, comparing, history, activity, trained, release } = parts;

  const change = (runId: number, how: (run: Run) => Run): void => {
    const { runs } = page.getState();
    page.setState({ runs: runs.map((run) => (run.id === runId ? how(run) : run)) });
  };

  const drop = (runs: readonly Run[]): void => {
    const { removed } = page.getState();
    page.setState({ removed: removed.filter((run) => !runs.includes(run)) });
    for (const { id, session } of runs) {
      history.forget(id);
      void release(session.key);
    }
  };

  /** As one more step where something else was done since. */
  const takeBack = (runId: number): void => {
    const step = history.lastStep();
    const isLast =
      step !== null && isRemovedIn(step.now.shelf, runId) && !isRemovedIn(step.before.shelf, runId);
    const { runs, removed } = page.getState();
    const run = removed.find(({ id }) => id === runId);
    if (run === undefined) return;
    if (isLast) history.commands.undo();
    else {
      page.setState({
        runs: [...runs, run].sort((a, b) => a.id - b.id),
        removed: removed.filter((one) => one !== run),
      });
    }
    activity.say(`${nameOfRun(run)} is there again.`);
  };

  const commands: RunCommands = {
    renameRun: (runId, text) =>
      change(runId, (run) => {
        const { name: _, ...unnamed } = run;
        const name = cleanName(text);
        return name === "" || name === nameOfRun(unnamed) ? unnamed : { ...unnamed, name };
      }),
    pinRun: (runId, isPinned) => change(runId, (run) => ({ ...run, isPinned })),
    removeRun: (runId) => {
      const state = page.getState();
      const run = state.runs.find(({ id }) => id === runId);
      if (run === undefined) return;
      const reason = whyKept(state, run, trained());
      if (reason !== null) {
        setProblem(page, state.step, `${nameOfRun(run)} stays. ${reason}`);
        return;
      }
      const removed = [...state.removed, run];
      page.setState({ runs: state.runs.filter(({ id }) => id !== runId), removed });
      if (comparing.getState().lit === runId) comparing.setState({ lit: null });
      drop(removed.slice(0, -MOST_REMOVED));
      activity.say(`${nameOfRun(run)} was removed.`, () => takeBack(runId));
    },
    compare: (patch) => comparing.setState(patch),
    showRuns: () => {
      comparing.setState({ isSought: true });
      parts.goTo("prune");
    },
    measureAll: parts.measuring.measureAll,
  };

  return {
    commands,
    letGo: (left) =>
      drop(
        page
          .getState()
          .removed.filter(({ id }) => left.every(({ shelf }) => isRemovedIn(shelf, id))),
      ),
  };
}

/** Without line breaks and doubled spaces, and cut to length between what people take for characters. */
function cleanName(text: string): string {
  const plain = text.replaceAll(/[ \p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  const characters = Array.from(new Intl.Segmenter().segment(plain), ({ segment }) => segment);
  return characters.slice(0, MOST_NAME).join("").trimEnd();
}
