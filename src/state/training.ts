/**
 * @file Sparse training and fine-tuning: the same run twice, with other defaults. While it runs
 * nothing on the page changes; at the end the person keeps the network or discards it.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { explain, fromPlainError } from "../core/index.ts";
import type { Activity } from "./activity.ts";
import { cutOffOf, cutOffRefusal, isLoss, upTo } from "./cut-off.ts";
import { noteTraining } from "./engine.ts";
import type {
  DataReport,
  Engine,
  KeptTraining,
  NetworkKey,
  TrainCheckpoint,
  TrainEvent,
  TrainOutcome,
  TrainRequest,
} from "./engine.ts";
import { courseOf, type ValidationPoint } from "./course.ts";
import { cutOffNotice, takenUp } from "./kept-training.ts";
import { addRun, setProblem, type PageStore } from "./page.ts";
import { sentenceOf } from "./problem.ts";
import { NO_SCALES, type ScaleHistory } from "./scale-history.ts";
import { EMPTY_SERIES, type Series } from "./series.ts";
import { makeSession, type Session } from "./session.ts";
import {
  FORM_DEFAULTS,
  readForm,
  type FormProblems,
  type Purpose,
  type TrainingForm,
} from "./training-form.ts";
import { heard } from "./training-events.ts";
import { endedMessage, outcomeAt, trainedBy } from "./training-outcome.ts";
import { TRAINING_TASKS } from "./training-words.ts";

export type TrainingStatus = "idle" | "running" | "paused" | "stopping" | "ended";

export interface TrainingState {
  /** Which panel the run below belongs to. */
  readonly purpose: Purpose | null;
  readonly status: TrainingStatus;
  readonly forms: Readonly<Record<Purpose, TrainingForm>>;
  readonly problems: Readonly<Record<Purpose, FormProblems>>;
  readonly series: Series;
  readonly validations: readonly ValidationPoint[];
  readonly latest: Extract<TrainEvent, { kind: "step" }> | null;
  /** All |γ| of the network in training. */
  readonly scales: Float32Array | null;
  readonly scaleHistory: ScaleHistory;
  /** The network that was trained. */
  readonly from: Session | null;
  /** The run that it was on the page as. */
  readonly fromRun: number | null;
  /** What the run was told. */
  readonly settings: TrainRequest["settings"] | null;
  readonly outcome: TrainOutcome | null;
  /**
   * From where a run goes on that is cut off; once it is, all of the above is still that run's. It stays until the
   * result is kept or discarded, in case the page is closed before.
   */
  readonly checkpoint: TrainCheckpoint | null;
}

export interface TrainingCommands {
  editTraining(purpose: Purpose, patch: Partial<TrainingForm>): void;
  /**
   * Checks the form and starts; a bad field gets its sentence and nothing starts. What the last run has made, or one
   * that was cut off, stays among the runs.
   * @param pass — of several, from 1: each has a seed of its own
   */
  startTraining(purpose: Purpose, pass?: number): Promise<void>;
  /** Takes up a run that was cut off where its state was kept last. */
  goOnTraining(): Promise<void>;
  /** Ends a run that was cut off where its state was kept last, which needs no images: that is its result. */
  endTraining(): Promise<void>;
  pauseTraining(paused: boolean): Promise<void>;
  /** Ends the run after the current step; what was trained so far can be kept. */
  stopTraining(): void;
  /** Puts the trained network on the page. */
  keepTraining(): void;
  discardTraining(): Promise<void>;
}

export interface Training {
  readonly store: StoreApi<TrainingState>;
  readonly commands: TrainingCommands;
  /** True from Start until the run has ended; a crashed worker takes it along. */
  isBusy(): boolean;
  /** Of a training that is under way, whether there is a state of it to go on from; null without one. */
  underWay(): "kept" | "not kept" | null;
  /** Takes up one that was cut off with an earlier page, and says so; or says why it cannot. */
  takeUp(kept: KeptTraining): void;
  /** True when a run has ended, or was cut off, that is neither kept nor discarded. */
  hasUnkept(): boolean;
}

export interface TrainingParts {
  readonly engine: Engine;
  readonly page: PageStore;
  readonly activity: Activity;
  /** Called before a run starts and after it has ended. */
  readonly onBusy: (busy: boolean) => void;
  /** Called when the network on the page was replaced. */
  readonly onSession: () => void;
  /** Called with the training images, once they were fetched. */
  readonly onData: (data: DataReport) => Promise<void>;
  /** Gives a network back to the worker unless something else still needs it. */
  readonly release: (key: NetworkKey) => Promise<void>;
}

/** Images for the validation after each epoch and at the end. */
const VALIDATION_IMAGES = 1_000;

const NO_RUN = {
  purpose: null,
  series: EMPTY_SERIES,
  validations: [],
  latest: null,
  scales: null,
  scaleHistory: NO_SCALES,
  from: null,
  fromRun: null,
  settings: null,
  outcome: null,
  checkpoint: null,
} as const;

