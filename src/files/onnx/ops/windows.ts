/**
 * @file Sliding windows: strides, pads in all their spellings, and pooling. Ours pads explicitly and
 * pooling never sees what was padded; a file that wants it otherwise is refused.
 */
import { showShape } from "../../../core/index.ts";
import type { Padding, Pair, Window } from "../../../model/index.ts";
import type { Call } from "../call.ts";
import { type Activation, type Axis, extent, showAxes } from "../values.ts";

/** How ONNX orders a map. */
export const MAP: readonly Axis[] = ["n", "c", "h", "w"];

/**
 * The window of a convolution or pooling, its pads worked out for this input.
 * @param size — of the kernel
 */
export function readWindow(call: Call, input: Activation, size: readonly number[]): Window {
  const kernel = pair(call, "kernel_shape", call.ints("kernel_shape") ?? size);
  if (kernel.join() !== size.join()) {
    throw call.refusal("kernel_shape", { expected: showShape(size), found: showShape(kernel) });
  }
  const dilations = pair(call, "dilations", call.ints("dilations") ?? [1, 1]);
  if (dilations.some((dilation) => dilation !== 1)) {
    throw call.refusal("dilations", { expected: "[1,1]", found: showShape(dilations) });
  }
  const stride = pair(call, "strides", call.ints("strides") ?? [1, 1]);
  const own = readPads(call, input, kernel, stride);
  const [top, bottom, left, right] = input.pad ?? [0, 0, 0, 0];
  const padding: Padding = [own[0] + top, own[1] + bottom, own[2] + left, own[3] + right];
  return { size: kernel, stride, padding };
}

function pair(call: Call, field: string, [a, b, ...others]: readonly number[]): Pair {
  if (a !== undefined && b !== undefined && others.length === 0) return [a, b];
  throw call.refusal(field, {
    expected: "two numbers, for height and width",
    found: `${others.length + (a === undefined ? 0 : 1) + (b === undefined ? 0 : 1)}`,
  });
}

function readPads(call: Call, input: Activation, size: Pair, stride: Pair): Padding {
  const word = call.string("auto_pad", "NOTSET");
  if (word === "SAME_UPPER" || word === "SAME_LOWER") {
    const odd = word === "SAME_UPPER" ? "behind" : "before";
    const rows = samePads(extent(input, "h") ?? 0, size[0], stride[0], odd);
    const columns = samePads(extent(input, "w") ?? 0, size[1], stride[1], odd);
    return [...rows, ...columns];
  }
  if (word === "VALID") return [0, 0, 0, 0];
  if (word !== "NOTSET") {
    throw call.refusal("auto_pad", {
      expected: "NOTSET, VALID, SAME_UPPER or SAME_LOWER",
      found: word,
    });
  }
  const pads = call.ints("pads") ?? [0, 0, 0, 0];
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  if (pads.length !== 4 || pads.some((pad) => pad < 0)) {
    throw call.refusal("pads", { expected: "four numbers from 0", found: showShape(pads) });
  }
  return [top, bottom, left, right];
}

/** The pads that make the output ⌈extent / stride⌉, the odd one behind or before. */
function samePads(
  rows: number,
  size: number,
  stride: number,
  odd: "behind" | "before",
): [number, number] {
  const total = Math.max((Math.ceil(rows / stride) - 1) * stride + size - rows, 0);
  const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
  return odd === "behind" ? [less, more] : [more, less];
}

/** MaxPool and AveragePool. */
export function readPool(call: Call): Activation {
  const input = call.activation(0);
  call.expectAxes(input, MAP);
  const size = call.ints("kernel_shape");
  if (size === undefined) {
    throw call.refusal("kernel_shape", { expected: "two numbers", found: "nothing" });
  }
  const window = readWindow(call, input, size);
  refuseCeiling(call, input, window);
  const max = call.node.opType === "MaxPool";
  const padded = window.padding.some((pad) => pad > 0);
  if (!max && padded && call.int("count_include_pad", 0) !== 0) {
    throw call.refusal("count_include_pad", {
      expected: "0: an average over the pixels that are there",
      found: `1 with padding ${showShape(window.padding)}`,
      hint: "export with count_include_pad=False",
    });
  }
  return call.add({ kind: max ? "maxPool" : "averagePool", ...window }, [input], MAP);
}

/** Rounding up is fine where there is nothing to round. */
function refuseCeiling(call: Call, input: Activation, { size, stride, padding }: Window): void {
  if (call.int("ceil_mode", 0) === 0) return;
  const rest = [
    ((extent(input, "h") ?? 0) + padding[0] + padding[1] - size[0]) % stride[0],
    ((extent(input, "w") ?? 0) + padding[2] + padding[3] - size[1]) % stride[1],
  ];
  if (rest.every((left) => left === 0)) return;
  throw call.refusal("ceil_mode", {
    expected: "0",
    found: `1 on a map of ${showShape(input.shape)}`,
    hint: "export with ceil_mode=False",
  });
}

/** GlobalAveragePool: what is left of height and width are axes of size 1. */
export function readGlobalAveragePool(call: Call): Activation {
  const input = call.activation(0);
  call.expectAxes(input, MAP);
  return call.add({ kind: "globalAveragePool" }, [input], ["n", "c", "one", "one"]);
}

/** ReduceMean over height and width, which is the same. */
export function readReduceMean(call: Call): Activation {
  const input = call.activation(0);
  const reduced = new Set(
    (call.list("axes", 1) ?? []).map((number) => call.axis(number, input, "axes").index),
  );
  const letters = input.axes.filter((_, i) => reduced.has(i));
  if (letters.join() !== "h,w") {
    throw call.refusal("axes", {
      expected: "height and width",
      found: showAxes(letters),
    });
  }
  const kept = call.int("keepdims", 1) !== 0;
  const axes = input.axes.flatMap((axis, i) => {
    if (!reduced.has(i)) return [axis];
    return kept ? (["one"] as const) : [];
  });
  return call.add({ kind: "globalAveragePool" }, [input], axes);
}
