/**
 * @file Each layer of Keras as nodes of ours, one line in a table each. Reading a layer's config and
 * building its nodes are two steps, so that everything that cannot be said is known before a single
 * shape is.
 */
import * as v from "valibot";
import { AppError, sameShape, type Shape, showShape, sizeOf } from "../../core/index.ts";
import { at } from "../bytes.ts";
import { checkChannels } from "../graph.ts";
import { type InputSize, openSize } from "../input-size.ts";
import { checkJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { isActivationLayer, readActivation, readActivationLayer } from "./activations.ts";
import type { KerasLayer } from "./config.ts";
import { readNormalization, readRescaling } from "./pixels.ts";
import { Refusal } from "./refusals.ts";
import { channelsIn, type Value } from "./scope.ts";
import {
  activate,
  type Build,
  readConv,
  readPool,
  readZeroPadding,
  refuseChannelsFirst,
  wantBias,
} from "./windows.ts";

type Read = (layer: KerasLayer) => Build;

const LAYERS = new Map<string, Read>([
  ["InputLayer", readInput],
  ["Conv2D", readConv],
  ["DepthwiseConv2D", readConv],
  ["SeparableConv2D", readConv],
  ["Dense", readDense],
  ["BatchNormalization", readBatchNorm],
  ["MaxPooling2D", readPool],
  ["AveragePooling2D", readPool],
  ["GlobalAveragePooling2D", readGlobalPool],
  ["Flatten", readFlatten],
  ["Reshape", readReshape],
  ["Add", (layer) => readJoin(layer, "add")],
  ["Concatenate", readConcat],
  ["ZeroPadding2D", readZeroPadding],
  ["Rescaling", readRescaling],
  ["Normalization", readNormalization],
]);

/** Layers that act in training only. */
const IDLE = new Set([
  "Dropout",
  "SpatialDropout2D",
  "GaussianNoise",
  "GaussianDropout",
  "AlphaDropout",
  "ActivityRegularization",
]);

/** Arguments that each layer takes. */
const MANY = new Set(["Add", "Concatenate"]);

/**
 * Reads a layer's config.
 * @throws Refusal for a layer or setting that cannot be translated; files/bad-field
 */
export function readLayer(layer: KerasLayer): Build {
  const { className, inputs, where } = layer;
  const isInput = className === "InputLayer";
  if (isInput ? inputs.length > 0 : !MANY.has(className) && inputs.length !== 1) {
    if (!isKnown(className)) throw new Refusal(className);
    throw new AppError("model/bad-graph", {
      where: at(where, "inbound_nodes"),
      expected: isInput ? "no inputs" : "one input",
      found: String(inputs.length),
    });
  }
  if (IDLE.has(className)) return readIdle(layer);
  if (isActivationLayer(className)) return readActivationAsLayer(layer);
  const read = LAYERS.get(className);
  if (read === undefined) throw new Refusal(className);
  return read(layer);
}

function isKnown(className: string): boolean {
  return IDLE.has(className) || isActivationLayer(className) || LAYERS.has(className);
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const format = { data_format: v.nullish(v.string()) };
const axis = v.union([
  v.number(),
  v.pipe(
    v.strictTuple([v.number()]),
    v.transform(([only]) => only),
  ),
]);
const shapeSchema = v.pipe(v.array(v.nullable(count)), v.maxLength(LIMITS.rank));
const inputSchema = v.object({
  batch_shape: v.nullish(shapeSchema),
  batch_input_shape: v.nullish(shapeSchema),
});
const denseSchema = v.object({
  units: count,
  use_bias: v.optional(v.boolean(), true),
  activation: v.optional(v.unknown()),
});
const batchNormSchema = v.object({
  axis: v.optional(axis, -1),
  momentum: v.optional(v.number(), 0.99),
  epsilon: v.optional(v.number(), 1e-3),
  center: v.optional(v.boolean(), true),
  scale: v.optional(v.boolean(), true),
});
const globalPoolSchema = v.object({ ...format, keepdims: v.nullish(v.boolean()) });
const flattenSchema = v.object(format);
const concatSchema = v.object({ axis: v.optional(axis, -1) });
const reshapeSchema = v.object({
  target_shape: v.pipe(v.array(v.pipe(v.number(), v.safeInteger())), v.maxLength(LIMITS.rank)),
});

function readInput(layer: KerasLayer): Build {
  const { config, where } = layer;
  const fields = checkJson(inputSchema, config, where);
  const [, ...sizes] = fields.batch_shape ?? fields.batch_input_shape ?? [];
  const place = at(where, "batch_shape");
  const shown = `[${sizes.map((n) => n ?? "any").join(",")}]`;
  checkChannels(sizes.at(-1) ?? 0, place);
  if (sizes.length === 3 && sizes[2] !== null && sizes.includes(null)) throw openSize(place, shown);
  if (sizes.length === 0 || sizes.includes(null)) {
    throw new AppError("files/unsupported", {
      where: place,
      expected: "an input whose sizes are all given",
      found: sizes.length === 0 ? "no shape" : shown,
      hint: "build the model for one input size and export it again",
    });
  }
  const shape = sizes.filter((n) => n !== null);
  return (scope) => scope.emit(scope.nameOf(layer), { kind: "input", shape }, [], where);
}

/** An input layer for images of one size, where it leaves height or width open. */
export function withInputSize(layer: KerasLayer, { height, width }: InputSize): KerasLayer {
  if (layer.className !== "InputLayer") return layer;
  const fields = checkJson(inputSchema, layer.config, layer.where);
  const [batch = null, ...sizes] = fields.batch_shape ?? fields.batch_input_shape ?? [];
  if (sizes.length !== 3) return layer;
  const [h, w, c] = sizes;
  return { ...layer, config: { batch_shape: [batch, h ?? height, w ?? width, c] } };
}

function readIdle(layer: KerasLayer): Build {
  return (scope, [x]) => {
    scope.idle.push(scope.nameOf(layer));
    return x as Value;
  };
}

function readActivationAsLayer(layer: KerasLayer): Build {
  const op = readActivationLayer(layer.className, layer.config, layer.where);
  return (scope, [x]) =>
    op === undefined
      ? (x as Value)
      : scope.emit(scope.nameOf(layer), op, [x as Value], layer.where);
}

/** On a map, Dense works on each pixel: a 1 × 1 convolution, whose kernel lies in memory alike. */
function readDense(layer: KerasLayer): Build {
  const { where } = layer;
  const { units, use_bias: bias, activation } = checkJson(denseSchema, layer.config, where);
  const after = readActivation(activation, at(where, "activation"));
  return (scope, [input]) => {
    const x = input as Value;
    const name = scope.nameOf(layer);
    const theirs = [channelsIn(x), units];
    const isMap = x.shape.length === 3;
    const y = scope.emit(name, isMap ? pointwise(units, bias) : dense(units, bias), [x], where);
    const shape = isMap ? [1, 1, ...theirs] : theirs;
    scope.wants(name, "kernel", shape, { layer, names: ["kernel"], index: 0, shape: theirs });
    if (bias) wantBias(scope, name, { layer, index: 1, units });
    return activate(scope, y, after, { name, where });
  };
}

const dense = (units: number, bias: boolean) => ({ kind: "dense", units, bias }) as const;
const pointwise = (filters: number, bias: boolean) =>
  ({
    kind: "conv2d",
    filters,
    groups: 1,
    bias,
    size: [1, 1],
    stride: [1, 1],
    padding: [0, 0, 0, 0],
  }) as const;

function readBatchNorm(layer: KerasLayer): Build {
  const { where } = layer;
  const fields = checkJson(batchNormSchema, layer.config, where);
  // Keras' momentum is the share of the old statistics, ours that of the new batch.
  const op = { kind: "batchNorm", epsilon: fields.epsilon, momentum: 1 - fields.momentum } as const;
  return (scope, [input]) => {
    const x = input as Value;
    refuseOtherAxis(fields.axis, x.shape, where);
    const name = scope.nameOf(layer);
    const y = scope.emit(name, op, [x], where);
    const shape = [channelsIn(x)];
    let index = 0;
    const want = (slot: string, theirs: string): void =>
      scope.wants(name, slot, shape, { layer, names: [theirs], index: index++, shape });
    if (fields.scale) want("gamma", "gamma");
    else scope.wants(name, "gamma", shape, { fill: 1 });
    if (fields.center) want("beta", "beta");
    else scope.wants(name, "beta", shape, { fill: 0 });
    want("mean", "moving_mean");
    want("variance", "moving_variance");
    return y;
  };
}

function readGlobalPool(layer: KerasLayer): Build {
  const { where } = layer;
  const fields = checkJson(globalPoolSchema, layer.config, where);
  refuseChannelsFirst(fields.data_format, where);
  return (scope, [input]) => {
    const x = input as Value;
    const name = scope.nameOf(layer);
    if (fields.keepdims !== true)
      return scope.emit(name, { kind: "globalAveragePool" }, [x], where);
    // The same numbers as a map of one pixel: a window as large as the map.
    const size = [x.shape[0] ?? 0, x.shape[1] ?? 0] as const;
    const padding = [0, 0, 0, 0] as const;
    return scope.emit(name, { kind: "averagePool", size, stride: size, padding }, [x], where);
  };
}

function readFlatten(layer: KerasLayer): Build {
  refuseChannelsFirst(checkJson(flattenSchema, layer.config, layer.where).data_format, layer.where);
  return (scope, [x]) => flatten(scope, layer, x as Value);
}

const flatten = (scope: Parameters<Build>[0], layer: KerasLayer, x: Value): Value =>
  x.shape.length === 1 ? x : scope.emit(scope.nameOf(layer), { kind: "flatten" }, [x], layer.where);

/** Only a reshape that changes nothing, or that flattens. */
function readReshape(layer: KerasLayer): Build {
  const { target_shape: target } = checkJson(reshapeSchema, layer.config, layer.where);
  return (scope, [input]) => {
    const x = input as Value;
    const given = sizeOf(target.filter((size) => size !== -1));
    const shape = target.map((size) => (size === -1 ? sizeOf(x.shape) / given : size));
    if (sameShape(shape, x.shape)) return x;
    if (sameShape(shape, [sizeOf(x.shape)])) return flatten(scope, layer, x);
    throw new AppError("files/unsupported", {
      where: layer.where,
      expected: "a reshape that flattens",
      found: `${showShape(x.shape)} to ${showShape(target)}`,
    });
  };
}

function readConcat(layer: KerasLayer): Build {
  const fields = checkJson(concatSchema, layer.config, layer.where);
  const join = readJoin(layer, "concat");
  return (scope, inputs) => {
    refuseOtherAxis(fields.axis, inputs[0]?.shape ?? [], layer.where);
    return join(scope, inputs);
  };
}

function readJoin(layer: KerasLayer, kind: "add" | "concat"): Build {
  const fewest = 2;
  if (layer.inputs.length < fewest) {
    throw new AppError("model/bad-graph", {
      where: at(layer.where, "inbound_nodes"),
      expected: `at least ${fewest} inputs`,
      found: String(layer.inputs.length),
    });
  }
  return (scope, inputs) => scope.emit(scope.nameOf(layer), { kind }, inputs, layer.where);
}

/** Axes are counted with the batch in front, or from behind. */
function refuseOtherAxis(found: number, shape: Shape, where: string): void {
  if (found === -1 || found === shape.length) return;
  throw new AppError("files/unsupported", {
    where: at(where, "axis"),
    expected: `the channels, which are axis ${shape.length}`,
    found: String(found),
  });
}
