/** @file Softmax cross-entropy on the host, in double precision, from logits that were read back. */

export interface Loss {
  /** Mean over the rows, nats. NaN when a logit is. */
  readonly loss: number;
  readonly correct: number;
}

/**
 * @param logits — `[n, classes]`
 * @param labels — `[n]`
 */
export function lossOf(logits: Float32Array, labels: Int32Array): Loss {
  const n = labels.length;
  const classes = logits.length / n;
  let [sum, correct] = [0, 0];
  for (let row = 0; row < n; row++) {
    const { loss, best } = rowLoss(logits, row * classes, classes, labels[row] ?? 0);
    sum += loss;
    if (best === labels[row]) correct += 1;
  }
  return { loss: sum / n, correct };
}

function rowLoss(
  logits: Float32Array,
  start: number,
  classes: number,
  label: number,
): { loss: number; best: number } {
  let best = 0;
  for (let c = 1; c < classes; c++) {
    if ((logits[start + c] ?? 0) > (logits[start + best] ?? 0)) best = c;
  }
  const top = logits[start + best] ?? 0;
  let total = 0;
  for (let c = 0; c < classes; c++) total += Math.exp((logits[start + c] ?? 0) - top);
  return { loss: Math.log(total) + top - (logits[start + label] ?? 0), best };
}
