/** @file The door of `quantize`: networks made ready to be deployed, by pure arithmetic. */
export { foldBatchNorms } from "./fold-batch-norms.ts";
export { foldNetwork } from "./fold.ts";
export type { FoldCount, Folded, FoldOptions } from "./fold.ts";
export { foldSelections } from "./fold-selections.ts";
export type { SelectionOptions } from "./fold-selections.ts";
