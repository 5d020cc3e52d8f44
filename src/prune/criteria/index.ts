/** @file The table of criteria. A new one is its own file and one line here. */
import { AppError, known } from "../../core/index.ts";
import { bnScale } from "./bn-scale.ts";
import type { Criterion } from "./criterion.ts";

const CRITERIA = {
  "bn-scale": bnScale,
} satisfies Record<string, Criterion>;

export type CriterionName = keyof typeof CRITERIA;

/** Every criterion there is, in the order in which to offer them. */
export const CRITERION_NAMES = Object.keys(CRITERIA) as readonly CriterionName[];

/**
 * The criterion of that name.
 * @throws prune/unknown-criterion
 */
export function criterionNamed(name: string): Criterion {
  if (!Object.hasOwn(CRITERIA, name)) {
    throw new AppError("prune/unknown-criterion", {
      where: "criterion",
      expected: `one of ${CRITERION_NAMES.join(", ")}`,
      found: name,
    });
  }
  return known(CRITERIA[name as CriterionName], name);
}
