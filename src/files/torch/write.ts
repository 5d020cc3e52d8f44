/**
 * @file StateDict → a checkpoint that `torch.load` opens, with `weights_only` too, as an OrderedDict of
 * tensors. The pickle is a template of six opcodes' worth per tensor and needs no memo. Storages are float32,
 * counters int64, each on a multiple of 64 bytes as torch has them, so that it can map the file.
 */
import { type ZipOptions, zipSync } from "fflate";
import { invariant, sizeOf } from "../../core/index.ts";
import type { NamedBytes } from "../containers/zip-write.ts";
import type { StateDict, TorchTensor } from "./state-dict.ts";

/** torch names the folder after the file; any name will do, and this one it gives to streams. */
const FOLDER = "archive";
const FORMAT_VERSION = "3\n";
const ALIGNMENT = 64;
/** Bytes of a zip's local header before name and padding, and of the padding's own header. */
const [LOCAL_HEADER, EXTRA_HEADER] = [30, 4];
/** The field in which torch puts its padding: "FB". */
const PADDING_FIELD = 0x4246;
// Zip stores local time without a zone; made of local parts, this is the same bytes everywhere.
const FIXED_DATE = new Date(1980, 0, 1, 12);

/**
 * Writes tensors in their order. Equal tensors give equal bytes.
 * @param tensors — borrowed; those of dtype int64, or named `num_batches_tracked`, hold whole numbers
 */
export function writeTorch(tensors: StateDict, name: string): NamedBytes {
  const text = new TextEncoder();
  const storages = [...tensors].map(
    ([tensor, { values, dtype }], i) =>
      [`data/${i}`, isCounter(tensor, dtype) ? int64Bytes(values) : float32Bytes(values)] as const,
  );
  const files: readonly (readonly [string, Uint8Array])[] = [
    ["data.pkl", pickle(tensors)],
    ["byteorder", text.encode("little")],
    ...storages,
    ["version", text.encode(FORMAT_VERSION)],
  ];
  return { name, bytes: zipAligned(files.map(([path, bytes]) => [`${FOLDER}/${path}`, bytes])) };
}

function isCounter(name: string, dtype: string): boolean {
  return dtype === "int64" || /(?:^|\.)num_batches_tracked$/.test(name);
}

function float32Bytes({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function int64Bytes(values: Float32Array): Uint8Array {
  return new Uint8Array(BigInt64Array.from([...values].map(BigInt)).buffer);
}

/** Stored entries, each beginning on a multiple of {@link ALIGNMENT}. */
function zipAligned(files: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  let offset = 0;
  const entries = files.map(([path, bytes]): [string, [Uint8Array, ZipOptions]] => {
    const start = offset + LOCAL_HEADER + path.length + EXTRA_HEADER;
    const padding = new Uint8Array((ALIGNMENT - (start % ALIGNMENT)) % ALIGNMENT);
    offset = start + padding.length + bytes.length;
    return [path, [bytes, { extra: { [PADDING_FIELD]: padding } }]];
  });
  return zipSync(Object.fromEntries(entries), { level: 0, mtime: FIXED_DATE });
}

/**
 * Protocol 2: `OrderedDict()` filled with `name: _rebuild_tensor_v2(storage, 0, shape, strides, False,
 * OrderedDict())`, where the storage is `("storage", class, key, "cpu", count)` by persistent id.
 */
function pickle(tensors: StateDict): Uint8Array {
  const emptyDict = [...global("collections", "OrderedDict"), ...codes(")R")];
  const parts: number[] = [0x80, 2, ...emptyDict, ...codes("(")];
  let key = 0;
  for (const [name, { shape, values, dtype }] of tensors) {
    invariant(sizeOf(shape) === values.length, `${name} has the values of another shape`);
    const storage = isCounter(name, dtype) ? "LongStorage" : "FloatStorage";
    parts.push(
      ...unicode(name),
      ...global("torch._utils", "_rebuild_tensor_v2"),
      ...codes("(("),
      ...unicode("storage"),
      ...global("torch", storage),
      ...unicode(String(key++)),
      ...unicode("cpu"),
      ...integer(values.length),
      ...codes("tQ"),
      ...integer(0),
      ...tuple(shape),
      ...tuple(stridesOf(shape)),
      0x89,
      ...emptyDict,
      ...codes("tR"),
    );
  }
  parts.push(...codes("u."));
  return Uint8Array.from(parts);
}

/** Elements from one index of an axis to the next, row-major. */
function stridesOf(shape: TorchTensor["shape"]): readonly number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

function codes(text: string): readonly number[] {
  return Array.from(text, (c) => c.charCodeAt(0));
}

function global(module: string, name: string): readonly number[] {
  return codes(`c${module}\n${name}\n`);
}

function unicode(text: string): readonly number[] {
  const bytes = new TextEncoder().encode(text);
  return [...codes("X"), ...uint32(bytes.length), ...bytes];
}

/** BININT, which is signed; sizes end below 2^31. */
function integer(value: number): readonly number[] {
  invariant(value < 2 ** 31, "a tensor must have fewer than 2^31 values");
  return [...codes("J"), ...uint32(value)];
}

function uint32(value: number): readonly number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
}

function tuple(items: readonly number[]): readonly number[] {
  return [...codes("("), ...items.flatMap((item) => [...integer(item)]), ...codes("t")];
}
