/**
 * @file The seam to the engine: the one place where `state` names the worker's door. Everything that
 * touches images or runs a network goes through `Engine`; plans and counts are pure and computed
 * here on the page.
 */
export type {
  Cut,
  DataReport,
  Delivered,
  Engine,
  ExportedFile,
  ExportFormat,
  ExportRecord,
  Gallery,
  HandedProject,
  ImageSet,
  MeasuredEvaluation,
  NetworkKey,
  Opened,
  OpenFilesOptions,
  Predictions,
  RunLength,
  SensitivityPoint,
  TrainEvent,
  TrainOutcome,
  TrainRequest,
} from "../worker/protocol.ts";
export type { Evaluation } from "../analyze/index.ts";
export type { BundleDocuments, InputSize, Snippet } from "../files/index.ts";
export type { FoldOptions } from "../quantize/index.ts";
export type { Cost, Graph, Network, Normalization } from "../model/index.ts";
export type {
  Absorbed,
  Allocated,
  Allocation,
  CostKind,
  Evidence,
  Curves,
  FixedReason,
  Goal,
  GroupTable,
  Manner,
  Plan,
  OptionSpec,
  PreparedPruning,
  PruneOptions,
  SpareReason,
  ThresholdMode,
} from "../prune/index.ts";
export type { BackendKind, BackendReport } from "../runtime/index.ts";
export type { ProjectDocument, ProjectRun } from "../storage/index.ts";
export type { Schedule, TrainSettings } from "../train/index.ts";
export {
  architectureNames,
  checkScoring,
  checkSettings,
  costAt,
  costByNode,
  costOf,
  createEngine,
  CRITERION_NAMES,
  DEFAULT_SETTINGS,
  endsOf,
  factsOf,
  filterSums,
  findGroups,
  lastPlanOf,
  listKept,
  normalizationOf,
  looksAt,
  networkFor,
  parseArchitecture,
  planAllocation,
  planAt,
  preparePruning,
  readCriterion,
  readNormalization,
  PRESETS,
  recordRecipe,
  safeRatios,
  sameNormalization,
  SENSITIVITY_RATIOS,
  snippetsFor,
  titleOf,
  usualNormalizations,
  withNormalization,
  tensorName,
} from "../worker/index.ts";
