/**
 * @file The bytes of a pickle, opcode arguments one after the other: numbers of either endianness,
 * counted and line-ended text. Every length is held against a cap and the bytes that are there before
 * anything is made of it.
 */
import { AppError, type ErrorCode } from "../../core/index.ts";
import { at, ByteReader, latin1, showBytes, showCount } from "../bytes.ts";

/** What one pickle may contain. Torch's own are far below: 100 000 tensors make 5 million opcodes. */
export const PICKLE_LIMITS = {
  /** From the first opcode to the last. */
  bytes: 64 * 1024 * 1024,
  /** Opcodes, and items that an opcode copies from what the memo may hold many times. */
  steps: 10_000_000,
  /** Values waiting on the stack: a tuple of that many, or the entries of a dictionary at once. */
  stack: 1_000_000,
  /** Values by number, to be used again. */
  memo: 1_000_000,
  /** Lists, tuples and dictionaries: a byte of file can ask for one. */
  containers: 1_000_000,
  /** Containers within each other; Python's own pickler gives up at about as many. */
  depth: 1000,
  /** One text, or one `bytes`. */
  text: 1024 * 1024,
  /** One whole number; torch's magic number has ten bytes. */
  integerBytes: 16,
} as const;

/** Reads arguments from a position that moves on. */
export class PickleReader {
  readonly #reader: ByteReader;
  readonly #view: DataView;
  readonly #start: number;
  #position: number;
  #opcodeAt: number;

  /** @param bytes — borrowed; @param where — the file and the pickle in it */
  constructor(
    bytes: Uint8Array,
    start: number,
    readonly where: string,
  ) {
    this.#reader = new ByteReader(bytes, where);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#start = start;
    this.#position = start;
    this.#opcodeAt = start;
  }

  get position(): number {
    return this.#position;
  }

  /** The place of the current opcode. */
  readonly place = (): string => at(this.where, `byte ${showCount(this.#opcodeAt)}`);

  /** A refusal at the current opcode. */
  refuse(code: ErrorCode, expected: string, found: string): AppError {
    return new AppError(code, {
      where: this.place(),
      expected,
      found,
      hint: "save the checkpoint again, as a state_dict, or download it again",
    });
  }

  opcode(): number {
    this.#opcodeAt = this.#position;
    if (this.#position - this.#start >= PICKLE_LIMITS.bytes) {
      const most = showBytes(PICKLE_LIMITS.bytes);
      throw this.refuse("files/over-limit", `a pickle of at most ${most}`, "a longer one");
    }
    return this.uint8();
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  uint64(): number {
    const value = this.#reader.uint64(this.#position, "length");
    this.#position += 8;
    return value;
  }

  /** Big-endian, the only number of a pickle that is. */
  float64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  /** Little-endian two's complement of any length, including none, which is 0. */
  integer(length: number): number | bigint {
    if (length > PICKLE_LIMITS.integerBytes) {
      const most = showBytes(PICKLE_LIMITS.integerBytes);
      throw this.refuse("files/over-limit", `whole numbers of at most ${most}`, showBytes(length));
    }
    const bytes = this.#reader.range(this.#position, length);
    this.#position += length;
    const sign = (bytes[length - 1] ?? 0) & 0x80 ? 0xff : 0;
    const wide = new Uint8Array(PICKLE_LIMITS.integerBytes).fill(sign);
    wide.set(bytes);
    const view = new DataView(wide.buffer);
    return narrow((view.getBigInt64(8, true) << 64n) | view.getBigUint64(0, true));
  }

  /** A view of as many bytes. */
  bytes(length: number): Uint8Array {
    if (length > PICKLE_LIMITS.text) {
      const most = showBytes(PICKLE_LIMITS.text);
      throw this.refuse("files/over-limit", `texts of at most ${most}`, showBytes(length));
    }
    const bytes = this.#reader.range(this.#position, length);
    this.#position += length;
    return bytes;
  }

  utf8(length: number): string {
    const bytes = this.bytes(length);
    try {
      return UTF8.decode(bytes);
    } catch {
      throw this.refuse("files/bad-field", "UTF-8 text", "bytes that are not");
    }
  }

  /** Python 2's text of no encoding; ASCII in practice, and bytes when a number is packed in it. */
  latin1(length: number): string {
    const bytes = this.bytes(length);
    return latin1(bytes, 0, bytes.length);
  }

  /** Text up to the end of the line, as latin1. */
  line(): string {
    const { bytes } = this.#reader;
    const end = bytes.indexOf(NEWLINE, this.#position);
    const text = this.latin1((end < 0 ? bytes.length + 1 : end) - this.#position);
    this.#position++;
    return text;
  }

  /** What follows, for telling what an opcode belongs to. */
  peek(length: number): string {
    return latin1(this.#reader.bytes, this.#position, this.#position + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    const start = this.#position;
    if (start + length > this.#view.byteLength) this.#reader.range(start, length);
    this.#position = start + length;
    return start;
  }
}

const NEWLINE = 10;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A number where it is exact. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
