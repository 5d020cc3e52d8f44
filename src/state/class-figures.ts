/** @file What two confusions of the same images say of each class: how often it is right, and what it is taken for. Pure. */
import type { Confusion } from "./engine.ts";
import type { Confusions } from "./measured.ts";

/** One class before and after. */
export interface ClassFigure {
  readonly label: number;
  /** Its images. */
  readonly count: number;
  /** Shares of its images that are right, in 0…1. */
  readonly before: number;
  readonly after: number;
}

/** How many images of a class are taken for another. */
export function cellOf({ classes, counts }: Confusion, label: number, answer: number): number {
  return counts[label * classes + answer] ?? 0;
}

/** Every class of which there are images, in the order of the classes. */
export function classFigures({ before, after }: Confusions): readonly ClassFigure[] {
  return Array.from({ length: after.classes }, (_, label) => {
    const count = after.counts
      .subarray(label * after.classes, (label + 1) * after.classes)
      .reduce((sum, n) => sum + n, 0);
    const share = (of: Confusion): number => cellOf(of, label, label) / Math.max(1, count);
    return { label, count, before: share(before), after: share(after) };
  }).filter(({ count }) => count > 0);
}

/** A class that is taken for another more or less often than before. */
export interface ChangedPair {
  readonly label: number;
  readonly answer: number;
  readonly before: number;
  readonly after: number;
}

/** The wrong answers that are given more often than before, those that grew most first. */
export function changedPairs({ before, after }: Confusions): readonly ChangedPair[] {
  const { classes } = after;
  const pairs: ChangedPair[] = [];
  for (let label = 0; label < classes; label++) {
    for (let answer = 0; answer < classes; answer++) {
      const [was, now] = [cellOf(before, label, answer), cellOf(after, label, answer)];
      if (label !== answer && now > was) pairs.push({ label, answer, before: was, after: now });
    }
  }
  return pairs.sort((a, b) => b.after - b.before - (a.after - a.before));
}
