/**
 * @file The number types of torch's storages, by the class that a pickle names. Floating-point types
 * are widened as safetensors' are; integers are handed out as they are, since not all of them fit float32.
 */
import { known } from "../../core/index.ts";
import { toFloat32 } from "../safetensors/dtypes.ts";

/** Elements as stored, or in a type that holds each of them exactly. */
type Elements = Int8Array | Uint8Array | Int16Array | Int32Array | Float64Array;

interface FloatDtype {
  readonly kind: "float";
  readonly name: string;
  readonly bytes: number;
  /** Copies. */
  readonly read: (bytes: Uint8Array) => Float32Array;
}

interface IntegerDtype {
  readonly kind: "integer";
  readonly name: string;
  readonly bytes: number;
  /** Copies. */
  readonly read: (bytes: Uint8Array) => Elements;
}

export type Dtype = FloatDtype | IntegerDtype;

const float = (name: string, bytes: number, code: string): FloatDtype => ({
  kind: "float",
  name,
  bytes,
  read: (raw) => known(toFloat32(raw, code), code),
});

const integer = (name: string, bytes: number, view: (raw: ArrayBuffer) => Elements): Dtype => ({
  kind: "integer",
  name,
  bytes,
  // A copy is aligned.
  read: (raw) => view(Uint8Array.from(raw).buffer),
});

const BYTE = integer("uint8", 1, (raw) => new Uint8Array(raw));

/** Every storage class that Espalier reads. */
export const STORAGE_DTYPES: ReadonlyMap<string, Dtype> = new Map([
  ["torch.FloatStorage", float("float32", 4, "F32")],
  ["torch.HalfStorage", float("float16", 2, "F16")],
  ["torch.BFloat16Storage", float("bfloat16", 2, "BF16")],
  ["torch.DoubleStorage", float("float64", 8, "F64")],
  [
    "torch.LongStorage",
    // Beyond 2^53 it is rounded, and then refused for being beyond 2^24.
    integer("int64", 8, (raw) => Float64Array.from(new BigInt64Array(raw), Number)),
  ],
  ["torch.IntStorage", integer("int32", 4, (raw) => new Int32Array(raw))],
  ["torch.ShortStorage", integer("int16", 2, (raw) => new Int16Array(raw))],
  ["torch.CharStorage", integer("int8", 1, (raw) => new Int8Array(raw))],
  ["torch.ByteStorage", BYTE],
  ["torch.BoolStorage", { ...BYTE, name: "bool" }],
  ["torch.UntypedStorage", BYTE],
  ["torch.storage.UntypedStorage", BYTE],
]);
