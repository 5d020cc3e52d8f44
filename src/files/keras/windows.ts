/**
 * @file Keras' layers with a window: convolutions and pooling. "same" is turned into the very pads
 * that TensorFlow computes from the input's size, and a ZeroPadding2D in front is added to them.
 */
import * as v from "valibot";
import { AppError } from "../../core/index.ts";
import type { Op, Padding, Pair, Window } from "../../model/index.ts";
import { at } from "../bytes.ts";
import { checkJson } from "../json.ts";
import { samePads } from "../tfjs/padding.ts";
import { type Activation, readActivation } from "./activations.ts";
import type { KerasLayer } from "./config.ts";
import { Refusal } from "./refusals.ts";
import { channelsIn, isPadded, type Scope, type Value, withoutPad } from "./scope.ts";

/** What a layer does once its inputs are known. */
export type Build = (scope: Scope, inputs: readonly Value[]) => Value;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const one = v.union([
  count,
  v.pipe(
    v.strictTuple([count]),
    v.transform(([n]) => n),
  ),
]);
const pair = v.union([
  v.pipe(
    count,
    v.transform((n): Pair => [n, n]),
  ),
  v.strictTuple([count, count]),
]);
const windowFields = {
  strides: v.nullish(pair),
  padding: v.optional(v.picklist(["valid", "same"]), "valid"),
  data_format: v.nullish(v.string()),
};
const convSchema = v.object({
  ...windowFields,
  filters: v.nullish(count),
  kernel_size: pair,
  dilation_rate: v.optional(pair, [1, 1]),
  groups: v.nullish(count),
  depth_multiplier: v.nullish(one),
  use_bias: v.optional(v.boolean(), true),
  activation: v.optional(v.unknown()),
});
const poolSchema = v.object({ ...windowFields, pool_size: v.optional(pair, [2, 2]) });
const pad = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const zeroPaddingSchema = v.object({
  data_format: v.nullish(v.string()),
  padding: v.optional(
    v.union([
      pad,
      v.strictTuple([pad, pad]),
      v.strictTuple([v.strictTuple([pad, pad]), v.strictTuple([pad, pad])]),
    ]),
    1,
  ),
});

/** @throws files/unsupported with the way out */
export function refuseChannelsFirst(format: string | null | undefined, where: string): void {
  if (format === undefined || format === null || format === "channels_last") return;
  throw new AppError("files/unsupported", {
    where: at(where, "data_format"),
    expected: "channels_last",
    found: format,
    hint: "build the model with data_format channels_last and export it again",
  });
}

/** Adds an activation behind a value, named beside its layer. */
export function activate(
  scope: Scope,
  value: Value,
  activation: Activation,
  { name, where }: { readonly name: string; readonly where: string },
): Value {
  if (activation === undefined) return value;
  return scope.emit(scope.fresh(`${name}_${activation.kind}`), activation, [value], where);
}

/** Conv2D, DepthwiseConv2D and SeparableConv2D, with what they fuse. */
export function readConv(layer: KerasLayer): Build {
  const { className, where } = layer;
  const fields = checkJson(convSchema, layer.config, where);
  refuseChannelsFirst(fields.data_format, where);
  if (fields.dilation_rate.some((rate) => rate !== 1)) {
    throw new Refusal(`dilation [${fields.dilation_rate.join(",")}]`);
  }
  const activation = readActivation(fields.activation, at(where, "activation"));
  const conv: Conv = {
    layer,
    size: fields.kernel_size,
    stride: fields.strides ?? [1, 1],
    same: fields.padding === "same",
    bias: fields.use_bias,
    multiplier: fields.depth_multiplier ?? 1,
    groups: fields.groups ?? 1,
    filters: fields.filters ?? undefined,
  };
  const build = CONVS[className as keyof typeof CONVS];
  return (scope, [x]) => {
    const name = scope.nameOf(layer);
    return activate(scope, build(scope, x as Value, conv), activation, { name, where });
  };
}

interface Conv {
  readonly layer: KerasLayer;
  readonly size: Pair;
  readonly stride: Pair;
  readonly same: boolean;
  readonly bias: boolean;
  readonly multiplier: number;
  readonly groups: number;
  readonly filters: number | undefined;
}

const CONVS = { Conv2D: plain, DepthwiseConv2D: depthwise, SeparableConv2D: separable };

function plain(scope: Scope, x: Value, conv: Conv): Value {
  const { layer, size, groups, bias } = conv;
  const filters = filtersOf(conv);
  const name = scope.nameOf(layer);
  const op: Op = { kind: "conv2d", filters, groups, bias, ...windowOn(conv, x, layer.where) };
  const y = scope.emit(name, op, [withoutPad(x)], layer.where);
  const shape = [...size, channelsIn(x) / groups, filters];
  scope.wants(name, "kernel", shape, { layer, names: ["kernel"], index: 0, shape });
  if (bias) wantBias(scope, name, { layer, index: 1, units: filters });
  return y;
}

