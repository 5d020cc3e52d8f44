/** @file The door of `prune`: groups, scores, plans, their cost, and what they leave of a network. */
export type { Allocated, Allocation, AllocationKind } from "./allocate/allocation.ts";
export type { ThresholdMode } from "./allocate/global-threshold.ts";
export { checkScoring, filterSums, SCORINGS } from "./allocate/greedy.ts";
export type { Scoring } from "./allocate/greedy.ts";
export { ALLOCATION_KINDS, planAllocation } from "./allocate/index.ts";
export type { Knowledge } from "./allocate/index.ts";
export type { Entry, List } from "./allocate/list.ts";
export type { Curve, Curves } from "./allocate/sensitivity.ts";
export { COST_KINDS } from "./allocate/target.ts";
export type { CostKind, Goal } from "./allocate/target.ts";
export { COUNT_RULES } from "./allocate/uniform.ts";
export type { CountRule } from "./allocate/uniform.ts";
export type { Absorbed } from "./absorb.ts";
export { applyPlan, sliceTensors } from "./apply.ts";
export type { FixedReason } from "./axes.ts";
export { planCost, prepareCost } from "./cost.ts";
export type { CostTable, GroupChannels, PlanCost } from "./cost.ts";
export type { Criterion, Normalisation, Scores } from "./criteria/criterion.ts";
export type {
  ActivationEvidence,
  ActivationFigures,
  DistanceEvidence,
  Evidence,
  EvidenceKind,
  GradientEvidence,
  ResponseEvidence,
} from "./criteria/evidence.ts";
export { ActivationMeter, GradientMeter, ResponseMeter } from "./criteria/meters.ts";
export { CRITERION_NAMES, criterionNamed, readCriterion } from "./criteria/index.ts";
export type { ChosenCriterion, CriterionName } from "./criteria/index.ts";
export { costOfDistances, distancesOf, distanceSums } from "./criteria/distances.ts";
export { kernelsOf } from "./criteria/kernels.ts";
export type { OptionSpec, OptionSpecs, OptionValues } from "./criteria/options.ts";
export { scoreChannels } from "./criteria/score.ts";
export type { Purpose } from "./criteria/score.ts";
export type { Gap } from "./gap.ts";
export { classesOf, findGroups, groupNamed } from "./groups.ts";
export type { Group, GroupId, GroupTable } from "./groups.ts";
export { maskPlan } from "./mask-plan.ts";
export { planMasks, zeroMasks } from "./frozen-zeros.ts";
export { originsOf } from "./origins.ts";
export type { Origin } from "./origins.ts";
export { keptOf, planFromLists } from "./plan.ts";
export type { Plan } from "./plan.ts";
export { costAt, planAt, planGroupAt, prepareScores, preparePruning, STREAMS } from "./prepare.ts";
export type {
  PreparedPruning,
  PruneOptions,
  RatioRequest,
  SpareReason,
  Streams,
} from "./prepare.ts";
export { ROUNDING_RULES } from "./rounding.ts";
export type { Rounding, RoundingRule } from "./rounding.ts";
export { safeRatios } from "./safe-ratio.ts";
export type { SafeRatios } from "./safe-ratio.ts";
export { SCOPES } from "./scope.ts";
export type { Scope } from "./scope.ts";
export { STREAM_DECIDERS } from "./streams.ts";
export type { StreamDecider } from "./streams.ts";
export {
  cutNetwork,
  DEAD_CHANNELS,
  maskNetwork,
  networkFor,
  noteFolding,
  noteTraining,
  operate,
  replay,
  selectNetwork,
  undo,
} from "./surgery.ts";
export type { DeadChannels, Manner, Surgery, SurgeryOptions } from "./surgery.ts";
