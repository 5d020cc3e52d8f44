/**
 * @file Channels side by side, picked out, put in order or filled up with zeros, and pixels left out:
 * Concat, Gather, Slice and Pad.
 */
import { AppError, showShape } from "../../../core/index.ts";
import { at } from "../../bytes.ts";
import { LIMITS } from "../../limits.ts";
import type { Call } from "../call.ts";
import { type Activation, channels, extent, showNumber, type Value } from "../values.ts";
import { concatIntegers, gatherIntegers, sliceIntegers } from "./shape-arithmetic.ts";

/** Concat over the channels, or of the pieces of a shape. */
export function readConcat(call: Call): Value {
  const values = call.node.inputs.map((_, i) => call.value(i));
  if (values.every((value) => value.kind === "integers")) return concatIntegers(call, values);
  const inputs = values.map((_, i) => inOurOrder(call, call.activation(i)));
  const [first] = inputs;
  if (first === undefined || inputs.length === 1) return call.activation(0);
  inputs.forEach((input, i) => call.expectAxes(input, first.axes, i));
  const { axis } = call.axis(call.int("axis", 1), first);
  if (axis !== "c") {
    throw call.refusal("axis", { expected: "the channels", found: axis });
  }
  return call.add({ kind: "concat" }, inputs, first.axes);
}

/** Gather along the channels, or out of a shape. */
export function readGather(call: Call): Value {
  const from = call.value(0);
  const indices = call.integers(1);
  if (from.kind === "integers") return gatherIntegers(call, from, call.entries(1));
  const input = call.activation(0);
  const { axis } = call.axis(call.int("axis", 0), input);
  if (axis !== "c" || call.entries(1).dims.length !== 1) {
    throw call.refusal("axis", { expected: "a list of channels", found: `another axis (${axis})` });
  }
  const count = channels(input);
  const ours = indices.map((index) => {
    const positive = index < 0 ? index + count : index;
    if (positive >= 0 && positive < count) return positive;
    throw new AppError("files/out-of-range", {
      where: at(call.where, call.input(1)),
      expected: `below ${count}`,
      found: String(index),
    });
  });
  return selectChannels(call, input, ours);
}

/** Slice of a shape, of the channels, or of every k-th pixel. */
export function readSlice(call: Call): Value {
  const from = call.value(0);
  const starts = call.list("starts", 1) ?? [];
  const ends = call.list("ends", 2) ?? [];
  const axes = call.list("axes", 3) ?? starts.map((_, i) => i);
  const steps = call.has(4) ? call.integers(4) : starts.map(() => 1);
  const lengths = new Set([starts, ends, axes, steps].map(({ length }) => length));
  if (lengths.size !== 1) {
    throw call.refusal("inputs", { expected: "lists of one length", found: "different lengths" });
  }
  const ranges = axes.map((axis, i) => ({
    axis,
    start: starts[i] ?? 0,
    end: ends[i] ?? 0,
    step: steps[i] ?? 1,
  }));
  if (from.kind === "integers") return sliceIntegers(call, from, ranges);
  const input = call.activation(0);
  const stride: [number, number] = [1, 1];
  let picked: number[] | undefined;
  for (const range of ranges) {
    const { axis } = call.axis(range.axis, input, "axes");
    const size = extent(input, axis) ?? 1;
    const [start, end] = [range.start, range.end].map((n) =>
      Math.max(0, Math.min(n < 0 ? n + size : n, size)),
    ) as [number, number];
    if (axis === "c" && range.step === 1 && end > start) {
      refuseTooMany(call, end - start);
      picked = Array.from({ length: end - start }, (_, i) => start + i);
    } else if ((axis === "h" || axis === "w") && start === 0 && end === size && range.step > 0) {
      stride[axis === "h" ? 0 : 1] = range.step;
    } else {
      throw call.refusal("axes", {
        expected: "channels one after the other, or every k-th pixel from the first",
        found: `axis ${axis} from ${range.start} to ${range.end} by ${range.step}`,
      });
    }
  }
  return everyKth(call, picked === undefined ? input : selectChannels(call, input, picked), stride);
}

