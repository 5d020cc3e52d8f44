/**
 * @file Each op as a layer of TensorFlow.js, one line in a table each. `lower.ts` says what the
 * translation as a whole promises.
 */
import { AppError, channelsOf, type Shape } from "../../core/index.ts";
import {
  type Conv2d,
  depthMultiplier,
  type NodeFacts,
  type Op,
  type OpKind,
  type TensorName,
  tensorName,
  type Window,
} from "../../model/index.ts";
import { at } from "../bytes.ts";
import { isSamePadding, isUnpadded } from "./padding.ts";
import type { Signs } from "./signs.ts";

/** What a weight of theirs holds. */
export type WeightSource =
  /** One of ours, value by value; only the shape may be written differently. */
  | { readonly kind: "ours"; readonly tensor: TensorName; readonly shape: Shape }
  /** A grouped kernel `[kh, kw, cin/groups, cout]`, spread to `[kh, kw, cin, cout]`. */
  | {
      readonly kind: "grouped";
      readonly tensor: TensorName;
      readonly shape: Shape;
      readonly groups: number;
    }
  /** Column j is one at row `indices[j]`, or all zero for −1. */
  | { readonly kind: "one-hot"; readonly indices: readonly number[] };

/** One weight of a layer, under the name that the manifest gives it. */
export interface LoweredWeight {
  readonly name: string;
  readonly shape: Shape;
  readonly source: WeightSource;
}

/** What a translation may look at, and where it leaves its remarks. */
export interface Context {
  readonly facts: NodeFacts;
  readonly where: string;
  readonly signs: Signs;
  readonly notes: string[];
}

/** A node's layer before it has a name: an optional padding layer in front, then the layer. */
export interface Draft {
  readonly pad?: Window["padding"];
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** By the slot's name in Keras. */
  readonly weights?: Readonly<Record<string, Omit<LoweredWeight, "name">>>;
}

type Lowering<K extends OpKind> = (op: Extract<Op, { kind: K }>, context: Context) => Draft;

const channels = "channels_last";
const linear: Draft = { className: "Activation", config: { activation: "linear" } };

const LOWERINGS: { readonly [K in OpKind]: Lowering<K> } = {
  input: ({ shape }) => ({
    className: "InputLayer",
    config: { batch_input_shape: [null, ...shape], dtype: "float32", sparse: false },
  }),
  conv2d: lowerConv,
  batchNorm: lowerBatchNorm,
  relu: () => ({ className: "Activation", config: { activation: "relu" } }),
  relu6: () => ({ className: "ReLU", config: { max_value: 6 } }),
  elu: lowerElu,
  leakyRelu: ({ alpha }) => ({ className: "LeakyReLU", config: { alpha } }),
  swish: () => ({ className: "Activation", config: { activation: "swish" } }),
  tanh: () => ({ className: "Activation", config: { activation: "tanh" } }),
  maxPool: lowerPool,
  averagePool: lowerPool,
  globalAveragePool: () => ({
    className: "GlobalAveragePooling2D",
    config: { data_format: channels },
  }),
  // Their Flatten refuses what is flat already.
  flatten: (_, { facts }) =>
    facts.inputs[0]?.length === 1 ? linear : { className: "Flatten", config: {} },
  dense: ({ units, bias }, { facts }) => ({
    className: "Dense",
    config: { units, use_bias: bias, activation: "linear" },
    weights: ours(facts, { kernel: "kernel", ...(bias ? { bias: "bias" } : {}) }),
  }),
  add: () => ({ className: "Add", config: {} }),
  concat: () => ({ className: "Concatenate", config: { axis: -1 } }),
  channelSelect: ({ indices }, { facts }) => lowerSelect(indices, facts.inputs[0] ?? []),
  softmax: () => ({ className: "Softmax", config: { axis: -1 } }),
};

/**
 * Translates one node.
 * @throws files/unsupported when tfjs layers cannot say it
 */
export function lowerNode(context: Context): Draft {
  const { op } = context.facts.node;
  return (LOWERINGS[op.kind] as Lowering<OpKind>)(op, context);
}

/** Weights that cross over unchanged: Keras' slot → ours. */
function ours(
  { node, weights }: NodeFacts,
  slots: Readonly<Record<string, string>>,
): Readonly<Record<string, Omit<LoweredWeight, "name">>> {
  return Object.fromEntries(
    Object.entries(slots).map(([theirs, slot]) => {
      const shape = weights[slot]?.shape ?? [];
      const tensor = tensorName(node.name, slot);
      return [theirs, { shape, source: { kind: "ours", tensor, shape } as const }];
    }),
  );
}

