/**
 * @file The table of small networks on which every backend must agree: each op alone between a holder
 * (which makes its input readable as a weight) and a dense readout, then the combinations that the
 * inference plan fuses. Shapes are as small as the case allows, for the software GPU's sake.
 */
import { known, makeRandom, sizeOf, type Shape } from "../../core/index.ts";
import {
  endsOf,
  factsOf,
  GraphBuilder,
  tensorName,
  validateNetwork,
  type Graph,
  type Network,
  type NodeName,
  type Op,
  type Padding,
  type Pair,
  type Tensor,
  type TensorName,
} from "../../model/index.ts";
import { addHolder, corners, spacedValues } from "./holder.ts";

/** One network with one batch. */
export interface OpCase {
  readonly name: string;
  readonly network: Network;
  readonly images: Float32Array;
  readonly labels: Int32Array;
  /** No activation reads computed values, so the loss has no kink near the weights. */
  readonly smooth: boolean;
}

/** Outputs of every readout. */
const CLASSES = 4;

interface Setting {
  readonly shape?: Shape;
  readonly batch?: number;
  /** Around which value the held numbers lie. */
  readonly center?: number;
}

type Build = (b: GraphBuilder, x: NodeName) => NodeName;

/** Puts what `build` makes of a held map between the holder and a readout. */
function held(name: string, build: Build, setting: Setting = {}): OpCase {
  const { shape = [5, 6, 3], batch = 2, center = 0 } = setting;
  const [h = 1, w = 1] = shape;
  const b = new GraphBuilder();
  const x = addHolder(b, "x", shape, b.input([h, w, batch]));
  let y = build(b, x);
  if (endsOf(b.finish(name, y)).output.length === 3) y = b.add("flat", { kind: "flatten" }, y);
  y = b.add("readout", { kind: "dense", units: CLASSES, bias: false }, y);
  return withWeights(b.finish(name, y), corners(batch, shape), batch, center);
}

/** A network whose image is the data itself. */
function fed(name: string, shape: Shape, build: Build, batch = 3): OpCase {
  const b = new GraphBuilder();
  const output = build(b, b.input(shape));
  const images = spacedValues([batch, ...shape], 5, 0);
  return withWeights(b.finish(name, output), images, batch, 0);
}

function withWeights(graph: Graph, images: Float32Array, batch: number, center: number): OpCase {
  const network = fill(graph, center);
  validateNetwork(network);
  const labels = Int32Array.from({ length: batch }, (_, i) => (3 * i + 1) % CLASSES);
  return { name: graph.name, network, images, labels, smooth: true };
}

/** Weights that leave nothing at a special value: scales of both signs, statistics that matter. */
export function fill(graph: Graph, center = 0): Network {
  const weights = new Map<TensorName, Tensor>();
  let index = 0;
  for (const { node, weights: specs } of factsOf(graph).values()) {
    for (const [slot, { shape }] of Object.entries(specs)) {
      const random = makeRandom(11, index++);
      const count = sizeOf(shape);
      const fanIn = count / known(shape.at(-1), "last axis");
      const draw: Readonly<Record<string, () => number>> = {
        kernel: () => random.normal() / Math.sqrt(fanIn),
        gamma: () => (random.integer(3) === 0 ? -1 : 1) * (0.4 + random.uniform()),
        variance: () => 0.5 + random.uniform(),
      };
      const one = draw[slot] ?? ((): number => random.normal() / 4);
      const values = node.name.startsWith("x")
        ? spacedValues(shape, index, center)
        : Float32Array.from({ length: count }, one);
      weights.set(tensorName(node.name, slot), { shape, values });
    }
  }
  return { ...graph, weights, metadata: {} };
}

interface ConvSetting {
  readonly filters?: number;
  readonly size: Pair | number;
  readonly stride?: Pair | number;
  readonly padding?: Padding | number;
  readonly groups?: number;
  readonly bias?: boolean;
}

