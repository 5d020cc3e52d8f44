/**
 * @file The one error that people see. It carries facts (a code, a place, what was expected and
 * what was found); the sentence for a person is made from them in `error-text.ts`.
 * Untrusted text is escaped and cut here, once, so that no caller has to remember it.
 */

/** Every way in which input, a setting or the environment can be refused. */
export type ErrorCode =
  | "files/empty"
  | "files/truncated"
  | "files/trailing-bytes"
  | "files/wrong-kind"
  | "files/over-limit"
  | "files/bad-json"
  | "files/bad-field"
  | "files/shape-mismatch"
  | "files/dtype-unsupported"
  | "files/out-of-range"
  | "files/overlap"
  | "files/checksum"
  | "files/duplicate-name"
  | "files/missing-part"
  | "files/unsupported"
  | "files/forbidden"
  | "files/not-finite"
  | "files/bad-label"
  | "files/python-pickle"
  | "files/read-failed"
  | "files/reader-missing"
  | "files/open-size"
  | "project/newer"
  | "storage/full"
  | "storage/unavailable"
  | "model/bad-graph"
  | "model/bad-attribute"
  | "model/shape-mismatch"
  | "model/missing-weight"
  | "model/unknown-architecture"
  | "data/missing"
  | "data/shape-mismatch"
  | "data/bad-normalization"
  | "prune/bad-ratio"
  | "prune/nothing-to-prune"
  | "prune/plan-mismatch"
  | "prune/unknown-criterion"
  | "prune/unknown-group"
  | "prune/unknown-coupling"
  | "prune/bad-allocation"
  | "prune/out-of-reach"
  | "quantize/inexact"
  | "prune/bad-option"
  | "prune/needs-images"
  | "train/bad-setting"
  | "train/not-finite"
  | "train/state-mismatch"
  | "train/other-images"
  | "recipe/bad-field"
  | "recipe/unknown-preset"
  | "recipe/long-link"
  | "recipe/newer-link"
  | "recipe/damaged-link"
  | "runtime/backend-unavailable"
  | "runtime/out-of-memory"
  | "runtime/not-repeatable"
  | "runtime/device-lost"
  | "runtime/thread-lost"
  | "runtime/clock-still"
  | "worker/crashed"
  | "worker/unresponsive"
  | "worker/unknown-network"
  | "cli/bad-argument";

/** The facts of a refusal. `where` goes from the outside in: `model.json › weights[3] › shape`. */
export interface ErrorFacts {
  readonly where: string;
  readonly expected?: string;
  readonly found?: string;
  /** What the person can do next, when it is more specific than the code's own advice. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** A refusal with its place and its facts; see {@link ErrorCode}. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly where: string;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, facts: ErrorFacts) {
    const where = printable(facts.where, 240);
    super(`${code} at ${where}`, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "AppError";
    this.code = code;
    this.where = where;
    this.expected = facts.expected === undefined ? undefined : printable(facts.expected, 240);
    this.found = facts.found === undefined ? undefined : printable(facts.found, 160);
    this.hint = facts.hint;
  }
}

/** An error's facts without its prototype: what crosses a worker boundary or goes into a report. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly where: string;
  readonly expected?: string;
  readonly found?: string;
  readonly hint?: string;
}

/** Strips an error to what structured cloning keeps. */
export function toPlainError(error: AppError): PlainError {
  return {
    code: error.code,
    where: error.where,
    ...(error.expected === undefined ? {} : { expected: error.expected }),
    ...(error.found === undefined ? {} : { found: error.found }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/** Rebuilds the error on the other side of the boundary. */
export function fromPlainError(plain: PlainError): AppError {
  return new AppError(plain.code, plain);
}

/** Invisible, direction-changing and broken characters, by which a name could pose as another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/**
 * Makes untrusted text fit to be read: control characters shown as escapes, at most `limit`
 * characters, an ellipsis where it was cut.
 */
export function printable(text: string, limit = 80): string {
  let [shown, cut] = ["", ""];
  // No more of a huge text is looked at than can be shown.
  for (const c of text.slice(0, limit + 1)) {
    shown += UNSEEN.test(c) ? `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}` : c;
    if (shown.length < limit) cut = shown;
  }
  return shown.length > limit ? `${cut}…` : shown;
}

/** True for the error that an `AbortSignal` raises: a wish of the person, not a failure. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
