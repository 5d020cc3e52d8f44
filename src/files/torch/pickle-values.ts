/**
 * @file What a pickle amounts to when nothing in it is run: plain values, containers as tagged objects
 * (a list can still grow, a tuple cannot), and the few torch objects as descriptions of themselves.
 * Dictionaries are `Map`s, so that a key such as `__proto__` is a key like any other.
 */
import type { Dtype } from "./dtypes.ts";

export interface PickleList {
  readonly kind: "list";
  readonly items: PickleValue[];
}

export interface PickleTuple {
  readonly kind: "tuple";
  readonly items: readonly PickleValue[];
}

/** Keys that are objects are compared by identity; nothing ever looks them up. */
export interface PickleDict {
  readonly kind: "dict";
  readonly items: Map<PickleValue, PickleValue>;
}

/** A name out of the allow-list. It is a name: there is nothing behind it. */
export interface Global {
  readonly kind: "global";
  readonly name: string;
}

/** A storage as a pickle mentions it; its bytes stand elsewhere in the file. */
export interface StorageRef {
  readonly kind: "storage";
  readonly key: string;
  readonly dtype: Dtype;
  /** Elements of the whole storage in the file. */
  readonly count: number;
  /** The part of it that is meant, in elements; all of it in files since torch 0.4. */
  readonly begin: number;
  readonly length: number;
}

/** A tensor as a pickle describes it: a strided window into a storage, still unchecked. */
export interface TensorRef {
  readonly kind: "tensor";
  readonly storage: StorageRef;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A numpy dtype such as `f8`, as it stands before a scalar. */
export interface NumpyDtype {
  readonly kind: "dtype";
  readonly code: string;
}

export type PickleContainer = PickleList | PickleTuple | PickleDict;

/** Python's int is a bigint beyond 2^53, its bytes an Uint8Array, its sets lists. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleContainer
  | Global
  | StorageRef
  | TensorRef
  | NumpyDtype;

/** True for an object with that tag. */
export function isKind<K extends Exclude<PickleValue, Primitive>["kind"]>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { readonly kind: K }> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === kind;
}

type Primitive = null | boolean | number | bigint | string | Uint8Array;

/** A value in a few words, as messages name it. */
export function describe(value: PickleValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "None";
  if (value instanceof Uint8Array) return "bytes";
  if (typeof value === "number" && !Number.isFinite(value)) return "a number that is not finite";
  if (typeof value !== "object") return typeof value === "string" ? `"${value}"` : String(value);
  if (value.kind === "global") return value.name;
  return value.kind === "dtype" ? "a numpy dtype" : `a ${value.kind}`;
}
