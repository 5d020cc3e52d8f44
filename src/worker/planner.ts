/**
 * @file The part of the engine that answers at once, on the caller's own thread: pure arithmetic on
 * values, fast enough for every frame of a drag. The page reaches it through this door, so that it
 * shares the worker's code and never a tensor.
 */
export { MOST_CONFUSED, SENSITIVITY_RATIOS } from "../analyze/index.ts";
export {
  normalizationOf,
  readNormalization,
  sameNormalization,
  titleOf,
  usualNormalizations,
} from "../data/index.ts";
export {
  architectureNames,
  branchesOf,
  costByNode,
  costOf,
  endsOf,
  factsOf,
  lastPlanOf,
  parseArchitecture,
  withNormalization,
  tensorName,
} from "../model/index.ts";
export {
  anatomyOf,
  checkScoring,
  costAt,
  costOfTwin,
  CRITERION_NAMES,
  filterSums,
  findGroups,
  listKept,
  looksAt,
  noteTraining,
  nearestFilter,
  networkFor,
  originsOf,
  placesOf,
  planAllocation,
  planAt,
  planFromLists,
  planGroupAt,
  preparePruning,
  readCriterion,
  safeRatios,
  widthsIn,
  withByHand,
} from "../prune/index.ts";
export { snippetsFor } from "../files/index.ts";
export { PRESETS, readLink, recordMethod, recordRecipe, writeLink } from "../recipe/index.ts";
export { checkSettings, DEFAULT_SETTINGS } from "../train/index.ts";
