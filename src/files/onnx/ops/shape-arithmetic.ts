/**
 * @file The arithmetic of shapes that exporters leave in a graph whose batch is not fixed:
 * Shape → Gather → Unsqueeze → Concat → Reshape. Numbers move, the batch's size stays unknown.
 */
import { sizeOf } from "../../../core/index.ts";
import type { Call } from "../call.ts";
import { dimsOf, type Integers, type Value } from "../values.ts";

const list = (entries: Integers["entries"]): Integers => ({
  kind: "integers",
  dims: [entries.length],
  entries,
});

/** Shape, or a part of it. */
export function readShape(call: Call): Value {
  const value = call.value(0);
  const dims = value.kind === "activation" ? dimsOf(call.activation(0)) : value.dims;
  const end = call.node.attributes.has("end") ? call.int("end", 0) : dims.length;
  return list(dims.slice(call.int("start", 0), end));
}

/** Entries by their indices; a single index gives a single number. */
export function gatherIntegers(call: Call, from: Integers, indices: Integers): Integers {
  call.spendList(indices.entries.length);
  const entries = indices.entries.map((index) => {
    const entry = index === "batch" ? undefined : from.entries.at(index);
    if (entry !== undefined && from.dims.length === 1) return entry;
    throw call.refusal(call.input(1), {
      expected: `an index into ${from.entries.length} numbers`,
      found: String(index),
    });
  });
  return { kind: "integers", dims: indices.dims, entries };
}

export function concatIntegers(call: Call, values: readonly Integers[]): Integers {
  call.spendList(values.reduce((sum, { entries }) => sum + entries.length, 0));
  return list(values.flatMap(({ entries }) => entries));
}

/** One range of a Slice. */
export interface Range {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export function sliceIntegers(call: Call, from: Integers, ranges: readonly Range[]): Integers {
  const [range, ...others] = ranges;
  if (range === undefined || others.length > 0 || from.dims.length !== 1 || range.step !== 1) {
    throw call.refusal("inputs", { expected: "one piece of a shape", found: "something else" });
  }
  call.spendList(from.entries.length);
  return list(from.entries.slice(range.start, range.end));
}

/** The product of two lists of one length, or of a list and a number. */
export function multiplyIntegers(call: Call, left: Integers, right: Integers): Integers {
  const [more, less] = left.entries.length < right.entries.length ? [right, left] : [left, right];
  call.spendList(more.entries.length);
  const entries = more.entries.map((entry, i) => {
    const other = less.entries.length === 1 ? less.entries[0] : less.entries[i];
    if (other === 1) return entry;
    if (entry === 1 && other !== undefined) return other;
    if (typeof entry === "number" && typeof other === "number") return entry * other;
    throw call.refusal("inputs", { expected: "numbers", found: "a multiple of the batch" });
  });
  return { ...more, entries };
}

/** Integers under another shape of the same size. */
export function reshapeIntegers(value: Integers, dims: readonly number[]): Integers {
  return sizeOf(dims) === value.entries.length ? { ...value, dims } : value;
}
