/** @file The door of `state`: the stores behind the page, their hooks, and pure selectors. */
export { endedOf, shownTask } from "./activity.ts";
export type { ComparingState, CostAxis } from "./comparing.ts";
export {
  batchesOf,
  hasCourse,
  lastTrained,
  momentsOf,
  ridgeRows,
  scalesOf,
  validationsOf,
} from "./course.ts";
export type { RidgeCounts, TrainedRun, TrainingCourse, ValidationPoint } from "./course.ts";
export type { ActivityState, Task } from "./activity.ts";
export { blocksOf, compareBlocks, isChanged } from "./blocks.ts";
export type { Block, BlockGraph, BlockPair, BlockPart } from "./blocks.ts";
export { channelFacts } from "./channel.ts";
export type { ChannelFacts } from "./channel.ts";
export type {
  Absorbed,
  BackendLimit,
  BackendReport,
  Confusion,
  Engine,
  Snippet,
  TrainCheckpoint,
} from "./engine.ts";
export type { ExportOptions, ExportsState } from "./exporting.ts";
export {
  architectureNames,
  costOf,
  CRITERION_NAMES,
  looksAt,
  MOST_CONFUSED,
  parseArchitecture,
  PRESETS,
  readCriterion,
  snippetsFor,
  titleOf,
} from "./engine.ts";
export { unappliedOf } from "./unapplied.ts";
export type { Unapplied } from "./unapplied.ts";
export { flipsOf } from "./gallery.ts";
export type { GalleryState, ImageView } from "./gallery.ts";
export {
  useActivity,
  useCommands,
  useComparing,
  useExports,
  useFirstVisit,
  useGallery,
  useHistory,
  useInspecting,
  useKeeping,
  useMeasured,
  useNormalizing,
  useMethod,
  usePage,
  usePassing,
  useRereading,
  useRoom,
  useSensitivity,
  useSharing,
  useSizing,
  useSketching,
  useSlider,
  useTraining,
  useWorkbench,
  WorkbenchContext,
} from "./hooks.ts";
export type { Chosen, InspectingState, RemovalCost } from "./inspecting.ts";
export type { KeepingState } from "./keeping.ts";
export {
  confusionsOf,
  dotsOf,
  largestOf,
  latencyChangeOf,
  pairOf,
  positionName,
  saidAt,
  wholeName,
} from "./measured.ts";
export type { Confusions, Dot, MeasuredState, Pair, Position } from "./measured.ts";
export { candidatesOf, figuresOf, likelyOf, OWN, preselected, presentOf } from "./normalization.ts";
export type { Candidate, SessionNormalization, Trials } from "./normalization.ts";
export type { NormalizingState } from "./normalizing.ts";
export { misfitMeasured, misfitTrained, takesCifar10 } from "./misfit.ts";
export type { Misfit } from "./misfit.ts";
export { networkTitle, shippedAs } from "./naming.ts";
export { baselineOf, mayChooseNormalization, STEPS } from "./page.ts";
export type { PageState, Run, Step } from "./page.ts";
export { frontOf, pointsOfPositions, pointsOfRuns } from "./points.ts";
export type { ComparedPoint } from "./points.ts";
export { MOST_NAME } from "./run-commands.ts";
export {
  compareRuns,
  countBehind,
  differingFacts,
  differingMeasures,
  MEASURES,
  nameOfRun,
  orderRuns,
  whyKept,
} from "./runs.ts";
export type { Fact, Measure, RunFigure, RunRow } from "./runs.ts";
export { pausedTask, unkeptOf } from "./training-words.ts";
export type { Unkept } from "./training-words.ts";
export { countUpTo, RATIO_STEP, snapRatio } from "./planning.ts";
export { createRemembered } from "./remembered.ts";
export { createRoom } from "./room.ts";
export type { RoomState } from "./room.ts";
export type { Layer, Preview, Pruning, SafeMarks, Spared, Together } from "./planning.ts";
export { COST_WORDS, isByRatio, whereOf } from "./method.ts";
export type { Method, Mode } from "./method.ts";
export { readPreset } from "./method-commands.ts";
export type { Setting } from "./method-commands.ts";
export { safeMarks } from "./methods.ts";
export type { Control, MethodState, Refusal } from "./methods.ts";
export { changedPairs, classFigures, cellOf } from "./class-figures.ts";
export type { ChangedPair, ClassFigure } from "./class-figures.ts";
export { sentenceOf } from "./problem.ts";
export { writeGoal } from "./typed.ts";
export { interpolate, within } from "./sensitivity-curve.ts";
export type { CurveSample } from "./sensitivity-curve.ts";
export { sensitivitySeconds } from "./sensitivity.ts";
export type { SensitivityState } from "./sensitivity.ts";
export type { Session, StructureRow } from "./session.ts";
export { countDead, DEAD_SCALE } from "./scale-history.ts";
export type { ScaleHistory, ScaleMoment, ScalePoint } from "./scale-history.ts";
export type { CurvePoint, Series } from "./series.ts";
export type { RereadingState } from "./rereading.ts";
export type { LinkNotice, SharingState } from "./sharing.ts";
export type { SizeQuestion } from "./sizing.ts";
export { sumOf } from "./sketching.ts";
export type { Sketch, SketchLayer } from "./engine.ts";
export { shownOf } from "./slider.ts";
export type { SliderState } from "./slider.ts";
export type { StreamRow } from "./stream-rows.ts";
export { cutOffOf } from "./cut-off.ts";
export { MOST_KEPT, tellingRatios } from "./telling.ts";
export type { Lack, Telling, TellingName } from "./telling.ts";
export { areTied, isGuessing } from "./verdict.ts";
export type { TrainingState } from "./training.ts";
export { typedNumber } from "./training-form.ts";
export type { FormField, FormProblems, Purpose, TrainingForm } from "./training-form.ts";
export { whileOpen } from "./while-open.ts";
export { createWorkbench } from "./workbench.ts";
export type { Commands } from "./commands.ts";
export type { Workbench } from "./workbench.ts";
/** A store of a component's own, for what must not go through React. */
export { createStore } from "zustand/vanilla";
export type { StoreApi } from "zustand/vanilla";
export { SHIPPED } from "./shipped.ts";
export type { Shipped } from "./shipped.ts";
