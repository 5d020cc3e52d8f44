/**
 * @file What outlives the page: everything on it is kept in the browser whenever it rests, and is there again
 * at the next start. Of several tabs one keeps; where nothing can be kept, or what is there is not to be
 * touched, the page says so once and goes on.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { AppError } from "../core/index.ts";
import type { Activity } from "./activity.ts";
import type { Adopting } from "./adopting.ts";
import { timeText } from "./clock.ts";
import type {
  Engine,
  ExportedFile,
  KeptTraining,
  ProjectDocument,
  TrainingNote,
} from "./engine.ts";
import type { PageStore } from "./page.ts";
import { sentenceOf } from "./problem.ts";

export interface KeepingState {
  /**
   * `untouched` is the shipped network as it came, which is not kept; `waiting` has changed since it was
   * kept; `elsewhere`: another tab keeps its own.
   */
  readonly status: "untouched" | "waiting" | "kept" | "elsewhere" | "refused";
  /** When it was kept last, or how old what was restored is; null before. */
  readonly time: string | null;
  /** The step at which the state of a training that is under way was kept; null where none is. */
  readonly trainingStep: number | null;
  /** True when this visit began with what was kept. */
  readonly isRestored: boolean;
  /** Why it cannot be kept, in a sentence. */
  readonly problem: string | null;
  /** What stands against it in the browser: no room is left, or it keeps nothing at all. */
  readonly trouble: "full" | "closed" | null;
  /** True when something of the person's own would be lost with the page. */
  readonly isAtRisk: boolean;
}

export interface KeepingCommands {
  /** Writes everything on the page to one file; null when it was refused, which the page then says. */
  writeProject(): Promise<ExportedFile | null>;
  /** Forgets everything, and opens the shipped network as at a first visit. */
  startAfresh(): Promise<void>;
  /** The page may be gone soon: keeps what has changed at once. */
  keepNow(): void;
  /** Tries once more what the browser refused. */
  keepAgain(): Promise<void>;
  /** Asks the browser how much room there is. */
  lookAtRoom(): Promise<void>;
}

export interface KeepingParts {
  readonly engine: Pick<Engine, "writeProject" | "saveProject" | "loadProject" | "forgetProject">;
  readonly page: PageStore;
  readonly activity: Activity;
  readonly adopting: Pick<Adopting, "adopt">;
  /** What is on the page; null without a network. */
  readonly document: () => ProjectDocument | null;
  /** A training that is under way, as far as it can go on after a reload. */
  readonly training: () => TrainingNote | null;
  /** True where there is one. */
  readonly hasTraining: () => boolean;
  /** Takes up a training that was cut off with the page, once its project is there, or says why not. */
  readonly takeUp: (kept: KeptTraining) => void;
  /** What the document follows from: while none of these is another, neither is the document. */
  readonly origins: () => readonly unknown[];
  /** True for the shipped network with which nothing was done, and before it is there. */
  readonly isUntouched: () => boolean;
  /** A control is held: it will rest later. */
  readonly isHeld: () => boolean;
  /** Runs a command of the step that is open, and says what went wrong there. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
  /** Looks again how much room the browser has left. */
  readonly look: () => Promise<void>;
  /** True when it would take a training or its result away; says so. */
  readonly refuse: () => boolean;
  /** How often a person has gone to a step, also to the one that was open. */
  readonly timesGone: () => number;
  /** Opens the shipped network by the method of a first visit. @returns false when it could not be had */
  readonly openAfresh: () => Promise<boolean>;
}

export interface Keeping {
  readonly store: StoreApi<KeepingState>;
  readonly commands: KeepingCommands;
  /** Brings back what was kept. @returns false when there is nothing */
  resume(): Promise<boolean>;
  /**
   * Something else is on the page from the start, such as what a link is about: what was kept before stays,
   * and this visit is kept only when there was nothing.
   */
  standAside(): Promise<void>;
  /** Something may be another: keeps it when it rests. */
  changed(): void;
  /** Another network was opened in the place of everything. */
  opened(): void;
}

/** Refusals of the browser's storage, by what a person can do about them. */
const TROUBLES: ReadonlyMap<string, KeepingState["trouble"]> = new Map([
  ["storage/full", "full"],
  ["storage/unavailable", "closed"],
]);

/** From the first change to its being kept, ms. */
const REST = 1_000;

const ASIDE =
  "This visit began with a link, so it is not kept in the browser, and what you kept before stays as it is. Save it to a file.";

/** The same for one that came to light late. */
const UNREAD =
  "What you kept before could not be read at the start of this visit and is there after all, so it stays as it is and this visit is not kept. Save it to a file, or reload the page to have the other.";

const SAFE = { problem: null, trouble: null, isAtRisk: false } as const;
const NEW: KeepingState = {
  status: "untouched",
  time: null,
  trainingStep: null,
  isRestored: false,
  ...SAFE,
};

