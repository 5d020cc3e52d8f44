/**
 * @file What a channel says that says the same everywhere: a batch norm whose γ is (nearly) 0 gives β
 * at every pixel, an activation turns that into act(β), a kernel of zeros gives its bias. Such a channel
 * is dead, but not silent; whoever removes it must know what its readers will miss (see `absorb.ts`).
 *
 * One forward pass over the graph, with a number for each channel in place of a map. Zero-padding makes
 * a constant uneven at the border of a map; where, and by how much at most, is carried along.
 */
import { channelsOf, known, type Shape } from "../core/index.ts";
import {
  factsOf,
  tensorName,
  type Network,
  type Node,
  type NodeFacts,
  type NodeName,
  type Op,
} from "../model/index.ts";
import { asPoint, merged, spreadUnevenness, type Unevenness } from "./borders.ts";
import { classesOf, type GroupTable } from "./groups.ts";
import { multiply, type Constants } from "./multiply-constants.ts";

/**
 * Finds what all channels say. A batch norm is taken for one with γ = 0 unless what it reads is constant
 * by itself; what has neither a batch norm nor a constant behind it is not known. Cost O(weights).
 * @param survives — by class; the readers of a removed channel take it at its word
 */
export function findConstants(
  network: Network,
  table: GroupTable,
  survives: Uint8Array,
): ReadonlyMap<NodeName, Constants> {
  const all = new Map<NodeName, Constants>();
  for (const facts of factsOf(network).values()) {
    const { name, inputs } = facts.node;
    const read = inputs.map((input) => {
      const said = known(all.get(input), input);
      const classes = classesOf(table, input);
      const isRemoved = (i: number): boolean => survives[classes[i] as number] === 0;
      return { ...said, isSettled: (i: number) => said.isExact[i] === 1 || isRemoved(i) };
    });
    all.set(name, tidied(say(network, facts, read)));
  }
  return all;
}

/** What is unknown is not off, and a map on which nothing is off is even. */
function tidied({ values, deviations, ...rest }: Constants): Constants {
  const by = deviations.map((deviation, i) => (Number.isNaN(values[i]) ? 0 : deviation));
  const said = { ...rest, values, deviations: by };
  if (by.some((deviation) => deviation > 0)) return said;
  return { ...said, rows: rest.rows.map(() => 0), columns: rest.columns.map(() => 0) };
}

/** An input, with whether a multiplication may count on a channel's constant. */
interface Read extends Constants {
  readonly isSettled: (channel: number) => boolean;
}

function say(
  network: Network,
  { node, inputs, shape }: NodeFacts,
  read: readonly Read[],
): Constants {
  const { op } = node;
  const [input = []] = inputs;
  const [first] = read;
  if (first === undefined) return unknown(shape);
  switch (op.kind) {
    case "batchNorm":
      return normalized(network, node.name, op.epsilon, first);
    case "conv2d":
    case "dense":
      return multiplied(network, node, [input, shape], first);
    case "add":
      return read.slice(1).reduce<Constants>(added, first);
    case "concat":
      return { ...merged(read), ...arranged(read.flatMap((from) => placesIn(from))) };
    case "channelSelect":
      return { ...first, ...arranged(op.indices.map((index) => [first, index])) };
    case "flatten": {
      const c = first.values.length;
      const places = Array.from({ length: channelsOf(shape) }, (_, j): Place => [first, j % c]);
      return { ...asPoint(first), ...arranged(places) };
    }
    case "globalAveragePool":
      return { ...first, ...asPoint(first) };
    case "maxPool":
    case "averagePool":
      return { ...first, ...spreadUnevenness(op, first, shape) };
    case "relu":
    case "relu6":
    case "elu":
    case "leakyRelu":
    case "swish":
    case "tanh":
      return activated(first, activationOf(op));
    // Each channel answers to all others.
    case "softmax":
    case "input":
      return unknown(shape);
    default:
      return op satisfies never;
  }
}

function unknown(shape: Shape): Constants {
  const width = channelsOf(shape);
  const [rows, columns] = shape.length === 3 ? shape : [1, 1];
  return {
    values: new Float64Array(width).fill(NaN),
    isExact: new Uint8Array(width),
    deviations: new Float64Array(width),
    rows: new Uint8Array(rows ?? 1),
    columns: new Uint8Array(columns ?? 1),
  };
}

