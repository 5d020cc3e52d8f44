/** @file A queue: one piece of work at a time, in the order of the calls. */

export class Turns {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Whether something runs or waits. */
  get isBusy(): boolean {
    return this.#waiting > 0;
  }

  /** Starts at once when nothing runs, else behind what was asked before. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const isFirst = !this.isBusy;
    this.#waiting += 1;
    const own = isFirst ? work() : before.then(work);
    this.#last = own.catch(() => undefined);
    try {
      return await own;
    } finally {
      this.#waiting -= 1;
    }
  }
}