const pair = (value: Pair | number): Pair => (typeof value === "number" ? [value, value] : value);
const pads = (value: Padding | number): Padding =>
  typeof value === "number" ? [value, value, value, value] : value;

/** The attributes of a convolution. */
export function convOp(setting: ConvSetting): Extract<Op, { kind: "conv2d" }> {
  const { filters = 4, size, stride = 1, padding = 0, groups = 1, bias = false } = setting;
  return {
    kind: "conv2d",
    filters,
    groups,
    bias,
    size: pair(size),
    stride: pair(stride),
    padding: pads(padding),
  };
}

const conv =
  (setting: ConvSetting): Build =>
  (b, x) =>
    b.add("conv", convOp(setting), x);

const pool =
  (kind: "maxPool" | "averagePool", setting: Omit<ConvSetting, "filters" | "groups" | "bias">) =>
  (b: GraphBuilder, x: NodeName): NodeName => {
    const { size, stride = 1, padding = 0 } = setting;
    return b.add(
      "pool",
      { kind, size: pair(size), stride: pair(stride), padding: pads(padding) },
      x,
    );
  };

const one =
  (op: Op): Build =>
  (b, x) =>
    b.add("op", op, x);

const select = (...indices: number[]): Build => one({ kind: "channelSelect", indices });

const CONVOLUTIONS: readonly OpCase[] = [
  held("conv 3×3, same size", conv({ size: 3, padding: 1 })),
  held("conv 3×3 with bias", conv({ size: 3, padding: 1, bias: true })),
  held("conv 1×1", conv({ size: 1 })),
  held("conv 1×1, stride 2, odd map", conv({ size: 1, stride: 2 }), { shape: [5, 7, 3] }),
  held("conv 2×2, stride 2", conv({ size: 2, stride: 2 }), { shape: [6, 4, 3] }),
  held("conv 3×3, stride 2, odd map", conv({ size: 3, stride: 2, padding: 1 }), {
    shape: [7, 5, 3],
  }),
  held("conv 3×3, stride 2, even map, a row left over", conv({ size: 3, stride: 2 }), {
    shape: [6, 6, 2],
  }),
  held("conv 3×3, stride 3, rows left over", conv({ size: 3, stride: 3 }), { shape: [8, 7, 2] }),
  held("conv 2×2, stride 3: pixels that no window sees", conv({ size: 2, stride: 3 }), {
    shape: [7, 8, 2],
  }),
  held("conv 3×3, strides 2 and 1", conv({ size: 3, stride: [2, 1], padding: 1 })),
  held("conv 3×3, strides 1 and 3", conv({ size: 3, stride: [1, 3], padding: 1 })),
  held("conv 4×4", conv({ size: 4, padding: [1, 2, 2, 1] })),
  held("conv 5×5, stride 2", conv({ size: 5, stride: 2, padding: 2 })),
  held("conv 6×6, stride 3", conv({ size: 6, stride: 3, padding: [3, 2, 2, 3] })),
  held("conv 7×7 on a smaller map", conv({ size: 7, padding: 3 }), { shape: [4, 5, 2] }),
  held("conv 1×5", conv({ size: [1, 5], padding: [0, 0, 2, 2] })),
  held("conv 5×1, stride 2", conv({ size: [5, 1], stride: 2, padding: [2, 2, 0, 0] })),
  held(
    "conv 3×3, stride 2, padded below and right only",
    conv({ size: 3, stride: 2, padding: [0, 1, 0, 1] }),
    { shape: [6, 6, 2] },
  ),
  held(
    "conv 3×3, padded above and left only",
    conv({ size: 3, stride: 2, padding: [2, 0, 1, 0] }),
    { shape: [6, 5, 2] },
  ),
  held("conv 3×3 on a single pixel", conv({ size: 3, padding: 1 }), { shape: [1, 1, 3] }),
  held("conv from one channel to one", conv({ size: 3, filters: 1 }), { shape: [5, 5, 1] }),
  held("conv on a batch of one", conv({ size: 3, stride: 2, padding: 1 }), { batch: 1 }),
  held("conv in 2 groups", conv({ size: 3, padding: 1, groups: 2, filters: 6, bias: true }), {
    shape: [5, 4, 4],
  }),
  held(
    "conv in 3 groups, stride 2, uneven pads",
    conv({ size: 3, stride: 2, padding: [1, 0, 0, 2], groups: 3, filters: 3 }),
    { shape: [6, 5, 6] },
  ),
  held("depthwise 3×3", conv({ size: 3, padding: 1, groups: 3, filters: 3 })),
  held("depthwise 3×3 with bias", conv({ size: 3, groups: 3, filters: 3, bias: true })),
  held(
    "depthwise 3×3, stride 2, uneven pads",
    conv({ size: 3, stride: 2, padding: [0, 1, 1, 0], groups: 3, filters: 3 }),
    { shape: [6, 7, 3] },
  ),
  held("depthwise 5×5, stride 3", conv({ size: 5, stride: 3, padding: 2, groups: 2, filters: 2 }), {
    shape: [7, 8, 2],
  }),
  held("depthwise, two outputs a channel", conv({ size: 3, padding: 1, groups: 3, filters: 6 })),
  held(
    "depthwise, two outputs a channel, stride 2",
    conv({ size: 3, stride: 2, padding: [1, 0, 0, 1], groups: 3, filters: 6, bias: true }),
    { shape: [6, 5, 3] },
  ),
];

