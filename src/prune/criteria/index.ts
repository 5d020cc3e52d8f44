/**
 * @file The table of criteria, and the words that name one with its options: `l1`, `lp:p=3`,
 * `taylor:variant=squared,reduce=max`. That text is what plans, recipes, reports and the command line
 * carry, so that a score can be made again. A new criterion is its own file and one line here.
 */
import { AppError, known } from "../../core/index.ts";
import { apoz } from "./apoz.ts";
import { bnScale } from "./bn-scale.ts";
import type { Criterion } from "./criterion.ts";
import { fpgm } from "./fpgm.ts";
import { l1 } from "./l1.ts";
import { l2 } from "./l2.ts";
import { lp } from "./lp.ts";
import { meanActivation } from "./mean-activation.ts";
import { readOptions, showOptions, type OptionValues } from "./options.ts";
import { random } from "./random.ts";
import { taylor } from "./taylor.ts";

const CRITERIA = {
  "bn-scale": bnScale,
  l1,
  l2,
  lp,
  fpgm,
  taylor,
  apoz,
  "mean-activation": meanActivation,
  random,
} satisfies Record<string, Criterion>;

export type CriterionName = keyof typeof CRITERIA;

/** Every criterion there is, in the order in which to offer them. */
export const CRITERION_NAMES = Object.keys(CRITERIA) as readonly CriterionName[];

/** A criterion with all of its options decided. */
export interface ChosenCriterion {
  readonly name: CriterionName;
  readonly criterion: Criterion;
  readonly options: OptionValues;
  /** What names it: the name with those options that are not as usual. */
  readonly text: string;
}

/**
 * The criterion of that name, options aside.
 * @param where — who named it, for the message
 * @throws prune/unknown-criterion
 */
export function criterionNamed(name: string, where = "criterion"): Criterion {
  if (!Object.hasOwn(CRITERIA, name)) {
    throw new AppError("prune/unknown-criterion", {
      where,
      expected: `one of ${CRITERION_NAMES.join(", ")}`,
      found: name,
    });
  }
  return known(CRITERIA[name as CriterionName], name);
}

/**
 * Reads a criterion with its options, such as `lp:p=3`.
 * @param where — who named it, for the message
 * @throws prune/unknown-criterion, prune/bad-option
 */
export function readCriterion(text: string, where = "criterion"): ChosenCriterion {
  const colon = text.indexOf(":");
  const name = colon < 0 ? text : text.slice(0, colon);
  const chosen = criterionNamed(name, where);
  const options = readOptions(where, colon < 0 ? "" : text.slice(colon + 1), chosen.options);
  const told = showOptions(options, chosen.options);
  return {
    name: name as CriterionName,
    criterion: chosen,
    options,
    text: told === "" ? name : `${name}:${told}`,
  };
}
