/**
 * @file What the page says of a training beside its own step: as what it stands in the status line, whether it stands
 * still, and what it has made that is neither kept nor discarded. Pure.
 */
import type { Evaluation } from "./engine.ts";
import type { Run } from "./page.ts";
import type { Purpose } from "./training-form.ts";
import type { TrainingState } from "./training.ts";

/** The label of its task. */
export const TRAINING_TASKS: Readonly<Record<Purpose, string>> = {
  sparse: "Sparse training",
  finetune: "Fine-tuning",
};

/** The label of the task that is paused; null where none is. */
export function pausedTask({
  status,
  purpose,
}: Pick<TrainingState, "status" | "purpose">): string | null {
  return status === "paused" && purpose !== null ? TRAINING_TASKS[purpose] : null;
}

/** A result that is not on the page yet. */
export interface Unkept {
  readonly purpose: Purpose;
  /** What it was trained from: as large, since training changes neither parameters nor MACs. */
  readonly from: Run;
  /** On held-back images. */
  readonly validation: Evaluation;
}

/** The result of a training of one of these runs, once it was looked at on held-back images; null without one. */
export function unkeptOf(
  { status, purpose, outcome, fromRun }: TrainingState,
  runs: readonly Run[],
): Unkept | null {
  const from = runs.find(({ id }) => id === fromRun);
  const validation = outcome?.validation ?? null;
  if (status !== "ended" || purpose === null || validation === null || from === undefined) {
    return null;
  }
  return { purpose, from, validation };
}
