/**
 * @file Bytes with checks: a little-endian reader that cannot leave its array, and the few helpers
 * by which every message writes a place or a size the same way.
 */
import { AppError } from "../core/index.ts";

/** A place from the outside in: `at("model.json", "weights[3]", "shape")`. */
export function at(...places: readonly string[]): string {
  return places.join(" › ");
}

/** `30 730 000 bytes`, with thin groups as people write large numbers. */
export function showBytes(bytes: number): string {
  return `${showCount(bytes)} ${bytes === 1 ? "byte" : "bytes"}`;
}

/** `30 730 000`. */
export function showCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, " ");
}

/** The last part of a path, whichever slash it uses. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** A scheme, a drive, a root, a backslash, or a step upwards. */
const LEADS_ELSEWHERE = /^[a-z][a-z0-9+.-]*:|^\/|\\|(^|\/)\.\.(\/|$)|\0/i;

/** True for a path that does not stay beside or below the file that names it. */
export function leadsElsewhere(path: string): boolean {
  return LEADS_ELSEWHERE.test(path);
}

/** The path without its last part; empty at the top. */
export function folderOf(path: string): string {
  return path.slice(0, path.length - baseName(path).length);
}

/** True when `bytes` begins with `prefix` at `offset`. */
export function startsWith(bytes: Uint8Array, prefix: ArrayLike<number>, offset = 0): boolean {
  if (offset + prefix.length > bytes.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[offset + i] !== prefix[i]) return false;
  return true;
}

/** Text of an ASCII-only range, for signatures and names that are compared, never shown raw. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = Math.max(0, start); i < Math.min(end, bytes.length); i++) {
    text += String.fromCharCode(bytes[i] as number);
  }
  return text;
}

/** Reads little-endian numbers and ranges; every access outside the array is a refusal. */
export class ByteReader {
  readonly #view: DataView;

  /**
   * @param bytes — borrowed
   * @param where — the file, for messages
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly where: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint16(offset: number): number {
    return this.#view.getUint16(this.#check(offset, 2), true);
  }

  uint32(offset: number): number {
    return this.#view.getUint32(this.#check(offset, 4), true);
  }

  /** @throws files/over-limit when the value is no safe integer */
  uint64(offset: number, what: string): number {
    const value = this.uint32(offset) + this.uint32(offset + 4) * 2 ** 32;
    if (Number.isSafeInteger(value)) return value;
    throw new AppError("files/over-limit", {
      where: at(this.where, what),
      expected: "below 2^53",
      found: this.#view.getBigUint64(offset, true).toString(),
    });
  }

  /** A view of `length` bytes, sharing memory. */
  range(offset: number, length: number): Uint8Array {
    this.#check(offset, length);
    return this.bytes.subarray(offset, offset + length);
  }

  #check(offset: number, length: number): number {
    if (offset >= 0 && length >= 0 && offset + length <= this.bytes.length) return offset;
    throw new AppError("files/truncated", {
      where: this.where,
      expected: `at least ${showBytes(offset + length)}`,
      found: showBytes(this.bytes.length),
    });
  }
}
