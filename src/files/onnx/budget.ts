/**
 * @file How much a model may make us allocate. A graph can name one weight ten thousand times, and each
 * node that uses it gets a copy: a few kilobytes would ask for gigabytes.
 */
import { AppError } from "../../core/index.ts";
import { showBytes } from "../bytes.ts";
import { copiedLimit } from "../limits.ts";

export class Budget {
  #fileBytes: number;
  #spent = 0;

  constructor(fileBytes: number) {
    this.#fileBytes = fileBytes;
  }

  /** Counts another file in, which the model keeps a part of itself in. */
  grow(bytes: number): void {
    this.#fileBytes += bytes;
  }

  /** Asked before anything is made. @throws files/over-limit once it is all spent */
  spend(bytes: number, where: string): void {
    this.#spent += bytes;
    const limit = copiedLimit(this.#fileBytes);
    if (this.#spent <= limit) return;
    throw new AppError("files/over-limit", {
      where,
      expected: `at most ${showBytes(limit)} for a file of this size`,
      found: "more",
    });
  }
}