/** Every k-th pixel is the maximum of a window of one. */
function everyKth(call: Call, input: Activation, stride: readonly [number, number]): Activation {
  if (stride.every((step) => step === 1)) return input;
  const window = { size: [1, 1], stride, padding: [0, 0, 0, 0] } as const;
  return call.add({ kind: "maxPool", ...window }, [input], input.axes);
}

/** Pad with zeros: new channels at once, pixels when a convolution comes that can take them over. */
export function readPad(call: Call): Activation {
  const input = call.activation(0);
  const mode = call.string("mode", "constant");
  if (mode !== "constant" || padValue(call) !== 0) {
    throw call.refusal("mode", {
      expected: "constant zeros",
      found: mode === "constant" ? `constant ${showNumber(padValue(call))}` : mode,
    });
  }
  const given = call.list("pads", 1) ?? [];
  const axes = call.has(3) ? call.integers(3) : input.axes.map((_, i) => i);
  if (given.length !== 2 * axes.length || given.some((pad) => pad < 0)) {
    throw call.refusal("pads", {
      expected: `${2 * axes.length} numbers from 0`,
      found: showShape(given),
    });
  }
  const pads = { n: [0, 0], one: [0, 0], c: [0, 0], h: [0, 0], w: [0, 0] };
  axes.forEach((number, i) => {
    const [before = 0, after = 0] = [given[i], given[i + axes.length]];
    const pad = pads[call.axis(number, input, "axes").axis];
    pad[0] = (pad[0] ?? 0) + before;
    pad[1] = (pad[1] ?? 0) + after;
  });
  if ([...pads.n, ...pads.one].some((pad) => pad > 0)) {
    throw call.refusal("pads", {
      expected: "zeros around channels or pixels",
      found: "other axes",
    });
  }
  const widened = widenChannels(call, input, pads.c[0] ?? 0, pads.c[1] ?? 0);
  const [top = 0, bottom = 0] = pads.h;
  const [left = 0, right = 0] = pads.w;
  if (top + bottom + left + right === 0) return widened;
  return { ...widened, pad: [top, bottom, left, right] };
}

/** The constant that is padded with: an attribute in old versions, an input in new ones. */
function padValue(call: Call): number {
  if (!call.has(2)) return call.float("value", 0);
  return call.floats(2).values[0] ?? 0;
}

function widenChannels(call: Call, input: Activation, before: number, after: number): Activation {
  if (before + after === 0) return input;
  const count = channels(input);
  refuseTooMany(call, before + count + after);
  const indices = Array.from({ length: before + count + after }, (_, i) =>
    i < before || i >= before + count ? -1 : i - before,
  );
  return selectChannels(call, input, indices);
}

/** A node that picks channels, counted as the file counts them; −1 is a channel of zeros. */
function selectChannels(call: Call, input: Activation, theirs: readonly number[]): Activation {
  const { feature } = input;
  refuseTooMany(call, theirs.length);
  const indices = feature === undefined ? theirs : theirs.map((j) => (j < 0 ? j : feature(j)));
  return call.add({ kind: "channelSelect", indices }, [input], input.axes);
}

/** The same features, put into the order in which the file has them, by a node where that is needed. */
export function inOurOrder(call: Call, input: Activation): Activation {
  if (input.feature === undefined) return input;
  refuseTooMany(call, channels(input));
  return selectChannels(
    call,
    input,
    Array.from({ length: channels(input) }, (_, j) => j),
  );
}

/** A list of channels is written out; a file of a few bytes must not ask for gigabytes of it. */
function refuseTooMany(call: Call, count: number): void {
  if (count <= LIMITS.classes) {
    call.spendList(count);
    return;
  }
  throw new AppError("files/over-limit", {
    where: call.where,
    expected: `at most ${LIMITS.classes} channels to pick`,
    found: String(count),
  });
}