/** A channel of an input; −1 for zeros. */
type Place = readonly [from: Constants, channel: number];

const placesIn = (from: Constants): Place[] =>
  Array.from(from.values, (_, channel): Place => [from, channel]);

function arranged(places: readonly Place[]): Omit<Constants, keyof Unevenness> {
  const at = (of: (from: Constants) => ArrayLike<number>, otherwise: number): number[] =>
    places.map(([from, channel]) =>
      channel < 0 ? otherwise : known(of(from)[channel], "channel"),
    );
  return {
    values: Float64Array.from(at(({ values }) => values, 0)),
    isExact: Uint8Array.from(at(({ isExact }) => isExact, 1)),
    deviations: Float64Array.from(at(({ deviations }) => deviations, 0)),
  };
}

function added(a: Constants, b: Constants): Constants {
  const sum = (x: Float64Array, y: Float64Array): Float64Array =>
    x.map((value, i) => value + (y[i] as number));
  return {
    ...merged([a, b]),
    values: sum(a.values, b.values),
    isExact: a.isExact.map((exact, i) => exact & (b.isExact[i] as number)),
    deviations: sum(a.deviations, b.deviations),
  };
}

function normalized(network: Network, bn: NodeName, epsilon: number, x: Constants): Constants {
  const [gamma, beta, mean, variance] = ["gamma", "beta", "mean", "variance"].map(
    (slot) => known(network.weights.get(tensorName(bn, slot)), slot).values,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const scale = Float64Array.from(
    gamma,
    (value, c) => value / Math.sqrt((variance[c] as number) + epsilon),
  );
  const isGiven = (c: number): boolean => x.isExact[c] === 1;
  return {
    ...x,
    values: x.values.map(
      (value, c) =>
        (isGiven(c) ? (scale[c] as number) * (value - (mean[c] as number)) : 0) +
        (beta[c] as number),
    ),
    isExact: x.isExact.map((exact, c) => (exact === 1 || gamma[c] === 0 ? 1 : 0)),
    deviations: x.deviations.map((by, c) => (isGiven(c) ? by * Math.abs(scale[c] as number) : 0)),
  };
}

/** An activation, with the most that it stretches a difference. */
interface Activation {
  readonly of: (x: number) => number;
  readonly stretch: number;
}

type ActivationOp = Extract<
  Op,
  { kind: "relu" | "relu6" | "elu" | "leakyRelu" | "swish" | "tanh" }
>;

function activationOf(op: ActivationOp): Activation {
  switch (op.kind) {
    case "relu":
      return { of: (x) => Math.max(x, 0), stretch: 1 };
    case "relu6":
      return { of: (x) => Math.min(Math.max(x, 0), 6), stretch: 1 };
    case "leakyRelu":
      return { of: (x) => (x > 0 ? x : op.alpha * x), stretch: 1 };
    case "elu":
      return { of: (x) => (x > 0 ? x : op.alpha * Math.expm1(x)), stretch: Math.max(1, op.alpha) };
    case "tanh":
      return { of: Math.tanh, stretch: 1 };
    case "swish":
      // Its slope is at most 1.0999.
      return { of: (x) => x / (1 + Math.exp(-x)), stretch: 1.1 };
    default:
      return op satisfies never;
  }
}

function activated(x: Constants, { of, stretch }: Activation): Constants {
  return { ...x, values: x.values.map(of), deviations: x.deviations.map((by) => by * stretch) };
}

/** A convolution or dense layer whose channels read nothing but constants. */
function multiplied(
  network: Network,
  node: Node,
  shapes: readonly [input: Shape, output: Shape],
  x: Read,
): Constants {
  const values = x.values.map((value, i) => (x.isSettled(i) ? value : NaN));
  const product = multiply(network, node, shapes, { ...x, values });
  const bias = network.weights.get(tensorName(node.name, "bias"))?.values;
  return {
    ...product,
    values: product.constant.map((value, j) => value + (bias?.[j] ?? 0)),
    isExact: product.isDoubtful.map((doubtful) => 1 - doubtful),
    deviations: product.worst,
  };
}
