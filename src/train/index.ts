/** @file The door of `train`: settings, schedules, the loop, and states as values. */
export { compileRun } from "./compile.ts";
export { firstNotFinite } from "./health.ts";
export { learningRateAt, progressAt, stepsPerEpoch, totalSteps } from "./schedule.ts";
export type { Position } from "./schedule.ts";
export { checkSettings, DEFAULT_SETTINGS, SETTING_RANGES } from "./settings.ts";
export type { Length, Replan, Schedule, Sparsity, TrainSettings } from "./settings.ts";
export { checkState, startState } from "./state.ts";
export type { TrainState } from "./state.ts";
export { cutState, maskState } from "./surgery.ts";
export { train } from "./train.ts";
export type { StepReport, TrainData, TrainHooks, TrainResult } from "./train.ts";