const POOLS: readonly OpCase[] = (["maxPool", "averagePool"] as const).flatMap((kind) => [
  held(`${kind} 2×2`, pool(kind, { size: 2, stride: 2 }), { shape: [4, 6, 3] }),
  held(`${kind} 2×2, odd map`, pool(kind, { size: 2, stride: 2 }), { shape: [5, 7, 2] }),
  held(`${kind} 3×3, overlapping`, pool(kind, { size: 3, stride: 2 }), { shape: [7, 7, 2] }),
  held(`${kind} 3×3, overlapping and padded`, pool(kind, { size: 3, stride: 2, padding: 1 }), {
    shape: [6, 7, 2],
  }),
  held(`${kind} 3×3, stride 1, padded`, pool(kind, { size: 3, padding: 1 })),
  held(
    `${kind} 2×3, uneven pads`,
    pool(kind, { size: [2, 3], stride: [1, 2], padding: [0, 1, 2, 0] }),
  ),
  held(`${kind} 2×2, stride 3: pixels that no window sees`, pool(kind, { size: 2, stride: 3 }), {
    shape: [7, 5, 2],
  }),
  held(`${kind} 1×1, stride 2`, pool(kind, { size: 1, stride: 2 }), { shape: [5, 6, 3] }),
  held(`${kind} 1×1, strides 1 and 2`, pool(kind, { size: 1, stride: [1, 2] })),
]);

const CURVES: readonly (readonly [name: string, op: Op])[] = [
  ["ELU", { kind: "elu", alpha: 1 }],
  ["ELU with an alpha below 1", { kind: "elu", alpha: 0.3 }],
  ["ELU with an alpha above 1", { kind: "elu", alpha: 1.7 }],
  ["leaky ReLU", { kind: "leakyRelu", alpha: 0.2 }],
  ["swish", { kind: "swish" }],
  ["tanh", { kind: "tanh" }],
];

