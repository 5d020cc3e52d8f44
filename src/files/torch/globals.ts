/**
 * @file The allow-list: every name that a pickle may mention, and what a call of it amounts to. Nothing
 * is run; each entry makes a description out of arguments that it checks. Any other name is
 * refused where it stands, so there is no second, laxer way.
 */
import { AppError } from "../../core/index.ts";
import { at, showCount } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { STORAGE_DTYPES } from "./dtypes.ts";
import { narrow } from "./pickle-reader.ts";
import {
  describe,
  type Global,
  isKind,
  type PickleDict,
  type PickleValue,
  type StorageRef,
  type TensorRef,
} from "./pickle-values.ts";

/** What an entry of the list may ask of the machine that calls it. */
export interface Caller {
  /** Where the call stands. */
  readonly place: () => string;
  /** An empty dictionary, counted. */
  readonly makeDict: () => PickleDict;
  /** Sets an entry, counted, every key once. */
  readonly setItem: (dict: PickleDict, key: PickleValue, value: PickleValue) => void;
}

type Call = (args: readonly PickleValue[], caller: Caller) => PickleValue;

const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ["collections.OrderedDict", orderedDict],
  // Of a scheduler with milestones: its argument is the dictionary that it holds.
  ["collections.Counter", ([dict], caller) => takeDict(dict, caller)],
  ["torch._utils._rebuild_tensor", rebuildTensor],
  ["torch._utils._rebuild_tensor_v2", rebuildTensor],
  ["torch._utils._rebuild_parameter", ([tensor], caller) => takeTensor(tensor, caller)],
  ["torch.Size", ([sizes], caller) => takeTuple(sizes, caller)],
  ["torch.device", device],
  ["numpy.dtype", ([code], caller) => ({ kind: "dtype", code: takeText(code, caller) })],
  ["numpy.core.multiarray.scalar", numpyScalar],
  ["numpy._core.multiarray.scalar", numpyScalar],
  ["_codecs.encode", encodeLatin1],
]);

/** Tensors of other sorts: no attack, but nothing that a network here could use. */
const OTHER_TENSORS: ReadonlyMap<string, string> = new Map([
  ["torch._utils._rebuild_qtensor", "a quantized tensor"],
  ["torch._utils._rebuild_sparse_tensor", "a sparse tensor"],
  ["torch._utils._rebuild_sparse_csr_tensor", "a sparse tensor"],
  ["torch._utils._rebuild_meta_tensor_no_storage", "a tensor without values"],
]);
const OTHER_STORAGE = /^torch\.(?:Complex|Q)\w{1,20}Storage$/;

/**
 * Looks a name up.
 * @returns nothing when the name is on no list
 * @throws files/unsupported, files/dtype-unsupported for torch's own that are not read
 */
export function findGlobal(name: string, where: () => string): Global | undefined {
  if (CALLS.has(name) || STORAGE_DTYPES.has(name)) return { kind: "global", name };
  const other = OTHER_TENSORS.get(name);
  if (other !== undefined) {
    throw new AppError("files/unsupported", {
      where: where(),
      expected: "dense tensors of floating-point numbers",
      found: other,
      hint: "save the network's float32 state_dict",
    });
  }
  if (OTHER_STORAGE.test(name)) {
    throw new AppError("files/dtype-unsupported", { where: where(), found: name });
  }
  return undefined;
}

/**
 * What a call of a name amounts to.
 * @throws files/forbidden when the name is no function, files/bad-field for bad arguments
 */
export function callGlobal({ name }: Global, args: readonly PickleValue[], caller: Caller) {
  const call = CALLS.get(name);
  if (call === undefined) throw forbidden(name, caller.place());
  return call(args, caller);
}

/** The refusal of what is not on the list. */
export function forbidden(found: string, where: string, hint?: string): AppError {
  return new AppError("files/forbidden", { where, found, ...(hint === undefined ? {} : { hint }) });
}

/**
 * A storage out of torch's persistent id:
 * `("storage", class, key, device, count)`, before torch 1.6 with a view `(key, offset, length)` or None.
 */
