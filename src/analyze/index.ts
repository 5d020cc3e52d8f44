/** @file The door of `analyze`: questions about a network. */
export { evaluationOf, wilson } from "./accuracy.ts";
export type { Evaluation } from "./accuracy.ts";
export { evaluate, predict } from "./evaluate.ts";
export type { Watch } from "./evaluate.ts";
export type { Images } from "./feed.ts";
export { measureDistances } from "./distances.ts";
export { measureEvidence } from "./evidence.ts";
export type { EvidencePlan } from "./evidence.ts";
export { checkFit } from "./fit.ts";
export { fitting } from "./fitting.ts";
export { latency } from "./latency.ts";
export type { LatencyOptions } from "./latency.ts";
export { compareNormalizations } from "./normalizations.ts";
export { SENSITIVITY_RATIOS } from "./ratios.ts";
export { sensitivity } from "./sensitivity.ts";
export { largestDifference, Witness } from "./witness.ts";
export type { SensitivityPlan, SensitivityPoint } from "./sensitivity.ts";
