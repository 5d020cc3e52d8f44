/**
 * @file Test support: random small networks of every op, wired at random (residual, concatenated,
 * grouped, depthwise with multipliers, selections with repeats and −1, shared and dangling nodes), and
 * random plans over them. A function of its seed.
 */
import {
  channelsOf,
  known,
  makeRandom,
  sameShape,
  type Random,
  type Shape,
} from "../../core/index.ts";
import {
  definitionOf,
  initialize,
  parseArchitecture,
  weightSpecs,
  type Graph,
  type Network,
  type Node,
  type NodeName,
  type Op,
  type Tensor,
} from "../../model/index.ts";
import type { Scores } from "../criteria/criterion.ts";
import type { GroupTable } from "../groups.ts";

interface Place {
  readonly name: NodeName;
  readonly shape: Shape;
}

/** Nodes added so far, and what can be hung on them. */
class Grower {
  readonly nodes: Node[] = [];
  readonly places: Place[] = [];
  readonly random: Random;
  readonly #pads: boolean;

  constructor(random: Random, pads: boolean) {
    this.random = random;
    this.#pads = pads;
  }

  add(op: Op, ...inputs: Place[]): Place {
    const shape = definitionOf(op).inferShape(
      op,
      inputs.map((input) => input.shape),
    ) as Shape;
    const place = { name: `${op.kind}${this.nodes.length}`, shape };
    this.nodes.push({ name: place.name, op, inputs: inputs.map(({ name }) => name) });
    this.places.push(place);
    return place;
  }

  pick<T>(from: readonly T[]): T {
    return known(from[this.random.integer(from.length)], "choice");
  }

  /** Mostly one of the newest, so that graphs grow deep; sometimes any. */
  source(): Place {
    const { places, random } = this;
    return this.pick(random.uniform() < 0.7 ? places.slice(-2) : places);
  }

  conv(from: Place, filters: number, groups: number): Place {
    const drawn = this.pick([1, 3]);
    const [h = 0, w = 0] = from.shape;
    const size = this.#pads || (h >= drawn && w >= drawn) ? drawn : 1;
    const pad = this.#pads && size === 3 ? 1 : 0;
    return this.add(
      {
        kind: "conv2d",
        filters,
        groups,
        bias: this.random.uniform() < 0.5,
        size: [size, size],
        stride: [1, 1],
        padding: [pad, pad, pad, pad],
      },
      from,
    );
  }

  step(): void {
    const from = this.source();
    const c = channelsOf(from.shape);
    const turns: readonly (() => void)[] = [
      () => this.conv(from, 1 + this.random.integer(6), 1),
      () => {
        const groups = this.pick([1, 2, 3, 4].filter((g) => c % g === 0));
        this.conv(from, groups * (1 + this.random.integer(3)), groups);
      },
      () => this.conv(from, c * (1 + this.random.integer(2)), c),
      () => this.add({ kind: "batchNorm", epsilon: 1e-5, momentum: 0.1 }, from),
      () => this.add({ kind: "batchNorm", epsilon: 1e-3, momentum: 0.1 }, from),
      () => this.add({ kind: this.pick(["relu", "relu6", "swish", "tanh"] as const) }, from),
      () => this.add({ kind: this.pick(["elu", "leakyRelu"] as const), alpha: 0.3 }, from),
      () => this.pool(from),
      () => this.sum(from),
      () => this.sum(from),
      () => this.join(from),
      () => this.select(from),
    ];
    this.pick(turns)();
  }

  pool(from: Place): void {
    const [h = 0, w = 0] = from.shape;
    if (h < 3 || w < 3) return;
    const kind = this.pick(["maxPool", "averagePool"] as const);
    const pad = this.random.integer(2);
    this.add({ kind, size: [2, 2], stride: [2, 2], padding: [pad, 0, 0, pad] }, from);
  }

  /** Adds what fits already, or makes it fit by a convolution. */
  sum(from: Place): void {
    const fitting = this.places.filter(({ shape }) => sameShape(shape, from.shape));
    const sameMap = this.places.filter(({ shape }) =>
      sameShape(shape.slice(0, 2), from.shape.slice(0, 2)),
    );
    const other =
      this.random.uniform() < 0.5
        ? this.pick(fitting)
        : this.conv(this.pick(sameMap), channelsOf(from.shape), 1);
    if (!sameShape(other.shape, from.shape)) return;
    const third = this.random.uniform() < 0.2 ? [this.pick(fitting)] : [];
    this.add({ kind: "add" }, from, other, ...third);
  }

