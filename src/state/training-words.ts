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
  /** On held-back images; null before the end, and where they were not looked at. */
  readonly validation: Evaluation | null;
}

/** What a training of one of these runs makes, from its start until it is kept or discarded; null without one. */
export function unkeptOf(
  {
    status,
    purpose,
    outcome,
    fromRun,
  }: Pick<TrainingState, "status" | "purpose" | "outcome" | "fromRun">,
  runs: readonly Run[],
): Unkept | null {
  const from = runs.find(({ id }) => id === fromRun);
  if (status === "idle" || purpose === null || from === undefined) return null;
  return { purpose, from, validation: outcome?.validation ?? null };
}
