/** @file What the five steps are called. */
import type { Step } from "../state/index.ts";

export const STEP_TITLES: Readonly<Record<Step, string>> = {
  load: "Load",
  sparse: "Sparse train",
  prune: "Prune",
  finetune: "Fine-tune",
  export: "Export",
};