function depthwise(scope: Scope, x: Value, conv: Conv): Value {
  return spread(scope, x, conv, scope.nameOf(conv.layer));
}

/** A depthwise convolution without bias, then one of 1 × 1 that has the layer's name. */
function separable(scope: Scope, x: Value, conv: Conv): Value {
  const { layer, bias } = conv;
  const filters = filtersOf(conv);
  const name = scope.nameOf(layer);
  const wide = spread(scope, x, { ...conv, bias: false }, scope.fresh(`${name}_depthwise`));
  const point: Window = { size: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0] };
  const op: Op = { kind: "conv2d", filters, groups: 1, bias, ...point };
  const y = scope.emit(name, op, [wide], layer.where);
  const shape = [1, 1, channelsIn(wide), filters];
  scope.wants(name, "kernel", shape, { layer, names: ["pointwise_kernel"], index: 1, shape });
  if (bias) wantBias(scope, name, { layer, index: 2, units: filters });
  return y;
}

/** Each channel by itself. Theirs `[kh, kw, cin, m]` and ours `[kh, kw, 1, cin · m]` lie alike. */
function spread(scope: Scope, x: Value, conv: Conv, name: string): Value {
  const { layer, size, bias, multiplier } = conv;
  const cin = channelsIn(x);
  const filters = cin * multiplier;
  const window = windowOn(conv, x, layer.where);
  const op: Op = { kind: "conv2d", filters, groups: cin, bias, ...window };
  const y = scope.emit(name, op, [withoutPad(x)], layer.where);
  const theirs = [...size, cin, multiplier];
  const names = ["depthwise_kernel", "kernel"];
  const wanted = { layer, names, index: 0, shape: theirs };
  scope.wants(name, "kernel", [...size, 1, filters], wanted);
  if (bias) wantBias(scope, name, { layer, index: 1, units: filters });
  return y;
}

/** Asks for a bias. */
export function wantBias(
  scope: Scope,
  name: string,
  wanted: { readonly layer: KerasLayer; readonly index: number; readonly units: number },
): void {
  const { layer, index, units } = wanted;
  scope.wants(name, "bias", [units], { layer, names: ["bias"], index, shape: [units] });
}

function filtersOf({ filters, layer }: Conv): number {
  if (filters !== undefined) return filters;
  throw new AppError("files/bad-field", {
    where: at(layer.where, "filters"),
    expected: "a positive integer",
    found: "nothing",
  });
}

/** MaxPooling2D and AveragePooling2D. */
export function readPool(layer: KerasLayer): Build {
  const { where } = layer;
  const fields = checkJson(poolSchema, layer.config, where);
  refuseChannelsFirst(fields.data_format, where);
  const size = fields.pool_size;
  const placed = { size, stride: fields.strides ?? size, same: fields.padding === "same" };
  const kind = layer.className === "MaxPooling2D" ? "maxPool" : "averagePool";
  return (scope, [x]) => {
    const input = x as Value;
    // Ours leaves padding out of maximum and average; zeros of a layer of its own are real values,
    // which is the same only for the maximum of values that are never negative.
    const harmless = kind === "maxPool" && scope.signs.get(input.node) === true;
    const taken = isPadded(input) && harmless ? withoutPad(input) : input;
    return scope.emit(
      scope.nameOf(layer),
      { kind, ...windowOn(placed, input, where) },
      [taken],
      where,
    );
  };
}

/** ZeroPadding2D, kept for the window behind it. */
export function readZeroPadding({ config, where }: KerasLayer): Build {
  const fields = checkJson(zeroPaddingSchema, config, where);
  refuseChannelsFirst(fields.data_format, where);
  const { padding } = fields;
  const [rows, columns] = typeof padding === "number" ? [padding, padding] : padding;
  const sides = [rows, columns].flatMap((side) => (typeof side === "number" ? [side, side] : side));
  return (_, [x]) => {
    const value = x as Value;
    return { ...value, pad: addPads(value.pad, sides) };
  };
}

function addPads(a: Padding, b: readonly number[]): Padding {
  const sum = (side: 0 | 1 | 2 | 3): number => a[side] + (b[side] ?? 0);
  return [sum(0), sum(1), sum(2), sum(3)];
}

function windowOn(
  placed: { readonly size: Pair; readonly stride: Pair; readonly same: boolean },
  { shape, pad: around }: Value,
  where: string,
): Window {
  const { size, stride, same } = placed;
  const height = (shape[0] ?? 0) + around[0] + around[1];
  const width = (shape[1] ?? 0) + around[2] + around[3];
  const own = same
    ? [...samePads(height, size[0], stride[0]), ...samePads(width, size[1], stride[1])]
    : [];
  const padding = addPads(around, own);
  if (padding.some((side, i) => side >= (i < 2 ? size[0] : size[1]))) {
    throw new AppError("files/unsupported", {
      where,
      expected: "padding smaller than the window",
      found: `padding [${padding.join(",")}] for a window of ${size.join(" × ")}`,
    });
  }
  return { size, stride, padding };
}