export function storageOf(id: PickleValue, where: () => string): StorageRef {
  const items = isKind(id, "tuple") ? id.items : [];
  const [tag, type, key, , count, view = null] = items;
  const dtype = isKind(type, "global") ? STORAGE_DTYPES.get(type.name) : undefined;
  if (tag !== "storage" || dtype === undefined || typeof key !== "string" || !isCount(count)) {
    throw badArguments("a storage with its class, key and size", items, where);
  }
  const [, begin = 0, length = count] = isKind(view, "tuple") ? view.items : [];
  if (!isCount(begin) || !isCount(length) || begin + length > count) {
    throw badArguments(`a part of a storage of ${showCount(count)}`, [begin, length], where);
  }
  return { kind: "storage", key, dtype, count, begin, length };
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function badArguments(
  expected: string,
  found: readonly (PickleValue | undefined)[],
  where: () => string,
): AppError {
  return new AppError("files/bad-field", {
    where: where(),
    expected,
    found: found.length === 0 ? "something else" : found.slice(0, 6).map(describe).join(", "),
    hint: "save the checkpoint again, as a state_dict",
  });
}

function takeDict(value: PickleValue | undefined, { place }: Caller): PickleDict {
  if (isKind(value, "dict")) return value;
  throw badArguments("a dictionary", [value], place);
}

function takeTensor(value: PickleValue | undefined, { place }: Caller): TensorRef {
  if (isKind(value, "tensor")) return value;
  throw badArguments("a tensor", [value], place);
}

function takeTuple(value: PickleValue | undefined, { place }: Caller): PickleValue {
  if (isKind(value, "tuple")) return value;
  throw badArguments("a tuple", [value], place);
}

function takeText(value: PickleValue | undefined, { place }: Caller): string {
  if (typeof value === "string") return value;
  throw badArguments("a text", [value], place);
}

/** Python 3 fills an empty one by and by; Python 2 gives all entries at once, as `[[key, value], …]`. */
function orderedDict(args: readonly PickleValue[], caller: Caller): PickleValue {
  const dict = caller.makeDict();
  const [pairs] = args;
  if (pairs === undefined) return dict;
  if (!isKind(pairs, "list")) throw badArguments("a list of pairs", args, caller.place);
  for (const pair of pairs.items) {
    const [key, value, ...rest] = isKind(pair, "list") || isKind(pair, "tuple") ? pair.items : [];
    if (key === undefined || value === undefined || rest.length > 0) {
      throw badArguments("a list of pairs", [pair], caller.place);
    }
    caller.setItem(dict, key, value);
  }
  return dict;
}

/** `(storage, offset, sizes, strides)`, then gradients and hooks, which do not matter here. */
function rebuildTensor(args: readonly PickleValue[], { place }: Caller): TensorRef {
  const [storage, offset, sizes, strides] = args;
  if (!isKind(storage, "storage") || !Number.isSafeInteger(offset)) {
    throw badArguments("a storage and an offset", [storage, offset], place);
  }
  const shape = takeIntegers(sizes, place);
  const steps = takeIntegers(strides, place);
  if (shape.length !== steps.length) {
    throw badArguments("a stride for each axis", [sizes, strides], place);
  }
  return { kind: "tensor", storage, offset: offset as number, shape, strides: steps };
}

function takeIntegers(value: PickleValue | undefined, place: () => string): readonly number[] {
  if (!isKind(value, "tuple")) throw badArguments("a tuple of whole numbers", [value], place);
  if (value.items.length > LIMITS.rank) {
    throw new AppError("files/over-limit", {
      where: place(),
      expected: `tensors of at most ${LIMITS.rank} axes`,
      found: showCount(value.items.length),
      hint: "save the network's weights only",
    });
  }
  const bad = value.items.find((item) => !Number.isSafeInteger(item));
  if (bad === undefined) return value.items as readonly number[];
  throw badArguments("a tuple of whole numbers", [bad], place);
}

/** `torch.device("cuda", 0)` is the text `cuda:0`. */
function device(args: readonly PickleValue[], caller: Caller): string {
  const [type, index] = args;
  const name = takeText(type, caller);
  return typeof index === "number" ? `${name}:${index}` : name;
}

/** Before protocol 3, Python writes bytes as the encoding of a text; here only those of one number. */
const SCALAR_BYTES = 16;

function encodeLatin1(args: readonly PickleValue[], caller: Caller): Uint8Array {
  const [text, encoding] = args;
  if (typeof text !== "string" || text.length > SCALAR_BYTES || encoding !== "latin1") {
    throw badArguments("the bytes of one number", [text, encoding], caller.place);
  }
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

const SCALARS: ReadonlyMap<string, (view: DataView) => PickleValue> = new Map<
  string,
  (view: DataView) => PickleValue
>([
  ["f8", (view) => view.getFloat64(0, true)],
  ["f4", (view) => view.getFloat32(0, true)],
  ["i8", (view) => narrow(view.getBigInt64(0, true))],
  ["i4", (view) => view.getInt32(0, true)],
  ["u1", (view) => view.getUint8(0)],
  ["b1", (view) => view.getUint8(0) !== 0],
]);

function numpyScalar(args: readonly PickleValue[], caller: Caller): PickleValue {
  const [dtype, packed] = args;
  const code = isKind(dtype, "dtype") ? dtype.code : "";
  const read = SCALARS.get(code);
  // Python 2 has one type for text and bytes.
  const bytes = typeof packed === "string" ? encodeLatin1([packed, "latin1"], caller) : packed;
  if (read === undefined || !(bytes instanceof Uint8Array) || bytes.length !== Number(code[1])) {
    throw badArguments("a number of numpy", [dtype, packed], caller.place);
  }
  return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
}

/**
 * What `__setstate__` would do, which is nothing: a state_dict's `_metadata` and a dtype's byte order are
 * looked at and left.
 * @throws files/forbidden for any other object
 */
export function checkState(object: PickleValue, state: PickleValue, where: () => string): void {
  if (isKind(object, "dict")) return;
  if (!isKind(object, "dtype")) throw forbidden(`__setstate__ of ${describe(object)}`, where());
  const [, order] = isKind(state, "tuple") ? state.items : [];
  if (order === ">") {
    throw new AppError("files/unsupported", {
      where: at(where(), "numpy dtype"),
      expected: "little-endian numbers",
      found: "big-endian ones",
      hint: "save the checkpoint on another machine",
    });
  }
}
