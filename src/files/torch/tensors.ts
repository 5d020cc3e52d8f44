/**
 * @file Descriptions of tensors → their values. A tensor is a strided window into a storage, and
 * storages may be shared; each window is checked against its storage, and all of them together against what
 * a file of that size may hold, before the first array is made. What comes out is row-major.
 */
import { AppError, showShape } from "../../core/index.ts";
import { at, showBytes, showCount } from "../bytes.ts";
import { copiedLimit, LIMITS } from "../limits.ts";
import type { Dtype } from "./dtypes.ts";
import type { StorageRef, TensorRef } from "./pickle-values.ts";
import type { TorchTensor } from "./state-dict.ts";

/** Descriptions by name, in the file's order. */
export type TensorRefs = ReadonlyMap<string, TensorRef>;

/** The largest whole number up to which float32 holds every one. */
const EXACT = 2 ** 24;

/**
 * Checks every window and the sum of all, with nothing but the descriptions at hand.
 * @param fileBytes — of the whole checkpoint
 * @throws files/over-limit, files/out-of-range
 */
export function checkTensors(refs: TensorRefs, fileBytes: number, where: string): void {
  let total = 0;
  for (const [name, ref] of refs) total += 4 * checkWindow(ref, at(where, name));
  const most = Math.min(copiedLimit(fileBytes), LIMITS.fileBytes);
  if (total <= most) return;
  throw new AppError("files/over-limit", {
    where,
    expected: `tensors of at most ${showBytes(most)} as float32`,
    found: showBytes(total),
    hint: "save only the network's weights",
  });
}

/** @returns the number of elements */
function checkWindow({ storage, offset, shape, strides }: TensorRef, where: string): number {
  let count = 1;
  let last = offset;
  shape.forEach((size, axis) => {
    count *= size;
    last += (size - 1) * (strides[axis] as number);
  });
  if (shape.some((size) => size > LIMITS.elements) || count > LIMITS.elements) {
    throw new AppError("files/over-limit", {
      where,
      expected: `at most ${showCount(LIMITS.elements)} values`,
      found: showShape(shape),
    });
  }
  const negative = [offset, ...shape, ...strides].find((number) => number < 0);
  if (negative !== undefined) {
    throw new AppError("files/out-of-range", {
      where,
      expected: "an offset, sizes and strides from 0",
      found: String(negative),
      hint: "save the checkpoint again",
    });
  }
  if (count > 0 && last >= storage.length) {
    throw new AppError("files/out-of-range", {
      where,
      expected: `values within the ${showCount(storage.length)} of storage ${storage.key}`,
      found: `one at ${showCount(last)}`,
    });
  }
  return count;
}

/**
 * Holds a storage against the bytes that the file has for it.
 * @throws files/shape-mismatch
 */
export function checkStorage({ count, dtype }: StorageRef, bytes: number, where: string): void {
  if (count * dtype.bytes === bytes) return;
  throw new AppError("files/shape-mismatch", {
    where,
    expected: `${showBytes(count * dtype.bytes)} for ${showCount(count)} of ${dtype.name}`,
    found: showBytes(bytes),
    hint: "download it again, or save the checkpoint again",
  });
}

/**
 * Copies the values of a tensor that {@link checkTensors} has passed.
 * @param bytes — the whole storage, of the size that {@link checkStorage} has passed; borrowed
 * @throws files/over-limit for integers that float32 does not hold
 */
export function readTensor(ref: TensorRef, bytes: Uint8Array, where: string): TorchTensor {
  const { dtype } = ref.storage;
  return { shape: ref.shape, values: widen(window(ref, bytes), dtype, where), dtype: dtype.name };
}

/** The bytes of the tensor's values, row-major; a view of the storage where it already is so. */
function window({ storage, offset, shape, strides }: TensorRef, bytes: Uint8Array): Uint8Array {
  const size = storage.dtype.bytes;
  const count = shape.reduce((product, length) => product * length, 1);
  const begin = (storage.begin + offset) * size;
  if (count === 0) return new Uint8Array();
  if (isContiguous(shape, strides)) return bytes.subarray(begin, begin + count * size);
  const packed = new Uint8Array(count * size);
  const index = shape.map(() => 0);
  let from = begin;
  for (let to = 0; to < packed.length; to += size) {
    for (let i = 0; i < size; i++) packed[to + i] = bytes[from + i] as number;
    // Counts up like a mileage counter: the last axis first, what runs over goes back to 0.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const step = (strides[axis] as number) * size;
      from += step;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      from -= step * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return packed;
}

/** The stride of an axis of size 1 says nothing. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    if (size !== 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

function widen(bytes: Uint8Array, dtype: Dtype, where: string): Float32Array {
  if (dtype.kind === "float") return dtype.read(bytes);
  const values = dtype.read(bytes);
  const tooLarge = values.find((value) => Math.abs(value) > EXACT);
  if (tooLarge === undefined) return Float32Array.from(values);
  throw new AppError("files/over-limit", {
    where,
    expected: `whole numbers up to ${showCount(EXACT)}, which float32 holds`,
    found: `${tooLarge} (${dtype.name})`,
    hint: "save only the network's weights",
  });
}
