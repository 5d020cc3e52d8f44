/** @file The loss on the host, in double precision, from logits that were read back. */
import type { Teacher } from "./program.ts";

export interface Loss {
  /** Mean over the rows, nats. NaN when a logit is. */
  readonly loss: number;
  readonly correct: number;
}

/**
 * Softmax cross-entropy, with a teacher mixed with distillation (`Teacher`).
 * @param logits — `[n, classes]`
 * @param labels — `[n]`
 */
export function lossOf(logits: Float32Array, labels: Int32Array, teacher?: Teacher): Loss {
  const n = labels.length;
  const classes = logits.length / n;
  let [hard, soft, correct] = [0, 0, 0];
  for (let row = 0; row < n; row++) {
    const own = logits.subarray(row * classes, (row + 1) * classes);
    const label = labels[row] ?? 0;
    hard -= logSoftmax(own)[label] ?? 0;
    if (bestOf(own) === label) correct += 1;
    if (teacher === undefined) continue;
    soft += divergence(
      teacher.logits.subarray(row * classes, (row + 1) * classes),
      own,
      teacher.temperature,
    );
  }
  if (teacher === undefined) return { loss: hard / n, correct };
  const { weight, temperature } = teacher;
  return { loss: ((1 - weight) * hard + weight * temperature ** 2 * soft) / n, correct };
}

/** KL(softmax(p/T) ‖ softmax(q/T)), nats. */
function divergence(p: Float32Array, q: Float32Array, temperature: number): number {
  const [from, to] = [logSoftmax(p, temperature), logSoftmax(q, temperature)];
  return from.reduce((sum, value, c) => sum + Math.exp(value) * (value - (to[c] ?? 0)), 0);
}

/** Also of values that overflow exp. */
function logSoftmax(values: Float32Array, temperature = 1): Float64Array {
  const scaled = Float64Array.from(values, (value) => value / temperature);
  const top = scaled[bestOf(scaled)] ?? 0;
  const total = Math.log(scaled.reduce((sum, value) => sum + Math.exp(value - top), 0));
  return scaled.map((value) => value - top - total);
}

/** Where the largest value is; the first of several. */
function bestOf(values: Float32Array | Float64Array): number {
  let best = 0;
  for (let c = 1; c < values.length; c++) if ((values[c] ?? 0) > (values[best] ?? 0)) best = c;
  return best;
}
