/**
 * @file Ops that move values without computing: Transpose, Flatten, Reshape, Squeeze, Unsqueeze. Most
 * of them only change how the file sees an activation; what is left is our flatten.
 */
import { AppError, showShape, sizeOf } from "../../../core/index.ts";
import { at } from "../../bytes.ts";
import type { Call } from "../call.ts";
import { permute, permuteShape } from "../permute.ts";
import {
  type Activation,
  type Axis,
  dimsOf,
  extent,
  featuresOf,
  flattenOrder,
  lettersOf,
  showAxes,
  type Value,
} from "../values.ts";
import { reshapeIntegers } from "./shape-arithmetic.ts";

const VECTOR: readonly Axis[] = ["n", "c"];

/** Transpose: of a constant its values, of an activation only the order of its axes. */
export function readTranspose(call: Call): Value {
  const value = call.value(0);
  if (value.kind === "integers") return call.activation(0);
  const rank = value.kind === "floats" ? value.dims.length : value.axes.length;
  const perm = call.ints("perm") ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  if (perm.toSorted((a, b) => a - b).join() !== Array.from({ length: rank }, (_, i) => i).join()) {
    throw new AppError("files/bad-field", {
      where: at(call.where, "perm"),
      expected: `each of ${rank} axes once`,
      found: showShape(perm),
    });
  }
  if (value.kind === "floats") {
    const { name, dims, values } = value;
    call.spendValues(values.length);
    const turned = permute(values, dims, perm);
    return { kind: "floats", name, dims: permuteShape(dims, perm), values: turned };
  }
  const activation = call.activation(0);
  const axes = perm.map((axis) => activation.axes[axis] as Axis);
  if (axes[0] === "n") return { ...activation, axes };
  throw call.refusal("perm", { expected: "the batch first", found: showShape(perm) });
}

/** Flatten of all that one example has. */
export function readFlatten(call: Call): Value {
  const input = call.activation(0);
  const { index } = call.axis(call.int("axis", 1), input);
  if (index === 1) return flatten(call, input);
  throw call.refusal("axis", { expected: "1", found: String(index) });
}

function flatten(call: Call, input: Activation): Activation {
  if (lettersOf(input) === "c") return { ...input, axes: VECTOR };
  const feature = flattenOrder(input);
  const flat = call.add({ kind: "flatten" }, [input], VECTOR);
  return feature === undefined ? flat : { ...flat, feature };
}

/** Reshape to what it is already, to a vector, or by axes of size 1. */
export function readReshape(call: Call): Value {
  const value = call.value(0);
  const { entries } = call.entries(1);
  if (value.kind !== "activation") return reshapeConstant(call, value, call.integers(1));
  const input = call.activation(0);
  const theirs = dimsOf(input);
  const allowZero = call.int("allowzero", 0) !== 0;
  const wanted = entries.map((entry, i) => (entry === 0 && !allowZero ? theirs[i] : entry));
  const [first, ...rest] = wanted;
  const sizes = complete(rest, first === -1 ? undefined : featuresOf(input));
  const batchFirst = first === "batch" || first === -1 || first === call.around.batch;
  if (sizes !== undefined && batchFirst && sizeOf(sizes) === featuresOf(input)) {
    if (sizes.join() === theirs.slice(1).join()) return input;
    if (sizes.length === 1) return flatten(call, input);
    const vector = lettersOf(input) === "c";
    if (vector && sizes.filter((size) => size !== 1).length <= 1) return withOnes(input, sizes);
  }
  throw call.refusal(call.input(1), {
    expected: `[batch,${featuresOf(input)}]`,
    found: `${showAxes(entries)} of ${showAxes(theirs)}`,
  });
}

/**
 * Sizes with the one that is −1 worked out.
 * @param total — what all make together; nothing when that is not known, so that none may be −1
 */
