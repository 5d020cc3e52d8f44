/** @file Which images a criterion looks at where nobody says otherwise; other images choose other channels. */
import type { ChosenCriterion } from "./index.ts";

/** The first training images, in one step. */
export const EVIDENCE_IMAGES = 64;

/** The images that a criterion has seen. */
export interface SeenImages {
  readonly set: "training" | "test";
  readonly count: number;
  /** Images of one step, of whose mean loss gradients are taken. */
  readonly batch: number;
}

/** What a criterion looks at by itself; nothing where it looks at weights alone. */
export function looksAt({ criterion, options }: ChosenCriterion): SeenImages | undefined {
  if (criterion.needs(options) === undefined) return undefined;
  return { set: "training", count: EVIDENCE_IMAGES, batch: EVIDENCE_IMAGES };
}
