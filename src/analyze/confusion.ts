/**
 * @file What a network takes images of each class for: counts by true and by said class, which sum to the
 * images, and on their diagonal to the right answers.
 */

export interface Confusion {
  readonly classes: number;
  /** `[label · classes + answer]`, images. */
  readonly counts: Uint32Array;
}

/** Above this many classes nobody reads a confusion, and it would weigh more than it says. */
export const MOST_CONFUSED = 256;

/** Counts answers, batch by batch. */
export class ConfusionTally {
  readonly #counts: Uint32Array;
  readonly #classes: number;

  constructor(classes: number) {
    this.#classes = classes;
    this.#counts = new Uint32Array(classes * classes);
  }

  /**
   * Counts the answers of a batch; of equal outputs the first, as accuracies count them.
   * @param outputs — `[n · classes]`, borrowed
   * @param labels — `[n]`, below `classes`, borrowed
   */
  take(outputs: Float32Array, labels: Int32Array): void {
    const classes = this.#classes;
    for (let row = 0; row < labels.length; row++) {
      const from = row * classes;
      let best = 0;
      for (let c = 1; c < classes; c++) {
        if ((outputs[from + c] as number) > (outputs[from + best] as number)) best = c;
      }
      const at = (labels[row] as number) * classes + best;
      this.#counts[at] = (this.#counts[at] as number) + 1;
    }
  }

  get confusion(): Confusion {
    return { classes: this.#classes, counts: this.#counts };
  }
}
