/**
 * @file Which run's network is on the page, and what follows the network there: the method is fitted to it,
 * and a fine-tuning of a masked one holds its zeros. An earlier moment is brought back the same way, with the
 * runs that were there and the trainings as they were set.
 */
import type { Images } from "./gallery.ts";
import type { HistoryParts } from "./history.ts";
import type { Method } from "./method.ts";
import type { Methods } from "./methods.ts";
import { isMasked, type PageStore } from "./page.ts";
import type { Passing } from "./passing.ts";
import { isSameShelf, putBack, shelfOf, takeAway } from "./run-shelf.ts";
import type { TrainingCommands } from "./training.ts";
import type { TrainingForms } from "./training-form.ts";

export interface ShowingCommands {
  /** Brings a run back; says why not while a training runs. */
  restore(runId: number): void;
}

export interface ShowingParts {
  readonly page: PageStore;
  readonly methods: Methods;
  readonly images: Images;
  readonly editTraining: TrainingCommands["editTraining"];
  /** How the trainings are set. */
  readonly forms: () => TrainingForms;
  /** How many passes are set. */
  readonly passing: () => Pick<Passing, "store" | "commands">;
  /** The run that a training, not yet kept, was made from. */
  readonly trained: () => number | null;
  /** Puts a method on the page as it was left. */
  readonly ask: (method: Method) => void;
  /** True when a training forbids it; says so at the step that is open. */
  readonly refuse: () => boolean;
  /** Called when something else is on the page. */
  readonly onChange: () => void;
}

export interface Showing {
  readonly commands: ShowingCommands;
  /** What is on the page as a moment of its history, and the way back to one. */
  readonly moments: HistoryParts;
  /** Brings a run's network to the page. */
  show(runId: number): void;
  /** Another network is on the page: what follows from it follows. */
  follow(): void;
}

export function createShowing(parts: ShowingParts): Showing {
  const { page, methods, images, refuse, onChange } = parts;

  const follow = (): void => {
    const { session, runs, runId } = page.getState();
    methods.fit(session);
    const run = runs.find(({ id }) => id === runId);
    parts.editTraining("finetune", { freezeZeros: isMasked(runs, run) });
    images.reset();
    onChange();
  };

  const show = (runId: number): void => {
    const run = page.getState().runs.find(({ id }) => id === runId);
    if (run === undefined) return;
    page.setState({ session: run.session, runId });
    follow();
  };

  return {
    show,
    follow,
    moments: {
      capture: () => {
        const { session, runId } = page.getState();
        const { isScoring, needsCurves, pruning } = methods.store.getState();
        if (session === null || pruning === null) return null;
        return {
          runId,
          ...(isScoring || needsCurves
            ? { method: methods.asked(), meanwhile: methods.current() }
            : { method: methods.current(), meanwhile: null }),
          forms: parts.forms(),
          passes: parts.passing().store.getState().passes,
          shelf: shelfOf(page.getState()),
        };
      },
      isRefused: () => {
        const { refusal, asked, method, isScoring, needsCurves } = methods.store.getState();
        return refusal !== null && asked !== method && !isScoring && !needsCurves;
      },
      restore: ({ runId, method, meanwhile, forms, passes, shelf }) => {
        if (refuse()) return false;
        const isAsNow = isSameShelf(shelfOf(page.getState()), shelf);
        const back = isAsNow ? page.getState() : putBack(page.getState(), shelf);
        if (!back.runs.some(({ id }) => id === runId)) return false;
        if (!isAsNow) page.setState({ runs: back.runs, removed: back.removed });
        if (runId !== page.getState().runId) show(runId);
        if (!isAsNow) page.setState(takeAway(page.getState(), shelf, parts.trained()));
        for (const purpose of ["sparse", "finetune"] as const) {
          parts.editTraining(purpose, forms[purpose]);
        }
        parts.passing().commands.choosePasses(passes);
        if (meanwhile !== null) parts.ask(meanwhile);
        parts.ask(method);
        onChange();
        return true;
      },
    },
    commands: {
      restore: (runId) => {
        if (!refuse()) show(runId);
      },
    },
  };
}
