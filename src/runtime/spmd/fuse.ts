/**
 * @file Which nodes run together. Nodes that change nothing (selections of everything, flatten of a
 * vector) disappear; batch norm takes selection, activation and 2 × 2 max-pooling along where nobody
 * else reads what is between; a convolution takes its activation, and in inference its batch norm.
 */
import { channelsOf, known, type Shape } from "../../core/index.ts";
import {
  factsOf,
  isIdentitySelection,
  livingNodes,
  type BatchNorm,
  type Conv2d,
  type Network,
  type Node,
  type NodeName,
} from "../../model/index.ts";
import type { Activation, NormUnit, OpOf, Unit } from "./units.ts";

/** What runs, in order, and the unit whose result is asked for. */
export interface Fused {
  readonly units: readonly Unit[];
  readonly output: NodeName;
  /** The unit that gives each watched node's value. */
  readonly watched: ReadonlyMap<NodeName, NodeName>;
}

/**
 * Takes nodes together.
 * @param wanted — the node whose value is asked for
 * @param training — batch norm keeps to itself then: its statistics come from the batch
 * @param watched — nodes whose values are asked for too, so that nothing may swallow them
 */
export function fuse(
  network: Network,
  wanted: NodeName,
  training: boolean,
  watched: readonly NodeName[] = [],
): Fused {
  const graph = simplify(network, wanted, watched);
  const taken = new Set<NodeName>();
  const units: Unit[] = [];
  for (const node of graph.nodes) {
    if (taken.has(node.name)) continue;
    const { unit, along } = unitOf(graph, node, training);
    for (const { name } of along) taken.add(name);
    units.push(unit);
  }
  return { units, output: graph.output, watched: graph.watched };
}

interface Simple {
  readonly nodes: readonly Node[];
  readonly output: NodeName;
  readonly watched: ReadonlyMap<NodeName, NodeName>;
  readonly shapeOf: (name: NodeName) => Shape;
  /** The one node that reads this one, when there is just one place where it is read. */
  readonly onlyReader: (name: NodeName) => Node | undefined;
}

function simplify(network: Network, wanted: NodeName, asked: readonly NodeName[]): Simple {
  const facts = factsOf(network);
  const shapeOf = (name: NodeName): Shape => known(facts.get(name), name).shape;
  const aliases = new Map<NodeName, NodeName>();
  const resolve = (name: NodeName): NodeName => aliases.get(name) ?? name;
  const nodes: Node[] = [];
  for (const node of livingNodes(network, wanted, ...asked)) {
    const inputs = node.inputs.map(resolve);
    const [source] = inputs;
    if (source !== undefined && changesNothing(node, shapeOf(source))) {
      aliases.set(node.name, source);
    } else nodes.push({ ...node, inputs });
  }
  const output = resolve(wanted);
  const watched = new Map(asked.map((name) => [name, resolve(name)]));
  const ends = new Set([output, ...watched.values()]);
  const readers = new Map<NodeName, Node[]>();
  for (const node of nodes) {
    for (const source of node.inputs) {
      readers.set(source, [...(readers.get(source) ?? []), node]);
    }
  }
  const onlyReader = (name: NodeName): Node | undefined => {
    const all = readers.get(name) ?? [];
    return all.length === 1 && !ends.has(name) ? all[0] : undefined;
  };
  return { nodes, output, watched, shapeOf, onlyReader };
}

function changesNothing({ op }: Node, input: Shape): boolean {
  if (op.kind === "flatten") return input.length === 1;
  return op.kind === "channelSelect" && isIdentitySelection(op, channelsOf(input));
}

interface Taken {
  readonly unit: Unit;
  /** The nodes behind the first that it takes along. */
  readonly along: readonly Node[];
}

