/**
 * @file The safetensors header: eight bytes of length, then a JSON object of names. Every rule of
 * the format's own library is checked before one tensor is touched: the header is capped and begins
 * with `{`, spans follow one another from 0 to the end without hole or overlap, and each span is
 * exactly shape × dtype.
 */
import * as v from "valibot";
import { AppError, showShape } from "../../core/index.ts";
import { at, ByteReader, showBytes } from "../bytes.ts";
import { checkJson, parseJson } from "../json.ts";
import { LIMITS } from "../limits.ts";

/** Bytes of one element, for every dtype of the format whose elements are whole bytes. */
const DTYPE_BYTES: ReadonlyMap<string, number> = new Map([
  ["F64", 8],
  ["F32", 4],
  ["F16", 2],
  ["BF16", 2],
  ["I64", 8],
  ["I32", 4],
  ["I16", 2],
  ["I8", 1],
  ["U64", 8],
  ["U32", 4],
  ["U16", 2],
  ["U8", 1],
  ["BOOL", 1],
  ["F8_E4M3", 1],
  ["F8_E5M2", 1],
]);

/** One tensor's place; `begin` and `end` count from the start of the file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** Free text by name; empty when the file has none. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: readonly TensorEntry[];
}

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.strictObject({
  dtype: v.string(),
  shape: v.pipe(v.array(size), v.maxLength(LIMITS.rank)),
  data_offsets: v.strictTuple([size, size]),
});
const objectSchema = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

/**
 * Reads and checks the header.
 * @param bytes — the whole file
 * @throws files/truncated, files/trailing-bytes, files/over-limit, files/bad-json, files/bad-field,
 *   files/duplicate-name, files/dtype-unsupported, files/shape-mismatch, files/overlap,
 *   files/out-of-range
 */
export function readHeader(bytes: Uint8Array, where: string): SafetensorsHeader {
  const reader = new ByteReader(bytes, where);
  const length = reader.uint64(0, "header length");
  if (length > LIMITS.safetensorsHeaderBytes) {
    throw new AppError("files/over-limit", {
      where: at(where, "header length"),
      expected: `at most ${showBytes(LIMITS.safetensorsHeaderBytes)}`,
      found: showBytes(length),
    });
  }
  const text = reader.range(8, length);
  if (text[0] !== 0x7b) {
    throw new AppError("files/bad-json", {
      where: at(where, "header"),
      expected: "an opening brace",
      found: "something else",
    });
  }
  const json = checkJson(objectSchema, parseJson(text, at(where, "header")), at(where, "header"));
  const entries = Object.entries(json).filter(([name]) => name !== "__metadata__");
  if (entries.length > LIMITS.tensors) {
    throw new AppError("files/over-limit", {
      where,
      expected: `at most ${LIMITS.tensors} tensors`,
      found: String(entries.length),
    });
  }
  const start = 8 + length;
  const tensors = entries.map(([name, entry]) => readEntry(name, entry, start, where));
  checkSpans(tensors, start, bytes.length, where);
  const own = Object.getOwnPropertyDescriptor(json, "__metadata__");
  return { metadata: readText(own?.value, at(where, "header", "__metadata__")), tensors };
}

function readText(json: unknown, where: string): ReadonlyMap<string, string> {
  if (json === undefined) return new Map();
  const entries = Object.entries(checkJson(objectSchema, json, where));
  return new Map(
    entries.map(([key, value]) => [key, checkJson(v.string(), value, at(where, key))]),
  );
}

function readEntry(name: string, json: unknown, start: number, file: string): TensorEntry {
  const where = at(file, name);
  if (name.length > LIMITS.nameLength) {
    throw new AppError("files/over-limit", {
      where: file,
      expected: `names of at most ${LIMITS.nameLength} characters`,
      found: `${name.length} characters`,
    });
  }
  const { dtype, shape, data_offsets: offsets } = checkJson(entrySchema, json, where);
  const bytesPerElement = DTYPE_BYTES.get(dtype);
  if (bytesPerElement === undefined) {
    throw new AppError("files/dtype-unsupported", { where, expected: "F32", found: dtype });
  }
  const [begin, end] = offsets;
  const span = shape.reduce((product, n) => product * n, bytesPerElement);
  // An axis of 0 after a product beyond 2^53 would be exact again, so each step would have to be
  // checked; but such a product never equals a span of safe integers unless it is right.
  if (begin > end || span !== end - begin) {
    throw new AppError("files/shape-mismatch", {
      where,
      expected: `${showBytes(span)} for ${showShape(shape)} ${dtype}`,
      found: begin > end ? `a span from ${begin} to ${end}` : showBytes(end - begin),
    });
  }
  return { name, dtype, shape, begin: start + begin, end: start + end };
}

function checkSpans(
  tensors: readonly TensorEntry[],
  start: number,
  fileSize: number,
  file: string,
): void {
  let free = start;
  for (const { name, begin, end } of tensors.toSorted(
    (a, b) => a.begin - b.begin || a.end - b.end,
  )) {
    const where = at(file, name);
    if (begin < free) throw new AppError("files/overlap", { where });
    if (begin > free) {
      throw new AppError("files/out-of-range", {
        where,
        expected: `data from byte ${free}`,
        found: `from byte ${begin}, leaving a hole`,
      });
    }
    free = end;
  }
  if (free === fileSize) return;
  const code = free > fileSize ? "files/truncated" : "files/trailing-bytes";
  throw new AppError(code, {
    where: file,
    expected: showBytes(free),
    found: showBytes(fileSize),
  });
}
