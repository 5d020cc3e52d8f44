/** @file The door of `core`: words that every room shares. */
export { sameBits } from "./bits.ts";
export { breathe } from "./breathe.ts";
export { AppError, fromPlainError, isAbort, printable, toPlainError } from "./errors.ts";
export type { ErrorCode, ErrorFacts, PlainError } from "./errors.ts";
export { explain } from "./error-text.ts";
export { digestOf, hashOf, sha256Of } from "./hash.ts";
export type { Hashable } from "./hash.ts";
export { invariant, known } from "./invariant.ts";
export type { OnProgress, Progress } from "./progress.ts";
export { makeRandom, permutation } from "./random.ts";
export type { Random } from "./random.ts";
export { channelsOf, sameShape, showShape, sizeOf } from "./shape.ts";
export type { Shape } from "./shape.ts";
export { timeRuns } from "./timing.ts";