const OTHERS: readonly OpCase[] = [
  held("batch norm of a map", (b, x) => b.bn("bn", x)),
  held("batch norm of a vector", (b, x) => b.bn("bn", b.add("f", { kind: "flatten" }, x)), {
    shape: [1, 3, 2],
    batch: 5,
  }),
  held("batch norm with a large epsilon and its own momentum", (b, x) =>
    b.add("bn", { kind: "batchNorm", epsilon: 0.25, momentum: 0.3 }, x),
  ),
  held("ReLU", (b, x) => b.relu("relu", x)),
  held("ReLU of a vector", (b, x) => b.relu("relu", b.add("f", { kind: "flatten" }, x))),
  held("ReLU6", one({ kind: "relu6" }), { center: 3, shape: [6, 7, 4] }),
  ...CURVES.map(([name, op]) => held(name, one(op), { shape: [5, 6, 7] })),
  held("tanh of a vector", (b, x) =>
    b.add("op", { kind: "tanh" }, b.add("f", { kind: "flatten" }, x)),
  ),
  held("swish beside what it reads", (b, x) =>
    b.add("join", { kind: "concat" }, x, b.add("op", { kind: "swish" }, x)),
  ),
  held("global average pool", one({ kind: "globalAveragePool" }), { shape: [5, 6, 7] }),
  held("global average pool of one pixel", one({ kind: "globalAveragePool" }), {
    shape: [1, 1, 5],
  }),
  held("flatten", one({ kind: "flatten" })),
  held(
    "dense with bias",
    (b, x) =>
      b.add("op", { kind: "dense", units: 5, bias: true }, b.add("f", { kind: "flatten" }, x)),
    { shape: [2, 2, 3] },
  ),
  held("select some channels", select(2, 0)),
  held("select with channels of zeros", select(-1, 1, -1, 0)),
  held("select a channel twice", select(1, 1, 2)),
  held("select every channel", select(0, 1, 2)),
  held("select nothing but zeros, beside the map itself", (b, x) =>
    b.add("both", { kind: "concat" }, select(-1, -1)(b, x), x),
  ),
  held("select of a vector", (b, x) => select(4, -1, 0, 4)(b, b.add("f", { kind: "flatten" }, x)), {
    shape: [1, 2, 3],
  }),
  held(
    "softmax in the middle",
    (b, x) => b.add("soft", { kind: "softmax" }, b.add("f", { kind: "flatten" }, x)),
    { shape: [1, 2, 3] },
  ),
  held("add two branches", (b, x) =>
    b.add("sum", { kind: "add" }, x, b.conv("conv", x, { filters: 3 })),
  ),
  held("add three branches", (b, x) =>
    b.add("sum", { kind: "add" }, b.relu("r", x), x, b.conv("conv", x, { filters: 3, size: 1 })),
  ),
  held("add a map to itself", (b, x) => b.add("sum", { kind: "add" }, x, x)),
  held("concat two branches", (b, x) =>
    b.add("join", { kind: "concat" }, x, b.conv("conv", x, { filters: 2 })),
  ),
  held("concat three, one of them twice", (b, x) =>
    b.add("join", { kind: "concat" }, x, b.conv("conv", x, { filters: 1 }), x),
  ),
  held(
    "concat nine: more inputs than a webgpu shader may have buffers",
    (b, x) => {
      const parts = Array.from({ length: 8 }, (_, i) => b.relu(`r${i}`, x));
      return b.add("join", { kind: "concat" }, x, ...parts);
    },
    { shape: [2, 2, 2] },
  ),
  held(
    "add eight branches",
    (b, x) => {
      const parts = Array.from({ length: 7 }, (_, i) => b.relu(`r${i}`, x));
      return b.add("sum", { kind: "add" }, x, ...parts);
    },
    { shape: [2, 2, 2] },
  ),
  held("concat of vectors", (b, x) => {
    const v = b.add("f", { kind: "flatten" }, x);
    return b.add("join", { kind: "concat" }, v, b.relu("r", v));
  }),
];

const chain =
  (setting: ConvSetting, activation?: "relu" | "relu6" | "swish"): Build =>
  (b, x) => {
    const normed = b.bn("bn", conv(setting)(b, x));
    return activation === undefined ? normed : b.add("act", { kind: activation }, normed);
  };

/**
 * Chains that the inference plan takes together, and those that it must leave apart. Their
 * activations read computed values, which may lie anywhere near a kink.
 */
