/**
 * @file A stream of pieces, read by the byte: take the next n, skip the next n. Memory follows what
 * really comes, never what a header claims.
 */
import { AppError } from "../../core/index.ts";
import { showBytes } from "../bytes.ts";

/** First size of a buffer for a claimed length; it doubles while bytes keep coming. */
const FIRST_BUFFER = 32 * 1024 * 1024;

export class StreamReader {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #where: string;
  #piece: Uint8Array = new Uint8Array();
  #consumed = 0;

  /** @param where — the file, for messages */
  constructor(source: AsyncIterable<Uint8Array>, where: string) {
    this.#source = source[Symbol.asyncIterator]();
    this.#where = where;
  }

  /**
   * The next `length` bytes, copied.
   * @throws files/truncated when the stream ends before
   */
  async take(length: number): Promise<Uint8Array> {
    let bytes = new Uint8Array(Math.min(length, FIRST_BUFFER));
    let filled = 0;
    while (filled < length) {
      const part = await this.#next(length - filled);
      if (filled + part.length > bytes.length) {
        const larger = new Uint8Array(
          Math.min(length, Math.max(bytes.length * 2, filled + part.length)),
        );
        larger.set(bytes.subarray(0, filled));
        bytes = larger;
      }
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  }

  /** Passes over the next `length` bytes. */
  async skip(length: number): Promise<void> {
    for (let left = length; left > 0;) left -= (await this.#next(left)).length;
  }

  /** Reads to the end and forgets it. */
  async drain(): Promise<void> {
    this.#piece = new Uint8Array();
    while ((await this.#source.next()).done !== true);
  }

  /** Lets go of the source, wherever it stands. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** Some of the next bytes, at least one and at most `most`; a view. */
  async #next(most: number): Promise<Uint8Array> {
    while (this.#piece.length === 0) {
      const { done, value } = await this.#source.next();
      if (done === true) {
        throw new AppError("files/truncated", {
          where: this.#where,
          expected: `at least ${showBytes(this.#consumed + most)}`,
          found: `the end after ${showBytes(this.#consumed)}`,
        });
      }
      this.#piece = value;
    }
    const part = this.#piece.subarray(0, most);
    this.#piece = this.#piece.subarray(part.length);
    this.#consumed += part.length;
    return part;
  }
}
