/** @file The door of `prune`: groups, scores, plans, their cost, and what they leave of a network. */
export type { ThresholdMode } from "./allocate/global-threshold.ts";
export { applyPlan, sliceTensors } from "./apply.ts";
export type { FixedReason } from "./axes.ts";
export { planCost, prepareCost } from "./cost.ts";
export type { CostTable, GroupChannels, PlanCost } from "./cost.ts";
export type { Criterion, Scores } from "./criteria/criterion.ts";
export { CRITERION_NAMES, criterionNamed } from "./criteria/index.ts";
export type { CriterionName } from "./criteria/index.ts";
export type { Gap } from "./gap.ts";
export { classesOf, findGroups } from "./groups.ts";
export type { Group, GroupId, GroupTable } from "./groups.ts";
export { maskPlan } from "./mask.ts";
export { keptOf, planFromLists } from "./plan.ts";
export type { Plan } from "./plan.ts";
export { costAt, planAt, planGroupAt, prepareScores, preparePruning } from "./prepare.ts";
export type { PreparedPruning, PruneOptions, RatioRequest, SpareReason } from "./prepare.ts";