  join(from: Place): void {
    const fitting = this.places.filter(
      ({ shape }) =>
        sameShape(shape.slice(0, 2), from.shape.slice(0, 2)) &&
        channelsOf(shape) + channelsOf(from.shape) <= 12,
    );
    if (fitting.length > 0) this.add({ kind: "concat" }, from, this.pick(fitting));
  }

  select(from: Place): void {
    const c = channelsOf(from.shape);
    const length = 1 + this.random.integer(c + 2);
    const indices = Array.from({ length }, () => this.random.integer(c + 1) - 1);
    this.add({ kind: "channelSelect", indices }, from);
  }
}

/**
 * A random graph with random weights.
 * @param steps — how many nodes to try to add between input and head
 * @param options — convolutions pad with zeros unless `padding` is false
 */
export function randomNetwork(
  seed: number,
  steps: number,
  { padding = true }: { readonly padding?: boolean } = {},
): Network {
  const random = makeRandom(seed, steps);
  const g = new Grower(random, padding);
  g.add({
    kind: "input",
    shape: [4 + random.integer(3), 4 + random.integer(2), 1 + random.integer(3)],
  });
  g.conv(g.source(), 2 + random.integer(4), 1);
  for (let i = 0; i < steps; i++) g.step();
  let top = known(g.places.at(-1), "last node");
  top = g.add({ kind: g.pick(["flatten", "globalAveragePool"] as const) }, top);
  if (random.uniform() < 0.5) {
    top = g.add({ kind: "dense", units: 2 + random.integer(4), bias: true }, top);
    if (random.uniform() < 0.5)
      top = g.add({ kind: "batchNorm", epsilon: 1e-5, momentum: 0.1 }, top);
    top = g.add({ kind: "relu" }, top);
  }
  top = g.add({ kind: "dense", units: 3, bias: random.uniform() < 0.5 }, top);
  if (random.uniform() < 0.3) top = g.add({ kind: "softmax" }, top);
  const graph: Graph = { name: `random ${seed}`, nodes: g.nodes, output: top.name };
  return withRandomWeights(graph, random);
}

/** Weights of order 1, γ of either sign and β away from 0, variances positive. */
export function withRandomWeights(graph: Graph, random: Random): Network {
  const network = initialize(graph, { seed: 1 });
  const weights = new Map<string, Tensor>();
  for (const [name, { shape }] of network.weights) {
    const fan = shape.length > 1 ? shape.slice(0, -1).reduce((a, b) => a * b, 1) : 1;
    const size = shape.reduce((a, b) => a * b, 1);
    const positive = name.endsWith("/variance");
    const values = Float32Array.from({ length: size }, () =>
      positive ? 0.2 + random.uniform() : random.normal() / Math.sqrt(fan),
    );
    weights.set(name, { shape, values });
  }
  return { ...network, weights };
}

/** Uniform scores for every group that may be cut, with ties among them when `levels` is small. */
export function randomScores(table: GroupTable, seed: number, levels = 1 << 24): Scores {
  const random = makeRandom(seed, 77);
  return new Map(
    table.groups
      .filter(({ fixed }) => !fixed)
      .map(({ id, size }) => [
        id,
        Float64Array.from({ length: size }, () => (1 + random.integer(levels)) / levels),
      ]),
  );
}

/** An architecture whose weights are all 0: what counting needs, without drawing 20 million numbers. */
export function blankNetwork(name: string): Network {
  const { graph } = known(parseArchitecture(name), name);
  const weights = new Map<string, Tensor>();
  for (const [tensor, { shape }] of weightSpecs(graph)) {
    weights.set(tensor, { shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
  }
  return { ...graph, weights, metadata: {} };
}

/** Gives every γ its own random value of either sign; no two are equal in size. */
export function withRandomScales(network: Network, seed: number): Network {
  const random = makeRandom(seed, 5);
  const weights = new Map(network.weights);
  const seen = new Set<number>();
  const draw = (): number => {
    for (;;) {
      const value = Math.fround(0.01 + random.uniform());
      if (seen.has(value)) continue;
      seen.add(value);
      return random.uniform() < 0.3 ? -value : value;
    }
  };
  for (const [name, { shape }] of network.weights) {
    if (!name.endsWith("/gamma")) continue;
    weights.set(name, { shape, values: Float32Array.from({ length: shape[0] ?? 0 }, draw) });
  }
  return { ...network, weights };
}

/** Pixels of order 1. */
export function randomImage(shape: Shape, seed: number): Float64Array {
  const random = makeRandom(seed, 9);
  const size = shape.reduce((a, b) => a * b, 1);
  return Float64Array.from({ length: size }, () => random.normal());
}