function lowerConv(op: Conv2d, { facts, notes, where }: Context): Draft {
  const [input = []] = facts.inputs;
  const { padding, ...pad } = placePadding(op, input);
  const shared = {
    kernel_size: op.size,
    strides: op.stride,
    padding,
    data_format: channels,
    dilation_rate: [1, 1],
    activation: "linear",
    use_bias: op.bias,
  };
  const bias = op.bias ? ours(facts, { bias: "bias" }) : {};
  const tensor = tensorName(facts.node.name, "kernel");
  const shape = facts.weights["kernel"]?.shape ?? [];
  const cin = channelsOf(input);
  const multiplier = depthMultiplier(op, cin);
  if (multiplier !== undefined) {
    // Ours [kh, kw, 1, cin · m] and theirs [kh, kw, cin, m] lie in memory alike.
    const theirs = [...op.size, cin, multiplier];
    const kernel = { shape: theirs, source: { kind: "ours", tensor, shape } as const };
    return {
      ...pad,
      className: "DepthwiseConv2D",
      config: { ...shared, depth_multiplier: multiplier },
      weights: { depthwise_kernel: kernel, ...bias },
    };
  }
  const config = { ...shared, filters: op.filters };
  if (op.groups === 1) {
    const weights = { ...ours(facts, { kernel: "kernel" }), ...bias };
    return { ...pad, className: "Conv2D", config, weights };
  }
  notes.push(
    `${where} has ${op.groups} groups, which tfjs layers do not know: it was written as a plain ` +
      "convolution with zeros between the groups",
  );
  const source = { kind: "grouped", tensor, shape, groups: op.groups } as const;
  const kernel = { shape: [...op.size, cin, op.filters], source };
  return { ...pad, className: "Conv2D", config, weights: { kernel, ...bias } };
}

/** "valid", "same" where it means these very pads, or "valid" behind a layer that pads. */
function placePadding(
  window: Window,
  input: Shape,
): { readonly padding: "valid" | "same"; readonly pad?: Window["padding"] } {
  if (isUnpadded(window)) return { padding: "valid" };
  if (isSamePadding(window, input)) return { padding: "same" };
  return { padding: "valid", pad: window.padding };
}

function lowerPool(op: Extract<Op, Window>, { facts, where, signs }: Context): Draft {
  const [input = []] = facts.inputs;
  const [source = ""] = facts.node.inputs;
  const { padding, ...pad } = placePadding(op, input);
  const max = op.kind === "maxPool";
  // Zeros in front of a maximum change nothing where no value is below zero; an average counts them.
  if (pad.pad !== undefined && !(max && signs.get(source) === true)) {
    throw new AppError("files/unsupported", {
      where: at(where, "padding"),
      expected: max ? "padding only on values that are never negative" : 'no padding, or "same"',
      found: `padding [${op.padding.join(",")}]`,
      hint: max
        ? "put the pooling behind a ReLU, or save the network as safetensors"
        : "save the network as safetensors",
    });
  }
  return {
    ...pad,
    className: max ? "MaxPooling2D" : "AveragePooling2D",
    config: { pool_size: op.size, strides: op.stride, padding, data_format: channels },
  };
}

/** Their layer takes an alpha, and refuses every other than 1 when it is loaded. */
function lowerElu({ alpha }: Extract<Op, { kind: "elu" }>, { where }: Context): Draft {
  if (alpha === 1) return { className: "ELU", config: { alpha } };
  throw new AppError("files/unsupported", {
    where: at(where, "alpha"),
    expected: "ELU with alpha 1",
    found: String(alpha),
    hint: "save the network as safetensors",
  });
}

function lowerBatchNorm(op: Extract<Op, { kind: "batchNorm" }>, { facts }: Context): Draft {
  return {
    className: "BatchNormalization",
    // Keras' momentum is the share of the old statistics, ours that of the new batch.
    config: { axis: -1, momentum: 1 - op.momentum, epsilon: op.epsilon, center: true, scale: true },
    weights: ours(facts, {
      gamma: "gamma",
      beta: "beta",
      moving_mean: "mean",
      moving_variance: "variance",
    }),
  };
}

function lowerSelect(indices: readonly number[], input: Shape): Draft {
  const cin = channelsOf(input);
  const isMap = input.length === 3;
  if (indices.length === cin && indices.every((index, i) => index === i)) {
    return linear;
  }
  const shape = isMap ? [1, 1, cin, indices.length] : [cin, indices.length];
  const weights = { kernel: { shape, source: { kind: "one-hot", indices } as const } };
  const shared = { activation: "linear", use_bias: false, trainable: false };
  if (!isMap) return { className: "Dense", config: { ...shared, units: indices.length }, weights };
  const window = { kernel_size: [1, 1], strides: [1, 1], padding: "valid", dilation_rate: [1, 1] };
  return {
    className: "Conv2D",
    config: { ...shared, ...window, data_format: channels, filters: indices.length },
    weights,
  };
}
