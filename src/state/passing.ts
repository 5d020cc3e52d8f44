/**
 * @file The schedule: the cut that is set and the fine-tuning that is set, once or in passes, each from what the
 * last one left (Liu et al. 2017, "Multi-pass Scheme"). A pass is what a person would do by hand: apply, train,
 * keep; so each leaves two runs behind, and whatever stops it leaves the page as stopping that step by
 * hand would. Every pass trains on other shuffles: the seed counts up, as in the command line's `run`.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Activity } from "./activity.ts";
import { cutOffRefusal } from "./cut-off.ts";
import type { Cutting } from "./cutting.ts";
import type { Method } from "./method.ts";
import type { Methods } from "./methods.ts";
import { setProblem, type PageStore } from "./page.ts";
import type { Slider } from "./slider.ts";
import type { Training } from "./training.ts";

export interface PassingState {
  /** How often it is cut and trained; 1 is one-shot. */
  readonly passes: number;
  /** The pass that is under way, from 1, and of how many; null while none is. */
  readonly now: { readonly pass: number; readonly of: number } | null;
}

export interface PassingCommands {
  choosePasses(passes: number): void;
  /** Goes through all passes from the network on the page; stops after the step at which one is stopped. */
  runPasses(): Promise<void>;
}

export interface Passing {
  readonly store: StoreApi<PassingState>;
  readonly commands: PassingCommands;
  /** No further pass begins. */
  stop(): void;
}

export interface PassingParts {
  readonly page: PageStore;
  readonly methods: Methods;
  readonly slider: Slider;
  readonly activity: Pick<Activity, "say">;
  readonly training: Pick<Training, "store" | "commands">;
  /** True when a training forbids it; says so. */
  readonly refuse: () => boolean;
  readonly cutting: Cutting;
  /** Measures the sensitivity curves that the method waits for. */
  readonly computeCurves: () => Promise<void>;
}

const MASKED = "Passes cut channels out; choose that in place of masking, under More.";
const NOTHING_GOES = "No channel goes at this setting; move the slider, then start the passes.";

/** As many as a recipe can ask for. */
const MOST_PASSES = 64;

export function createPassing(parts: PassingParts): Passing {
  const { page, methods, slider, activity, training, cutting } = parts;
  const store = createStore<PassingState>(() => ({ passes: 1, now: null }));
  let isStopped = false;

  const isCutting = (): boolean => cutting.shown() !== null;
  /** Said where the person is: passes lead through several steps, and take their time. */
  const sayHere = (text: string): void => setProblem(page, page.getState().step, text);

  /** Once the method is the one of a network that is there, or was refused. */
  const settled = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (methods.store.getState().isScoring) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = methods.store.subscribe(look);
      look();
    });
  };

  /** The method of the first pass on the network of the last one. @returns false when it does not fit, which it says */
  const askAgain = async (method: Method): Promise<boolean> => {
    const { allocation } = method;
    // A criterion that looks at images first goes on from where the slider is.
    if (allocation.kind === "global-threshold") slider.setRatio(allocation.ratio);
    const refused = methods.ask(method, "preset");
    await settled();
    if (methods.store.getState().needsCurves) await parts.computeCurves();
    const { refusal, needsCurves, method: taken } = methods.store.getState();
    const text = refused ?? refusal?.text;
    if (text !== undefined) sayHere(`The next pass cannot be cut like the last: ${text}`);
    return text === undefined && !needsCurves && taken.criterion === method.criterion;
  };

  /** Cuts, trains, keeps. @returns false when there is no going on from there */
  const goThrough = async (pass: number): Promise<boolean> => {
    const { session } = page.getState();
    await cutting.commands.apply();
    if (isStopped || page.getState().session === session) return false;
    await training.commands.startTraining("finetune", pass);
    const { outcome, from } = training.store.getState();
    // A run that was stopped, or went astray, is the person's to keep or to discard.
    if (outcome?.ended !== "finished" || page.getState().session !== from) return false;
    training.commands.keepTraining();
    return true;
  };

  const runAll = async (method: Method, of: number): Promise<number> => {
    for (let pass = 1; pass <= of; pass++) {
      store.setState({ now: { pass, of } });
      const { session } = page.getState();
      if (pass > 1 && !(await askAgain(method))) return pass - 1;
      // Whoever has brought another network to the page meanwhile has not asked for a cut of that.
      if (page.getState().session !== session) return pass - 1;
      if (isStopped) return pass - 1;
      if (!isCutting()) {
        sayHere(`Pass ${pass} would take no channel more, so the passes end here.`);
        return pass - 1;
      }
      if (!(await goThrough(pass))) return pass - 1;
    }
    return of;
  };

  return {
    store,
    stop: () => {
      isStopped = true;
    },
    commands: {
      choosePasses: (passes) => {
        const whole = Math.round(passes);
        store.setState({ passes: Math.min(MOST_PASSES, Math.max(1, whole)) });
      },
      runPasses: async () => {
        const { passes, now } = store.getState();
        if (now !== null || page.getState().session === null || parts.refuse()) return;
        const method = methods.current();
        setProblem(page, "prune", null);
        const refusal = cutOffRefusal(training.store.getState());
        if (refusal !== null) {
          setProblem(page, "prune", refusal);
          return;
        }
        if (method.manner.kind === "mask") {
          // What is masked has the lowest scores, so that every pass would take the same again.
          setProblem(page, "prune", MASKED);
          return;
        }
        if (!isCutting()) {
          setProblem(page, "prune", NOTHING_GOES);
          return;
        }
        isStopped = false;
        // One that comes after the last step leaves a training that is finished.
        const unsubscribe = training.store.subscribe(({ status }) => {
          isStopped ||= status === "stopping";
        });
        const done = await runAll(method, passes).finally(() => {
          unsubscribe();
          store.setState({ now: null });
        });
        activity.say(
          done === passes
            ? `${passes} passes are done; each is among the runs.`
            : `Stopped in pass ${done + 1} of ${passes}; what is done is among the runs.`,
        );
      },
    },
  };
}
