/**
 * @file The part of the engine that answers at once, on the caller's own thread: pure arithmetic on
 * values, fast enough for every frame of a drag. The page reaches it through this door, so that it
 * shares the worker's code and never a tensor.
 */
export {
  architectureNames,
  costByNode,
  costOf,
  endsOf,
  factsOf,
  fingerprintNetwork,
  isIdentitySelection,
  parseArchitecture,
} from "../model/index.ts";
export { CRITERION_NAMES, costAt, planAt, preparePruning } from "../prune/index.ts";
export {
  preset,
  PRESETS,
  readRecipe,
  recordRecipe,
  repairSettings,
  trainSettings,
} from "../recipe/index.ts";
export { checkSettings, DEFAULT_SETTINGS, SETTING_RANGES } from "../train/index.ts";
