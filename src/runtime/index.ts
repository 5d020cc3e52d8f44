/** @file The door of `runtime`, the only room that knows TensorFlow.js. */
export { openBackend } from "./backend.ts";
export type { Backend, BackendOptions, WasmPaths } from "./backend.ts";
export { columnProducts } from "./column-products.ts";
export { compile } from "./compile.ts";
export { lossOf } from "./loss.ts";
export type { Loss } from "./loss.ts";
export type {
  BackendKind,
  BackendLimit,
  BackendReport,
  CompileOptions,
  GradientResult,
  MemoryPlan,
  Parameters,
  Program,
  StepResult,
  StepSettings,
  Teacher,
} from "./program.ts";
export type { Machine, MachineMemory } from "./spmd/machine.ts";
export type { Matrix } from "./spmd/products.ts";
export type { KernelFiles, KernelOptions, KernelVariant, Thread, ThreadHost } from "./spmd/rim.ts";
