/**
 * @file How long work speaks: what is done, of what, in which unit. Whoever shows it reckons the
 * time left; nothing below `worker/` reads a clock.
 */

/** A determinate report. `total` may grow only when the task itself grows. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: "images" | "steps" | "points" | "bytes" | "layers";
}

/** Called often and cheaply; it must not throw. */
export type OnProgress = (progress: Progress) => void;