function unitOf(graph: Simple, node: Node, training: boolean): Taken {
  const { name, inputs, op } = node;
  const alone = (unit: Unit): Taken => ({ unit, along: [] });
  switch (op.kind) {
    case "input":
      return alone({ kind: "input", name, inputs });
    case "conv2d":
      return convolutionUnit(graph, node, op, training);
    case "dense":
      return convolutionUnit(graph, node, pixelwise(op), training);
    case "batchNorm":
      return normUnit(graph, { ...node, op });
    case "add": {
      const next = activationBehind(graph, name);
      const { activation } = next;
      return { unit: { kind: "add", name: next.name, inputs, activation }, along: next.along };
    }
    case "relu":
    case "relu6":
      return alone({ kind: "activation", name, inputs, activation: op.kind });
    case "elu":
    case "leakyRelu":
    case "swish":
    case "tanh":
      return alone({ kind: "curve", name, inputs, op });
    case "maxPool":
    case "averagePool":
      return alone({ kind: op.kind, name, inputs, window: op });
    case "globalAveragePool": {
      const [h = 1, w = 1] = graph.shapeOf(inputs[0] ?? "");
      const window = { size: [h, w], stride: [1, 1], padding: [0, 0, 0, 0] } as const;
      return alone({ kind: "averagePool", name, inputs, window });
    }
    case "channelSelect":
      return alone({ kind: "select", name, inputs, indices: op.indices });
    case "concat":
    case "flatten":
    case "softmax":
      return alone({ kind: op.kind, name, inputs });
    default:
      return op satisfies never;
  }
}

/** A dense layer as the 1 × 1 convolution that it is. */
function pixelwise({ units, bias }: OpOf<"dense">): Conv2d {
  const window = { size: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0] } as const;
  return { kind: "conv2d", filters: units, groups: 1, bias, ...window };
}

function activationBehind(graph: Simple, name: NodeName) {
  const next = graph.onlyReader(name);
  if (next?.op.kind !== "relu" && next?.op.kind !== "relu6") {
    return { name, activation: "linear" as Activation, along: [] };
  }
  return { name: next.name, activation: next.op.kind as Activation, along: [next] };
}

function convolutionUnit(graph: Simple, node: Node, op: Conv2d, training: boolean): Taken {
  const bn = training ? undefined : foldedBehind(graph, node.name);
  const next = activationBehind(graph, bn?.name ?? node.name);
  const { name, activation } = next;
  return {
    unit: { kind: "convolution", name, inputs: node.inputs, node, op, bn, activation },
    along: bn === undefined ? next.along : [bn, ...next.along],
  };
}

/** The batch norm behind a convolution, unless a selection hangs on it: that is one pass either way. */
function foldedBehind(graph: Simple, name: NodeName) {
  const bn = graph.onlyReader(name);
  if (bn?.op.kind !== "batchNorm") return undefined;
  const node = { ...bn, op: bn.op };
  return normUnit(graph, node).unit.selection === undefined ? node : undefined;
}

function normUnit(
  graph: Simple,
  node: Node & { readonly op: BatchNorm },
): Taken & { readonly unit: NormUnit } {
  const along: Node[] = [];
  let { name } = node;
  const take = (next: Node): void => {
    along.push(next);
    ({ name } = next);
  };
  let selection: readonly number[] | undefined;
  const select = graph.onlyReader(name);
  if (select?.op.kind === "channelSelect" && !repeats(select.op.indices)) {
    selection = select.op.indices;
    take(select);
  }
  const next = activationBehind(graph, name);
  next.along.forEach(take);
  const behind = graph.onlyReader(name);
  const pool = behind !== undefined && halves(behind);
  if (pool) take(behind);
  const { inputs } = node;
  const { activation } = next;
  return { unit: { kind: "norm", name, inputs, node, selection, activation, pool }, along };
}

/** Whether a channel is taken twice: then its gradient is a sum, which the fused pass cannot do. */
function repeats(indices: readonly number[]): boolean {
  const real = indices.filter((index) => index >= 0);
  return new Set(real).size < real.length;
}

/** The pooling that runs as part of a batch norm. */
function halves({ op }: Node): boolean {
  if (op.kind !== "maxPool") return false;
  return [...op.size, ...op.stride].every((n) => n === 2) && op.padding.every((n) => n === 0);
}
