/** @file The door of `prune`: groups, scores, plans, their cost, and what they leave of a network. */
export type { Allocated, Allocation, AllocationKind } from "./allocate/allocation.ts";
export { hasByHand, withByHand } from "./allocate/by-hand.ts";
export type { ByHand, Widths } from "./allocate/by-hand.ts";
export type { ThresholdMode } from "./allocate/global-threshold.ts";
export { checkScoring, filterSums, SCORINGS } from "./allocate/greedy.ts";
export { ALLOCATION_KINDS, planAllocation } from "./allocate/index.ts";
export { widthsIn } from "./allocate/list.ts";
export type { Curves } from "./allocate/sensitivity.ts";
export { COST_KINDS } from "./allocate/target.ts";
export type { CostKind, Goal } from "./allocate/target.ts";
export { COUNT_RULES } from "./allocate/uniform.ts";
export type { CountRule } from "./allocate/uniform.ts";
export type { Absorbed } from "./absorb.ts";
export { anatomyOf, costOfTwin, nearestFilter } from "./anatomy.ts";
export type { Anatomy, Filter, NormEntry, Twin } from "./anatomy.ts";
export { applyPlan, sliceTensors } from "./apply.ts";
export { placesOf } from "./channel.ts";
export type { ChannelPlace } from "./channel.ts";
export type { FixedReason } from "./axes.ts";
export type {
  ActivationEvidence,
  DistanceEvidence,
  Evidence,
  EvidenceKind,
  GradientEvidence,
  ResponseEvidence,
} from "./criteria/evidence.ts";
export { ActivationMeter, GradientMeter, ResponseMeter } from "./criteria/meters.ts";
export { CRITERION_NAMES, criterionNamed, readCriterion } from "./criteria/index.ts";
export type { ChosenCriterion } from "./criteria/index.ts";
export { EVIDENCE_IMAGES, looksAt } from "./criteria/images.ts";
export type { SeenImages } from "./criteria/images.ts";
export { costOfDistances, distancesOf, distanceSums } from "./criteria/distances.ts";
export { kernelsOf } from "./criteria/kernels.ts";
export type { OptionSpec } from "./criteria/options.ts";
export { scoreChannels } from "./criteria/score.ts";
export { classesOf, findGroups } from "./groups.ts";
export type { GroupId, GroupTable } from "./groups.ts";
export { planMasks, zeroMasks } from "./frozen-zeros.ts";
export { originsOf } from "./origins.ts";
export { keptOf, listKept, planFromLists } from "./plan.ts";
export type { Plan } from "./plan.ts";
export { costAt, planAt, planGroupAt, prepareScores, preparePruning, STREAMS } from "./prepare.ts";
export type { PreparedPruning, PruneOptions, SpareReason, Streams } from "./prepare.ts";
export { ROUNDING_RULES } from "./rounding.ts";
export { safeRatios } from "./safe-ratio.ts";
export { SCOPES } from "./scope.ts";
export { STREAM_DECIDERS } from "./streams.ts";
export {
  cutNetwork,
  DEAD_CHANNELS,
  maskNetwork,
  networkFor,
  noteFolding,
  noteTraining,
  operate,
  undo,
} from "./surgery.ts";
export type { DeadChannels, Manner, Surgery } from "./surgery.ts";