export function createKeeping(parts: KeepingParts): Keeping {
  const { engine, page, activity, adopting } = parts;
  const store = createStore<KeepingState>(() => NEW);
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Nothing is kept before it is known what was; or for good, where that is not to be touched. */
  let isOff = true;
  let isSaving = false;
  let isTouched = false;
  /** What was kept before could not be read, and may still be there. */
  let isUnread = false;
  let keptFrom: readonly unknown[] = [];

  const isKept = (): boolean => {
    const now = parts.origins();
    return now.length === keptFrom.length && now.every((one, i) => one === keptFrom[i]);
  };

  /** A training goes on without being kept: that alone is no reason to alarm anybody. */
  const hasMore = (): boolean => isTouched && !parts.isUntouched();

  /** A refusal of the browser may pass; what another program wrote, or damage, is left for the person. */
  const refused = (error: unknown): void => {
    const isBrowser = error instanceof AppError && /^(storage|worker)\//.test(error.code);
    isOff ||= !isBrowser;
    const trouble = isBrowser ? TROUBLES.get(error.code) : undefined;
    store.setState({
      status: "refused",
      problem: sentenceOf(error),
      trouble: trouble ?? null,
      isAtRisk: hasMore(),
    });
    void parts.look();
  };

  const save = async (): Promise<void> => {
    const origins = parts.origins();
    const document = parts.document();
    if (document === null) return;
    isSaving = true;
    try {
      if (isUnread && (await engine.loadProject()) !== null) {
        isOff = true;
        store.setState({ status: "refused", ...SAFE, isAtRisk: hasMore(), problem: UNREAD });
        return;
      }
      isUnread = false;
      const training = parts.training();
      const by = await engine.saveProject(document, training);
      keptFrom = origins;
      const isOurs = by !== "another tab";
      // No room for it is no reason to alarm anybody: the project is kept, and the training goes on.
      const trainingStep = by === "this tab" ? (training?.step ?? null) : null;
      if (!isOurs) isOff = true;
      const time = isOurs ? timeText(document.saved) : null;
      const status = isOurs ? (isKept() ? "kept" : "waiting") : "elsewhere";
      const at = isOurs ? { time } : {};
      store.setState({ status, trainingStep, ...SAFE, isAtRisk: !isOurs && hasMore(), ...at });
      void parts.look();
    } catch (error) {
      refused(error);
    } finally {
      isSaving = false;
    }
  };

  const rest = (wait: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (isOff || !isTouched || isKept()) return;
      if (isSaving || parts.isHeld()) rest(REST);
      else void save();
    }, wait);
  };

  const changed = (): void => {
    if (isOff) {
      const { status, isAtRisk } = store.getState();
      const isForeign = status === "elsewhere" || status === "refused";
      if (isForeign && !isAtRisk && !parts.isUntouched()) store.setState({ isAtRisk: true });
      return;
    }
    isTouched ||= parts.hasTraining() || !parts.isUntouched();
    if (!isTouched || timer !== undefined || isKept()) return;
    if (store.getState().status === "refused") store.setState({ isAtRisk: !parts.isUntouched() });
    else store.setState({ status: "waiting" });
    rest(REST);
  };

  const forgetTimer = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };

  return {
    store,
    changed,
    opened: () => {
      forgetTimer();
      isTouched = false;
      const { status, problem } = store.getState();
      store.setState(isOff ? { ...NEW, status, problem } : NEW);
    },
    resume: async () => {
      const [stepBefore, timesBefore] = [page.getState().step, parts.timesGone()];
      try {
        const found = await engine.loadProject();
        const isWanted = found !== null && page.getState().session === null;
        if (!isWanted || !(await adopting.adopt(found, "browser"))) {
          isOff = false;
          return false;
        }
        isOff = false;
        const { saved, step } = found.document;
        const time = timeText(saved);
        // Whoever has gone somewhere meanwhile stays there.
        const hasGone = page.getState().step !== stepBefore || parts.timesGone() !== timesBefore;
        if (!hasGone) page.setState({ step });
        isTouched = true;
        if (found.training) parts.takeUp(found.training);
        keptFrom = parts.origins();
        const trainingStep = parts.training()?.step ?? null;
        store.setState({ status: "kept", time, trainingStep, isRestored: true, ...SAFE });
        activity.say(`Restored your project of ${time}.`);
        return true;
      } catch (error) {
        isOff = false;
        isUnread = true;
        refused(error);
        return false;
      }
    },
    standAside: async () => {
      try {
        isOff = (await engine.loadProject()) !== null;
        if (isOff) store.setState({ status: "refused", ...SAFE, problem: ASIDE });
        else changed();
      } catch (error) {
        refused(error);
      }
    },
    commands: {
      writeProject: async () => {
        let file: ExportedFile | null = null;
        await parts.attempt(async () => {
          const document = parts.document();
          if (document === null) return;
          file = await activity.run("Writing the project", () => engine.writeProject(document));
        });
        return file;
      },
      startAfresh: () =>
        parts.attempt(async () => {
          if (parts.refuse()) return;
          forgetTimer();
          if (!(await parts.openAfresh())) return;
          const by = await engine.forgetProject();
          isOff = by === "another tab";
          forgetTimer();
          isTouched = false;
          keptFrom = [];
          store.setState(isOff ? { ...NEW, status: "elsewhere" } : NEW);
          activity.say("Started afresh.");
        }),
      keepNow: () => {
        if (timer === undefined || isSaving) return;
        forgetTimer();
        if (!isOff && isTouched && !isKept()) void save();
      },
      keepAgain: async () => {
        forgetTimer();
        if (!isOff && !isSaving) await save();
      },
      lookAtRoom: parts.look,
    },
  };
}
