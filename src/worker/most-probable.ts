/** @file What a network says about images, as the page shows it. */
import type { Predictions } from "./protocol.ts";

/** The class and probability of each row's largest output. */
export function mostProbable(
  outputs: Float32Array,
  rows: number,
  probabilities: boolean,
): Predictions {
  const width = outputs.length / Math.max(1, rows);
  const classes: number[] = [];
  const confidence: number[] = [];
  for (let row = 0; row < rows; row++) {
    const values = [...outputs.subarray(row * width, (row + 1) * width)];
    const top = Math.max(...values);
    const total = values.reduce((sum, value) => sum + Math.exp(value - top), 0);
    classes.push(values.indexOf(top));
    confidence.push(probabilities ? top : 1 / total);
  }
  return { classes, confidence };
}
