/**
 * @file What a person does with the runs themselves: names them, pins them, lets them go. A run that goes
 * takes its network out of the worker and its steps out of the history; nothing that others need can go.
 */
import type { StoreApi } from "zustand/vanilla";
import type { Activity } from "./activity.ts";
import type { ComparingState } from "./comparing.ts";
import type { NetworkKey } from "./engine.ts";
import type { History } from "./history.ts";
import type { Measuring } from "./measuring.ts";
import { setProblem, type PageStore, type Run, type Step } from "./page.ts";
import { nameOfRun, whyKept } from "./runs.ts";

export interface RunCommands {
  /** Takes a name of at most 80 characters; an empty one brings back what the page calls it. */
  renameRun(runId: number, name: string): void;
  pinRun(runId: number, isPinned: boolean): void;
  /** Says why not where something still needs it. */
  removeRun(runId: number): Promise<void>;
  compare(change: Partial<ComparingState>): void;
  /** Leads to all runs and all that is known of each, wherever the page is. */
  showRuns(): void;
  /** Measures every run as far as the page goes, before it fills in anything else. */
  measureAll(): void;
}

export interface RunCommandsParts {
  readonly page: PageStore;
  readonly comparing: StoreApi<ComparingState>;
  readonly history: Pick<History, "forget">;
  readonly activity: Pick<Activity, "say">;
  /** The run that a training under way, or not yet kept, was made from. */
  readonly trained: () => number | null;
  /** Gives a network back to the worker unless something else still needs it. */
  readonly release: (key: NetworkKey) => Promise<void>;
  readonly goTo: (step: Step) => void;
  readonly measuring: Pick<Measuring, "measureAll">;
}

/** The longest name, in characters. */
export const MOST_NAME = 80;

export function createRunCommands(parts: RunCommandsParts): RunCommands {
  const { page, comparing, history, activity, trained, release } = parts;

  const change = (runId: number, how: (run: Run) => Run): void => {
    const { runs } = page.getState();
    page.setState({ runs: runs.map((run) => (run.id === runId ? how(run) : run)) });
  };

  return {
    renameRun: (runId, text) =>
      change(runId, (run) => {
        const { name: _, ...unnamed } = run;
        const name = cleanName(text);
        return name === "" || name === nameOfRun(unnamed) ? unnamed : { ...unnamed, name };
      }),
    pinRun: (runId, isPinned) => change(runId, (run) => ({ ...run, isPinned })),
    removeRun: async (runId) => {
      const state = page.getState();
      const run = state.runs.find(({ id }) => id === runId);
      if (run === undefined) return;
      const reason = whyKept(state, run, trained());
      if (reason !== null) {
        setProblem(page, state.step, `${nameOfRun(run)} stays. ${reason}`);
        return;
      }
      page.setState({ runs: state.runs.filter(({ id }) => id !== runId) });
      if (comparing.getState().lit === runId) comparing.setState({ lit: null });
      history.forget(runId);
      activity.say(`${nameOfRun(run)} was removed.`);
      await release(run.session.key);
    },
    compare: (patch) => comparing.setState(patch),
    showRuns: () => {
      comparing.setState({ isSought: true });
      parts.goTo("prune");
    },
    measureAll: parts.measuring.measureAll,
  };
}

/** Without line breaks and doubled spaces, and cut to length between what people take for characters. */
function cleanName(text: string): string {
  const plain = text.replaceAll(/[ \p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  const characters = Array.from(new Intl.Segmenter().segment(plain), ({ segment }) => segment);
  return characters.slice(0, MOST_NAME).join("").trimEnd();
}
