/**
 * @file Damage to protocol buffers field by field, at any depth, with the lengths around it put right; and
 * lengths that lie. Whether bytes are a message is guessed: they are when they can be read as one.
 */
import type { Random } from "../../../src/core/index.ts";
import { join } from "../../../src/files/testing/samples.ts";
import { EDGES, type Mutator, NAMES, pick } from "../mutator.ts";

const [VARINT, FIXED64, DELIMITED, FIXED32] = [0, 1, 2, 5];

interface Field {
  number: number;
  wire: number;
  /** Without key and length. */
  payload: Uint8Array;
  /** The fields inside, when it is a message. */
  message: Field[] | undefined;
  /** Set where the length is to lie. */
  length: number | undefined;
}

export const mutateProtobuf: Mutator = (bytes, random) => {
  const root = parse(bytes, 0);
  if (root === undefined) return bytes;
  const lists = listsIn(root);
  const list = pick(lists, random);
  const at = random.integer(list.length);
  const field = list[at] as Field;
  switch (random.integer(8)) {
    case 0:
      list.splice(at, 1);
      break;
    case 1:
      list.splice(at, 0, field);
      break;
    case 2: {
      const other = random.integer(list.length);
      [list[at], list[other]] = [list[other] as Field, field];
      break;
    }
    case 3: {
      // Into another message, which may be one of its own.
      const from = pick(lists, random);
      list.splice(at, 0, { ...pick(from, random), message: undefined });
      break;
    }
    case 4:
      field.number = pick([field.number + 1, Math.max(1, field.number - 1), 15, 2 ** 28], random);
      break;
    case 5:
      field.length = pick(EDGES, random);
      break;
    default:
      changeValue(field, random);
  }
  return encode(root);
};

function changeValue(field: Field, random: Random): void {
  field.message = undefined;
  if (field.wire === VARINT) {
    field.payload = varint(pick(EDGES, random));
  } else if (field.wire === DELIMITED && field.payload.length < 40 && random.integer(2) === 0) {
    field.payload = new TextEncoder().encode(pick(NAMES, random));
  } else if (field.payload.length > 0) {
    const changed = field.payload.slice();
    changed[random.integer(changed.length)] = random.integer(256);
    field.payload = random.integer(4) === 0 ? changed.subarray(random.integer(9)) : changed;
  }
}

/** Every list of fields that has one. */
function listsIn(root: Field[]): Field[][] {
  const inner = root.flatMap(({ message }) => (message === undefined ? [] : listsIn(message)));
  return root.length === 0 ? inner : [root, ...inner];
}

/** Nothing for bytes that are no message; weights are hardly ever taken for one. */
function parse(bytes: Uint8Array, depth: number): Field[] | undefined {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const key = readVarint(bytes, at);
    if (key === undefined || key.value < 8) return undefined;
    const wire = key.value & 7;
    let [start, length] = [key.end, 0];
    if (wire === VARINT) length = (readVarint(bytes, start)?.end ?? Infinity) - start;
    else if (wire === FIXED64) length = 8;
    else if (wire === FIXED32) length = 4;
    else if (wire === DELIMITED) {
      const size = readVarint(bytes, start);
      [start, length] = [size?.end ?? start, size?.value ?? Infinity];
    } else return undefined;
    if (start + length > bytes.length) return undefined;
    const payload = bytes.subarray(start, start + length);
    const isMessage = wire === DELIMITED && length > 1 && depth < 8;
    const message = isMessage ? parse(payload, depth + 1) : undefined;
    fields.push({ number: Math.floor(key.value / 8), wire, payload, message, length: undefined });
    at = start + length;
  }
  return fields;
}

function encode(fields: readonly Field[]): Uint8Array {
  return join(
    ...fields.flatMap(({ number, wire, payload, message, length }) => {
      const content = message === undefined ? payload : encode(message);
      const key = varint(number * 8 + wire);
      return wire === DELIMITED ? [key, varint(length ?? content.length), content] : [key, content];
    }),
  );
}

function readVarint(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return undefined;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}