const FUSED: readonly OpCase[] = [
  held("conv, BN, ReLU", chain({ size: 3, padding: 1 }, "relu")),
  held("conv with bias, BN, ReLU6", chain({ size: 3, stride: 2, bias: true }, "relu6")),
  held("conv, BN", chain({ size: 1 })),
  held("conv with bias, ReLU6", (b, x) =>
    b.add("act", { kind: "relu6" }, conv({ size: 3, bias: true })(b, x)),
  ),
  held("depthwise, BN, ReLU6", chain({ size: 3, padding: 1, groups: 3, filters: 3 }, "relu6")),
  held(
    "depthwise with two outputs a channel, BN, ReLU",
    chain({ size: 3, padding: 1, groups: 3, filters: 6, bias: true }, "relu"),
  ),
  held("conv, BN, swish", chain({ size: 3, padding: 1 }, "swish")),
  held("conv with bias, tanh", (b, x) =>
    b.add("act", { kind: "tanh" }, conv({ size: 3, bias: true })(b, x)),
  ),
  held("grouped conv, ELU, added to what it reads", (b, x) => {
    const y = conv({ size: 3, padding: 1, groups: 3, filters: 3 })(b, x);
    return b.add("sum", { kind: "add" }, b.add("act", { kind: "elu", alpha: 1 }, y), y);
  }),
  held("grouped conv, BN, ReLU", chain({ size: 3, groups: 2, filters: 4, bias: true }, "relu"), {
    shape: [5, 5, 4],
  }),
  held(
    "grouped conv, ReLU6",
    (b, x) => b.add("act", { kind: "relu6" }, conv({ size: 3, groups: 3, filters: 6 })(b, x)),
    { shape: [4, 4, 6] },
  ),
  held("conv that its BN shares with another reader", (b, x) => {
    const y = b.conv("conv", x, { filters: 3 });
    return b.add("sum", { kind: "add" }, b.relu("relu", b.bn("bn", y)), y);
  }),
  held("BN that its ReLU shares with another reader", (b, x) => {
    const y = b.bn("bn", b.conv("conv", x, { filters: 3 }));
    return b.add("sum", { kind: "add" }, b.relu("relu", y), y);
  }),
  held("a branch that leads nowhere", (b, x) => {
    const y = b.conv("conv", x, { filters: 3 });
    b.relu("idle", b.conv("aside", y, { filters: 2 }));
    return b.relu("relu", b.bn("bn", y));
  }),
];

const ENDS: readonly OpCase[] = [
  fed("a vector as input", [5], (b, x) =>
    b.add("fc", { kind: "dense", units: CLASSES, bias: true }, x),
  ),
  fed("ReLU and BN straight on the image", [4, 3, 2], (b, x) => {
    const y = b.add("f", { kind: "flatten" }, b.bn("bn", b.relu("relu", x)));
    return b.add("fc", { kind: "dense", units: CLASSES, bias: false }, y);
  }),
  fed("swish straight on the image", [4, 3, 2], (b, x) => {
    const y = b.add("f", { kind: "flatten" }, b.add("act", { kind: "swish" }, x));
    return b.add("fc", { kind: "dense", units: CLASSES, bias: false }, y);
  }),
  fed("the image beside its convolution", [4, 4, 2], (b, x) => {
    const sum = b.add("sum", { kind: "add" }, x, b.conv("conv", x, { filters: 2 }));
    const y = b.add(
      "gap",
      { kind: "globalAveragePool" },
      b.add("join", { kind: "concat" }, sum, x),
    );
    return b.add("fc", { kind: "dense", units: CLASSES, bias: true }, y);
  }),
  fed("softmax at the end", [4, 3, 2], (b, x) => {
    const y = b.add("gap", { kind: "globalAveragePool" }, b.conv("conv", x, { filters: 3 }));
    return b.add(
      "soft",
      { kind: "softmax" },
      b.add("fc", { kind: "dense", units: CLASSES, bias: true }, y),
    );
  }),
];

/** Every case, for every backend. */
export const CASES: readonly OpCase[] = [
  ...CONVOLUTIONS,
  ...POOLS,
  ...OTHERS,
  ...FUSED.map((chained) => ({ ...chained, smooth: false })),
  ...ENDS,
];
