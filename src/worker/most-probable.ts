/** @file What a network says of images in the end: a few classes, and how sure it is of each. */
import type { Guess, Predictions } from "./protocol.ts";

/** Guesses that a person reads of an image. */
const GUESSES = 3;

/** The classes of each row's largest outputs, with their probabilities. */
export function mostProbable(
  outputs: Float32Array,
  rows: number,
  probabilities: boolean,
): Predictions {
  const width = outputs.length / Math.max(1, rows);
  const guesses = Array.from({ length: rows }, (_, row): readonly Guess[] => {
    const values = [...outputs.subarray(row * width, (row + 1) * width)];
    const top = Math.max(...values);
    const total = values.reduce((sum, value) => sum + Math.exp(value - top), 0);
    const shareOf = (value: number): number =>
      probabilities ? value : Math.exp(value - top) / total;
    return [...values.keys()]
      .toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
      .slice(0, GUESSES)
      .map((label) => ({ label, share: shareOf(values[label] ?? 0) }));
  });
  return {
    classes: guesses.map(([first]) => first?.label ?? 0),
    confidence: guesses.map(([first]) => first?.share ?? 0),
    guesses,
  };
}
