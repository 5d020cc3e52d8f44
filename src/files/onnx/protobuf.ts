/**
 * @file The wire format of protocol buffers, as far as ONNX needs it: a reader that walks the fields
 * of one message inside its bytes and goes no deeper by itself, and a writer. Groups, which nobody
 * has written for fifteen years, are refused.
 */
import { AppError } from "../../core/index.ts";
import { at, showBytes } from "../bytes.ts";

const [VARINT, FIXED64, DELIMITED, FIXED32] = [0, 1, 2, 5];
/** Seven bits a byte: 64 bits take ten bytes. */
const VARINT_BYTES = 10;

/**
 * Sets what stands outside the safe integers to the nearest of them. Whatever is that large exceeds
 * every bound here, save "to the end" in a slice, which is meant to.
 */
export function saturate(value: bigint | number): number {
  const most = Number.MAX_SAFE_INTEGER;
  return Math.max(-most, Math.min(most, Number(value)));
}

/** One field of a message; the getters check that it was written as the schema says. */
export class Field {
  /**
   * @param number — as the schema counts
   * @param where — the message, for a refusal
   * @param payload — the field's bytes without its key; for a length-delimited one without its length
   */
  constructor(
    readonly number: number,
    readonly wire: number,
    readonly payload: Uint8Array,
    readonly where: string,
  ) {}

  /** A signed integer, saturated. */
  integer(): number {
    this.#expect(VARINT);
    return decodeVarint(this.payload, 0).value;
  }

  /** A float32. */
  float(): number {
    this.#expect(FIXED32);
    return view(this.payload).getFloat32(0, true);
  }

  /** A message, text or other bytes, sharing memory with the file. */
  bytes(): Uint8Array {
    this.#expect(DELIMITED);
    return this.payload;
  }

  /** @throws files/bad-field for what is no UTF-8, files/over-limit beyond `most` characters */
  text(most: number): string {
    const bytes = this.bytes();
    const where = at(this.where, `field ${this.number}`);
    // Four bytes are the most that UTF-8 spends on a character.
    if (bytes.length > 4 * most) throw tooLong(where, most, bytes.length);
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      if (text.length > most) throw tooLong(where, most, text.length);
      return text;
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError("files/bad-field", {
        where,
        expected: "UTF-8 text",
        found: "bytes that are not",
      });
    }
  }

  /** One or, packed, many integers, saturated. */
  integers(): number[] {
    if (this.wire === VARINT) return [this.integer()];
    return decodeVarints(this.bytes(), at(this.where, `field ${this.number}`));
  }

  /** One or, packed, many little-endian numbers of that many bytes, as they lie. */
  fixed(size: 4 | 8): Uint8Array {
    if (this.wire === (size === 4 ? FIXED32 : FIXED64)) return this.payload;
    return this.bytes();
  }

  /** One or, packed, many varints, as they lie. */
  varints(): Uint8Array {
    return this.wire === VARINT ? this.payload : this.bytes();
  }

  #expect(wire: number): void {
    if (this.wire === wire) return;
    throw new AppError("files/bad-field", {
      where: at(this.where, `field ${this.number}`),
      expected: `wire type ${wire}`,
      found: `wire type ${this.wire}`,
    });
  }
}

const view = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function tooLong(where: string, most: number, found: number): AppError {
  return new AppError("files/over-limit", {
    where,
    expected: `at most ${most} characters`,
    found: String(found),
  });
}

/**
 * Walks the fields of one message, in the order in which they lie.
 * @param bytes — borrowed
 * @throws files/truncated when a length leads outside, files/bad-field for a broken key
 */
export function* readFields(bytes: Uint8Array, where: string): Generator<Field> {
  let offset = 0;
  while (offset < bytes.length) {
    const key = checkedVarint(bytes, offset, where);
    const [number, wire] = [Math.floor(key.value / 8), key.value & 7];
    if (key.value < 8 || number >= 2 ** 29) throw badKey(where, `key ${key.value}`);
    let [start, length] = [key.end, 0];
    if (wire === VARINT) length = checkedVarint(bytes, start, where).end - start;
    else if (wire === FIXED64) length = 8;
    else if (wire === FIXED32) length = 4;
    else if (wire === DELIMITED) {
      const size = checkedVarint(bytes, start, where);
      [start, length] = [size.end, size.value];
    } else throw badKey(where, `wire type ${wire}`);
    if (length < 0 || start + length > bytes.length) {
      throw new AppError("files/truncated", {
        where: at(where, `field ${number}`),
        expected: length < 0 ? "a length" : showBytes(length),
        found: length < 0 ? "a negative number" : showBytes(bytes.length - start),
      });
    }
    yield new Field(number, wire, bytes.subarray(start, start + length), where);
    offset = start + length;
  }
}

/**
 * Integers one after the other, each signed and saturated.
 * @throws files/truncated, files/bad-field
 */
export function decodeVarints(bytes: Uint8Array, where: string): number[] {
  const values: number[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const { value, end } = checkedVarint(bytes, offset, where);
    values.push(value);
    offset = end;
  }
  return values;
}

function badKey(where: string, found: string): AppError {
  return new AppError("files/bad-field", { where, expected: "the key of a field", found });
}

interface Varint {
  readonly value: number;
  readonly end: number;
}

function checkedVarint(bytes: Uint8Array, offset: number, where: string): Varint {
  for (let i = 0; i < VARINT_BYTES; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) {
      throw new AppError("files/truncated", {
        where,
        expected: "the rest of a number",
        found: "the end",
      });
    }
    if (byte < 0x80) return decodeVarint(bytes, offset);
  }
  throw new AppError("files/bad-field", {
    where,
    expected: `a number of at most ${VARINT_BYTES} bytes`,
    found: "a longer one",
  });
}

/** A varint that is known to end. Two halves of 32 bits: numbers alone are exact only to 2⁵³. */
function decodeVarint(bytes: Uint8Array, offset: number): Varint {
  let [low, high, end] = [0, 0, offset];
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[end++] as number;
    const bits = byte & 0x7f;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high |= bits >>> 4;
    } else high |= bits << (shift - 32);
    if (byte < 0x80) break;
  }
  return { value: saturate(high * 2 ** 32 + (low >>> 0)), end };
}

/**
 * Builds one message field by field. Bytes are borrowed until {@link MessageWriter.finish} copies
 * them, once, however deep the message is nested.
 */
export class MessageWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** @param value — a safe integer; negative ones take ten bytes */
  integer(field: number, value: number): this {
    return this.#key(field, VARINT).#push(encodeVarint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    view(bytes).setFloat32(0, value, true);
    return this.#key(field, FIXED32).#push(bytes);
  }

  bytes(field: number, bytes: Uint8Array): this {
    return this.#key(field, DELIMITED).#push(encodeVarint(bytes.length)).#push(bytes);
  }

  text(field: number, text: string): this {
    return this.bytes(field, new TextEncoder().encode(text));
  }

  /** Takes the other writer's bytes as they are now. */
  message(field: number, message: MessageWriter): this {
    this.#key(field, DELIMITED).#push(encodeVarint(message.#length));
    for (const chunk of message.#chunks) this.#push(chunk);
    return this;
  }

  /** The whole message, copied together. */
  finish(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return whole;
  }

  #key(field: number, wire: number): this {
    return this.#push(encodeVarint(field * 8 + wire));
  }

  #push(chunk: Uint8Array): this {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return this;
  }
}

function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}