/** A run to be carried out. */
interface Task {
  readonly purpose: Purpose;
  readonly from: Session;
  readonly settings: TrainRequest["settings"];
  /** Where it goes on. */
  readonly checkpoint?: TrainCheckpoint;
}

export function createTraining(parts: TrainingParts): Training {
  const { engine, page, activity } = parts;
  const store = createStore<TrainingState>(() => ({
    ...NO_RUN,
    status: "idle",
    forms: FORM_DEFAULTS,
    problems: { sparse: {}, finetune: {} },
  }));
  let controller = new AbortController();
  /** What was said of a run that was cut off with an earlier page. */
  let notice: string | undefined;

  const loadTrainingImages = async (): Promise<void> => {
    if (page.getState().data?.training !== null && page.getState().data !== null) return;
    const data = await activity.run("Loading training images", (call) =>
      engine.loadData("training", { ...call, signal: controller.signal }),
    );
    await parts.onData(data);
  };

  const run = async ({ purpose, from, settings, checkpoint }: Task): Promise<TrainOutcome> => {
    await loadTrainingImages();
    const request = {
      network: from.key,
      settings,
      validationCount: VALIDATION_IMAGES,
      from: checkpoint,
    };
    let isLost = false;
    const training = activity.run(
      TRAINING_TASKS[purpose],
      ({ signal }, report) =>
        engine.train(
          request,
          (event) => {
            // What a lost worker had sent off comes after its loss, and would be told of no training.
            if (isLost) return;
            if (event.kind === "step") {
              const { step: done, total, eta } = event;
              report({ done, total, unit: "steps" }, eta);
            }
            store.setState(heard(store.getState(), event));
          },
          { signal, onProgress: () => undefined },
        ),
      { signal: controller.signal },
    );
    return await training.catch((error: unknown) => {
      isLost = true;
      throw error;
    });
  };

  const hasUnkept = (): boolean => {
    const { status, outcome } = store.getState();
    const hasEnded = status === "ended" && outcome !== null && outcome.ended !== "diverged";
    return hasEnded || cutOffOf(store.getState()) !== null;
  };

  /** What was said when it was taken up is not so any more. */
  const forgetNotice = (): void => {
    if (page.getState().restarted === notice) page.setState({ restarted: null });
    notice = undefined;
  };

  /** To its end, or to where what it runs on is lost. */
  const carryOut = async (task: Task): Promise<void> => {
    const { purpose } = task;
    setProblem(page, purpose, null);
    forgetNotice();
    parts.onBusy(true);
    try {
      const outcome = await run(task);
      // From what has led astray nobody goes on.
      const isAstray = outcome.ended === "diverged";
      store.setState({ outcome, status: "ended", ...(isAstray ? { checkpoint: null } : {}) });
      if (outcome.error !== null) {
        setProblem(page, purpose, sentenceOf(fromPlainError(outcome.error)));
      }
      activity.say(endedMessage(outcome));
    } catch (error) {
      const { checkpoint } = store.getState();
      // A refusal to go on takes nothing away either.
      const isKept = checkpoint !== null && (isLoss(error) || task.checkpoint !== undefined);
      store.setState({ ...(isKept ? {} : NO_RUN), status: "idle" });
      setProblem(page, purpose, sentenceOf(error));
    } finally {
      parts.onBusy(false);
    }
  };

  /** Makes the result a run of its own; shown or only listed. */
  const addOutcome = (state: TrainingState, isShown: boolean): boolean => {
    const { outcome, from, fromRun, settings, purpose } = state;
    if (outcome === null || from === null || settings === null || purpose === null) return false;
    const session = makeSession(outcome.network, outcome.key, from.origin, from.formerWidths);
    const making = {
      kind: purpose === "sparse" ? ("sparse" as const) : ("fine-tuned" as const),
      trained: trainedBy(settings, outcome),
    };
    const label = purpose === "sparse" ? "Sparse-trained" : "Fine-tuned";
    const course = courseOf(state);
    const made = { making, parent: fromRun, label, ...(course === undefined ? {} : { course }) };
    addRun(page, session, made, { isShown });
    return true;
  };

  /** A run that was cut off, as if it had been stopped at the state that was kept. */
  const endedAt = async (
    state: TrainingState,
    checkpoint: TrainCheckpoint,
  ): Promise<TrainingState> => {
    const { network, step } = checkpoint.state;
    const noted = noteTraining(network, step);
    const outcome = outcomeAt(checkpoint, noted, await engine.hold(noted));
    return { ...state, ...upTo(state, step), outcome, status: "ended" };
  };

  const isBusy = (): boolean => {
    const { status } = store.getState();
    return status === "running" || status === "paused" || status === "stopping";
  };

  return {
    store,
    hasUnkept,
    isBusy,
    underWay: () => {
      if (!isBusy()) return null;
      return store.getState().checkpoint === null ? "not kept" : "kept";
    },
    takeUp: (kept) => {
      if (kept.kind === "damaged") {
        const details = explain(fromPlainError(kept.error));
        notice = "A training was cut off with the page, and what was kept of it cannot be read.";
        page.setState({ restarted: notice, restartDetails: details });
        return;
      }
      const begun = page.getState().runs.find(({ id }) => id === kept.note.run);
      if (begun === undefined) return;
      store.setState(takenUp(kept, begun));
      notice = cutOffNotice(kept);
      page.setState({ restarted: notice, restartDetails: null });
    },
    commands: {
      editTraining: (purpose, patch) => {
        const { forms, problems } = store.getState();
        const form = { ...forms[purpose], ...patch };
        // A field that was complained about is judged again at once; others wait for Start.
        const found = readForm(form).problems;
        const shown = Object.fromEntries(
          Object.entries(found).filter(([field]) => field in problems[purpose]),
        );
        store.setState({
          forms: { ...forms, [purpose]: form },
          problems: { ...problems, [purpose]: shown },
        });
      },
      startTraining: async (purpose, pass = 1) => {
        const { session } = page.getState();
        const { status, forms, problems } = store.getState();
        if (session === null || (status !== "idle" && status !== "ended")) return;
        // Beside what was cut off itself one starts again; elsewhere nobody sees that it could go on.
        const refusal =
          purpose === store.getState().purpose ? null : cutOffRefusal(store.getState());
        if (refusal !== null) {
          setProblem(page, purpose, refusal);
          return;
        }
        const found = readForm(forms[purpose]);
        store.setState({ problems: { ...problems, [purpose]: found.problems } });
        if (found.settings === null) return;
        const before = store.getState();
        const [isUnkept, cutOff] = [hasUnkept(), cutOffOf(before)];
        const fromRun = page.getState().runId;
        const settings = { ...found.settings, seed: found.settings.seed + pass - 1 };
        controller = new AbortController();
        store.setState({ ...NO_RUN, purpose, status: "running", from: session, fromRun, settings });
        try {
          // Starting again must not throw away what the last run has made.
          const ended = cutOff === null ? before : await endedAt(before, cutOff);
          if (isUnkept && addOutcome(ended, false))
            activity.say("The last result was kept among the runs.");
        } catch (error) {
          store.setState({ ...before, forms: store.getState().forms });
          setProblem(page, purpose, sentenceOf(error));
          return;
        }
        if (before.outcome !== null) await parts.release(before.outcome.key).catch(() => undefined);
        await carryOut({ purpose, from: session, settings });
      },
      goOnTraining: async () => {
        const { purpose, from, settings } = store.getState();
        const checkpoint = cutOffOf(store.getState());
        if (checkpoint === null || purpose === null || from === null || settings === null) return;
        controller = new AbortController();
        store.setState({ ...upTo(store.getState(), checkpoint.state.step), status: "running" });
        await carryOut({ purpose, from, settings, checkpoint });
      },
      endTraining: async () => {
        const before = store.getState();
        const checkpoint = cutOffOf(before);
        if (checkpoint === null || before.purpose === null) return;
        setProblem(page, before.purpose, null);
        try {
          const ended = await endedAt(before, checkpoint);
          // Whoever has gone on with it meanwhile, or discarded it, has decided otherwise.
          if (cutOffOf(store.getState()) === checkpoint) {
            store.setState({ ...ended, forms: store.getState().forms });
            forgetNotice();
          } else if (ended.outcome !== null) await parts.release(ended.outcome.key);
        } catch (error) {
          setProblem(page, before.purpose, sentenceOf(error));
        }
      },
      pauseTraining: async (paused) => {
        const { status } = store.getState();
        if (status !== (paused ? "running" : "paused")) return;
        store.setState({ status: paused ? "paused" : "running" });
        try {
          await engine.pause(paused);
        } catch (error) {
          setProblem(page, store.getState().purpose ?? "sparse", sentenceOf(error));
        }
      },
      stopTraining: () => {
        const { status } = store.getState();
        if (status !== "running" && status !== "paused") return;
        store.setState({ status: "stopping" });
        controller.abort(new DOMException("Stopped", "AbortError"));
        // A paused run must wake up to notice.
        if (status === "paused") engine.pause(false).catch(() => undefined);
      },
      keepTraining: () => {
        if (!addOutcome(store.getState(), true)) return;
        store.setState({ ...NO_RUN, status: "idle" });
        parts.onSession();
      },
      discardTraining: async () => {
        const { purpose, outcome } = store.getState();
        store.setState({ ...NO_RUN, status: "idle" });
        if (purpose !== null) setProblem(page, purpose, null);
        forgetNotice();
        if (outcome !== null) await parts.release(outcome.key);
      },
    },
  };
}
