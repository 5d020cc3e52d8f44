/** @file The door of `model`: the Network value and what can be asked of it without running it. */
export { branchesOf } from "./branches.ts";
export type { Branch } from "./branches.ts";
export { GraphBuilder } from "./builder.ts";
export { costByNode, costOf } from "./cost.ts";
export type { Cost } from "./cost.ts";
export { digestNetwork, fingerprintGraph, fingerprintNetwork } from "./fingerprint.ts";
export { initialize } from "./initialize.ts";
export { maskTensors } from "./weight-masks.ts";
export type { Masks } from "./weight-masks.ts";
export { tensorName, withNormalization } from "./network.ts";
export type {
  Graph,
  Metadata,
  Network,
  Node,
  NodeName,
  Normalization,
  Tensor,
  TensorName,
} from "./network.ts";
export type { Coupling, Kept, WeightAxis, WeightSpec } from "./op.ts";
export { depthMultiplier } from "./ops/conv2d.ts";
export type { Conv2d } from "./ops/conv2d.ts";
export type { BatchNorm } from "./ops/batch-norm.ts";
export type { ChannelSelect } from "./ops/channel-select.ts";
export { isIdentitySelection } from "./ops/channel-select.ts";
export { definitionOf, OP_KINDS } from "./ops/index.ts";
export type { Op, OpKind } from "./ops/index.ts";
export type { Padding, Pair, Window } from "./ops/window.ts";
export {
  countNotFinite,
  endsInSoftmax,
  endsOf,
  factsOf,
  factsOfNode,
  readersOf,
  validateNetwork,
  weightSpecs,
} from "./shapes.ts";
export type { GraphFacts, NodeFacts } from "./shapes.ts";
export { dominators, livingNodes, partOf } from "./split.ts";
export { lastPlanOf } from "./surgery-record.ts";
export type {
  RecordedOrigin,
  RecordedPlan,
  RecordedStep,
  SurgeryRecord,
} from "./surgery-record.ts";
export { architectureNames, buildArchitecture, parseArchitecture } from "./zoo/index.ts";
export { vggStages } from "./zoo/vgg.ts";
