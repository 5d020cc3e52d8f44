/**
 * @file What a command of the page runs through: what it throws becomes one sentence at its step, an abort
 * is no failure. A training under way, or one whose result is neither kept nor discarded, stands against
 * what would change the network; the page then says so.
 */
import { setProblem, type PageStore, type Step } from "./page.ts";
import { sentenceOf } from "./problem.ts";
import type { Training } from "./training.ts";

export interface AttemptsParts {
  readonly page: PageStore;
  readonly training: Pick<Training, "store" | "isBusy" | "hasUnkept">;
}

export interface Attempts {
  /** Runs a command of a step: its sentence goes to that step, an abort goes nowhere. */
  attempt(step: Step, work: () => Promise<void>): Promise<void>;
  /** The same, but what was said before stays: for work that nobody has asked for. */
  sayFailure(step: Step, work: () => Promise<void>): Promise<void>;
  /** True when a run under way forbids another network; says so. */
  refuseWhileTraining(step: Step): boolean;
  /** True when another network would take a training or its result away; says so. */
  refuseOpening(): boolean;
}

export function createAttempts({ page, training }: AttemptsParts): Attempts {
  const sayFailure = async (step: Step, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const sentence = sentenceOf(error);
      if (sentence !== null) setProblem(page, step, sentence);
    }
  };

  const refuseWhileTraining = (step: Step): boolean => {
    if (!training.isBusy()) return false;
    setProblem(page, step, "A training is running; stop it first, then change the network.");
    return true;
  };

  return {
    sayFailure,
    refuseWhileTraining,
    attempt: (step, work) => {
      setProblem(page, step, null);
      return sayFailure(step, work);
    },
    refuseOpening: () => {
      if (refuseWhileTraining("load")) return true;
      if (!training.hasUnkept()) return false;
      const { purpose } = training.store.getState();
      const where = purpose === "sparse" ? "Sparse train" : "Fine-tune";
      setProblem(
        page,
        "load",
        `The training's result is neither kept nor discarded; choose one under ${where}, then open another network.`,
      );
      return true;
    },
  };
}