function complete(
  sizes: readonly (number | "batch" | undefined)[],
  total: number | undefined,
): readonly number[] | undefined {
  const given = sizes.filter((size) => typeof size === "number" && size > 0) as number[];
  const open = sizes.filter((size) => size === -1).length;
  if (given.length + open !== sizes.length || open > 1) return undefined;
  if (open === 0) return given;
  const missing = total === undefined ? 0 : total / sizeOf(given);
  return Number.isSafeInteger(missing) && missing > 0
    ? sizes.map((size) => (size === -1 ? missing : (size as number)))
    : undefined;
}

/** A vector with axes of size 1 before and behind its features. */
function withOnes(input: Activation, sizes: readonly number[]): Activation {
  const features = Math.max(
    0,
    sizes.findIndex((size) => size !== 1),
  );
  const axes = sizes.map((_, i): Axis => (i === features ? "c" : "one"));
  return { ...input, axes: ["n", ...axes] };
}

function reshapeConstant(
  call: Call,
  value: Exclude<Value, Activation>,
  entries: readonly number[],
): Value {
  const wanted = entries.map((entry, i) => (entry === 0 ? value.dims[i] : entry));
  const sizes = complete(wanted, sizeOf(value.dims));
  if (sizes === undefined || sizeOf(sizes) !== sizeOf(value.dims)) {
    throw call.refusal(call.input(1), {
      expected: `${sizeOf(value.dims)} values`,
      found: showShape(entries),
    });
  }
  return value.kind === "integers" ? reshapeIntegers(value, sizes) : { ...value, dims: sizes };
}

/** Squeeze of axes that hold nothing; of a map of one pixel it is a flatten. */
export function readSqueeze(call: Call): Value {
  const value = call.value(0);
  const given = call.list("axes", 1);
  if (value.kind !== "activation") {
    const rank = value.dims.length;
    const gone = new Set(given?.map((axis) => (axis < 0 ? axis + rank : axis)));
    const dims = value.dims.filter(
      (size, i) => size !== 1 || !(given === undefined || gone.has(i)),
    );
    return { ...value, dims };
  }
  const input = call.activation(0);
  const all = input.axes.flatMap((axis, i) => (extent(input, axis) === 1 ? [i] : []));
  const gone = new Set((given ?? all).map((number) => call.axis(number, input, "axes").index));
  const kept = input.axes.filter((_, i) => !gone.has(i));
  const lost = input.axes.filter((axis, i) => gone.has(i) && axis !== "one");
  if (lost.length === 0) return { ...input, axes: kept };
  if (lost.join() === "h,w" && (input.shape[0] ?? 0) * (input.shape[1] ?? 0) === 1) {
    return { ...call.add({ kind: "flatten" }, [input], kept), axes: kept };
  }
  throw call.refusal("axes", {
    expected: "axes of size 1 besides the batch and the channels",
    found: showAxes(lost),
  });
}

/** Unsqueeze: of a constant, or of a vector. */
export function readUnsqueeze(call: Call): Value {
  const value = call.value(0);
  const given = call.list("axes", 1) ?? [];
  const rank = (value.kind === "activation" ? value.axes : value.dims).length + given.length;
  const places = new Set(given.map((axis) => (axis < 0 ? axis + rank : axis)));
  const fits = [...places].every((place) => place >= 0 && place < rank);
  if (!fits || places.size !== given.length || rank > 8) {
    throw call.refusal("axes", {
      expected: `axes of ${rank}, each once`,
      found: showShape(given),
    });
  }
  if (value.kind !== "activation") return { ...value, dims: inserted(value.dims, places, rank, 1) };
  const input = call.activation(0);
  if (lettersOf(input) !== "c" || places.has(0)) {
    throw call.refusal("axes", { expected: "a vector's", found: showShape(input.shape) });
  }
  return { ...input, axes: inserted(input.axes, places, rank, "one") };
}

function inserted<T>(
  list: readonly T[],
  places: ReadonlySet<number>,
  rank: number,
  one: T,
): readonly T[] {
  const rest = list.values();
  return Array.from({ length: rank }, (_, i) => (places.has(i) ? one : (rest.next().value as T)));
}
