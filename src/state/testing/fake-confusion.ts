/** @file What a pretended network takes each class for: ten equal classes, the right answers as they were said. */
import type { Confusion, Evaluation } from "../../analyze/index.ts";
import { makeRandom } from "../../core/index.ts";

const CLASSES = 10;

export function fakeConfusion({
  count,
  correct,
}: Pick<Evaluation, "count" | "correct">): Confusion {
  const counts = new Uint32Array(CLASSES ** 2);
  const random = makeRandom(correct, 7);
  const add = (label: number, answer: number): void => {
    const at = label * CLASSES + answer;
    counts[at] = (counts[at] ?? 0) + 1;
  };
  for (let i = 0; i < count; i++) {
    const label = i % CLASSES;
    // Neighbouring classes are alike, and some are harder than others.
    const step = 1 + Math.floor((random.uniform() ** 2 * (CLASSES - 1) * (1 + (label % 3))) / 3);
    add(label, i < correct ? label : (label + step) % CLASSES);
  }
  return { classes: CLASSES, counts };
}
