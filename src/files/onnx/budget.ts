/**
 * @file How much a file may make us allocate. A graph can name one weight ten thousand times, and each
 * node that uses it gets a copy: a few kilobytes would ask for gigabytes.
 */
import { AppError } from "../../core/index.ts";
import { showBytes } from "../bytes.ts";
import { copiedLimit } from "../limits.ts";

export class Budget {
  readonly #limit: number;
  #spent = 0;

  constructor(fileBytes: number) {
    this.#limit = copiedLimit(fileBytes);
  }

  /** Asked before anything is made. @throws files/over-limit once it is all spent */
  spend(bytes: number, where: string): void {
    this.#spent += bytes;
    if (this.#spent <= this.#limit) return;
    throw new AppError("files/over-limit", {
      where,
      expected: `at most ${showBytes(this.#limit)} for a file of this size`,
      found: "more",
    });
  }
}
