/**
 * @file TensorProto → numbers. Sizes are checked against the bytes that are there before anything is
 * allocated; data in another file is taken only from a file that was dropped too, and never asked
 * for by a path that leads elsewhere.
 */
import { AppError, showShape } from "../../core/index.ts";
import { at, showBytes } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { toFloat32 } from "../safetensors/dtypes.ts";
import { isBeside, type Outside } from "./outside.ts";
import { decodeVarints, saturate } from "./protobuf.ts";
import { DATA_TYPES, type TensorProto } from "./schema.ts";
import type { Floats, Integers } from "./values.ts";

/** How `toFloat32` calls their floating-point types. */
const FLOATS: ReadonlyMap<string, { readonly dtype: string; readonly bytes: number }> = new Map([
  ["float32", { dtype: "F32", bytes: 4 }],
  ["float64", { dtype: "F64", bytes: 8 }],
  ["float16", { dtype: "F16", bytes: 2 }],
  ["bfloat16", { dtype: "BF16", bytes: 2 }],
]);
const INTEGER_BYTES: ReadonlyMap<string, number> = new Map([
  ["int32", 4],
  ["int64", 8],
]);

/** A tensor's type in words. */
export function typeName(dataType: number): string {
  return DATA_TYPES[dataType] ?? `type ${dataType}`;
}

/**
 * Reads a constant.
 * @throws files/shape-mismatch, files/over-limit, files/bad-field, files/dtype-unsupported,
 *   files/unsupported, files/missing-part, files/truncated
 */
export function readTensor(
  tensor: TensorProto,
  where: string,
  outside: Outside | undefined,
): Floats | Integers {
  const { name, dims, dataType } = tensor;
  const type = typeName(dataType);
  const count = countOf(dims, where);
  const float = FLOATS.get(type);
  if (float !== undefined) {
    const bytes = floatBytes(tensor, count, float.bytes, where, outside);
    const values = toFloat32(bytes, float.dtype);
    if (values !== undefined) return { kind: "floats", name, dims, values };
  }
  const size = INTEGER_BYTES.get(type);
  if (size === undefined) {
    throw new AppError("files/dtype-unsupported", { where, expected: "float32", found: type });
  }
  return { kind: "integers", dims, entries: integers(tensor, count, size, where, outside) };
}

/** The product of the sizes, without leaving the exact numbers. */
function countOf(dims: readonly number[], where: string): number {
  let count = 1;
  for (const dim of dims) {
    if (dim < 0) {
      throw new AppError("files/bad-field", {
        where: at(where, "dims"),
        expected: "sizes from 0",
        found: showShape(dims),
      });
    }
    count *= dim;
    if (count > LIMITS.elements || dim > LIMITS.elements) {
      throw new AppError("files/over-limit", {
        where: at(where, "dims"),
        expected: `at most ${LIMITS.elements} values`,
        found: showShape(dims),
      });
    }
  }
  return count;
}

function floatBytes(
  tensor: TensorProto,
  count: number,
  size: number,
  where: string,
  outside: Outside | undefined,
): Uint8Array {
  const { payload, dims, dataType } = tensor;
  const natural = { 2: "varint", 4: "float", 8: "double" }[size];
  if (payload.kind === "varint" && natural === "varint") {
    const halves = decodeVarints(payload.bytes, where);
    expectCount(halves.length, count, tensor, where);
    return new Uint8Array(Uint16Array.from(halves).buffer);
  }
  const bytes = bytesOf(tensor, natural, where, outside);
  if (bytes.length === count * size) return bytes;
  throw new AppError("files/shape-mismatch", {
    where,
    expected: `${showBytes(count * size)} for ${showShape(dims)} ${typeName(dataType)}`,
    found: showBytes(bytes.length),
  });
}

function integers(
  tensor: TensorProto,
  count: number,
  size: number,
  where: string,
  outside: Outside | undefined,
): number[] {
  if (tensor.payload.kind === "varint") {
    const values = decodeVarints(tensor.payload.bytes, where);
    expectCount(values.length, count, tensor, where);
    return values;
  }
  const bytes = bytesOf(tensor, "varint", where, outside);
  expectCount(bytes.length / size, count, tensor, where);
  const { buffer } = bytes.slice();
  return size === 4
    ? Array.from(new Int32Array(buffer))
    : Array.from(new BigInt64Array(buffer), saturate);
}

function expectCount(found: number, count: number, { dims }: TensorProto, where: string): void {
  if (found === count) return;
  throw new AppError("files/shape-mismatch", {
    where,
    expected: `${count} values for ${showShape(dims)}`,
    found: String(found),
  });
}

/** The payload's bytes where it may be raw, external, or the list that goes with its type. */
function bytesOf(
  { payload }: TensorProto,
  list: string | undefined,
  where: string,
  outside: Outside | undefined,
): Uint8Array {
  if (payload.kind === "external") return externalBytes(payload.entries, where, outside);
  if (payload.kind === "raw" || payload.kind === list || payload.bytes.length === 0) {
    return payload.bytes;
  }
  throw new AppError("files/bad-field", {
    where,
    expected: "numbers of the tensor's own type",
    found: `a list of another type (${payload.kind})`,
  });
}

function externalBytes(
  entries: ReadonlyMap<string, string>,
  where: string,
  outside: Outside | undefined,
): Uint8Array {
  const path = entries.get("location") ?? "";
  const place = at(where, "external_data");
  if (!isBeside(path)) {
    throw new AppError("files/unsupported", {
      where: place,
      expected: "a file beside the model",
      found: path === "" ? "no location" : path,
      hint: "save the model as one file",
    });
  }
  const file = outside?.file(path);
  if (file === undefined) {
    throw new AppError("files/missing-part", {
      where: place,
      expected: path,
      found: "no such file",
      hint: "drop the model together with its data, or save it as one file",
    });
  }
  const offset = position(entries.get("offset") ?? "0", at(place, "offset"));
  const rest = String(Math.max(0, file.length - offset));
  const length = position(entries.get("length") ?? rest, at(place, "length"));
  if (offset + length > file.length) {
    throw new AppError("files/truncated", {
      where: at(place, path),
      expected: `at least ${showBytes(offset + length)}`,
      found: showBytes(file.length),
    });
  }
  outside?.spend(length, place);
  return file.subarray(offset, offset + length);
}

function position(text: string, where: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new AppError("files/bad-field", { where, expected: "a number of bytes", found: text });
}
