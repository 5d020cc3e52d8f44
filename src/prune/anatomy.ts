/**
 * @file What makes one channel of a layer: its filter, what its batch norm does to it, and which other
 * filter of the layer is most like it. For people who look into a network; nothing is decided by it.
 */
import { channelsOf, known } from "../core/index.ts";
import {
  definitionOf,
  factsOf,
  readersOf,
  tensorName,
  type Network,
  type NodeFacts,
  type NodeName,
} from "../model/index.ts";
import { kernelSlot } from "./criteria/kernels.ts";

/** The weights that make one channel. */
export interface Filter {
  /** 1 and 1 where there is no window, as in a dense layer. */
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  /** `[height, width, inputs]`. */
  readonly values: Float32Array;
  /** Σ |w|. */
  readonly l1: number;
}

/** A channel's entries in a batch norm. */
export interface NormEntry {
  readonly node: NodeName;
  readonly gamma: number;
  readonly beta: number;
  /** Running statistics. */
  readonly mean: number;
  readonly variance: number;
}

export interface Anatomy {
  /** Null where the layer weighs nothing, as a selection. */
  readonly filter: Filter | null;
  /** Null where no batch norm is the channel's own. */
  readonly norm: NormEntry | null;
  /** Where what the channel says can be seen: behind its batch norm and activation. */
  readonly seenAt: NodeName;
}

/**
 * What makes a channel; cost O(weights of the filter + nodes).
 * @param layer — a node that opens an axis
 */
export function anatomyOf(network: Network, layer: NodeName, channel: number): Anatomy {
  const facts = known(factsOf(network).get(layer), layer);
  const chain = chainFrom(network, layer);
  return {
    filter: filterOf(network, facts, channel),
    norm: normOf(network, facts, chain, channel),
    seenAt: known(chain.at(-1), "the layer").node.name,
  };
}

/** The layer and what follows it with no other readers, channel by channel and on the same map. */
function chainFrom(network: Network, layer: NodeName): readonly NodeFacts[] {
  const facts = factsOf(network);
  const readers = readersOf(network);
  const chain = [known(facts.get(layer), layer)];
  for (;;) {
    const last = known(chain.at(-1), "node");
    const [next, another] = readers.get(last.node.name) ?? [];
    if (next === undefined || another !== undefined) return chain;
    const found = known(facts.get(next.name), next.name);
    const coupling = definitionOf(next.op).coupling(next.op, found.inputs);
    const isSameMap = found.shape.every((side, axis) => side === last.shape[axis]);
    const isWindow = "size" in next.op;
    if (coupling.kind !== "passes" || !isSameMap || isWindow) return chain;
    chain.push(found);
  }
}

function filterOf(network: Network, facts: NodeFacts, channel: number): Filter | null {
  const slot = kernelSlot(facts);
  if (slot === undefined) return null;
  const name = tensorName(facts.node.name, slot);
  const { shape, values } = known(network.weights.get(name), name);
  const columns = channelsOf(shape);
  const [height = 1, width = 1, inputs = 1] =
    shape.length === 4 ? shape : [1, 1, values.length / columns];
  const own = Float32Array.from(
    { length: values.length / columns },
    (_, row) => values[row * columns + channel] as number,
  );
  return { height, width, inputs, values: own, l1: own.reduce((sum, w) => sum + Math.abs(w), 0) };
}

/** Of the batch norm that alone reads the channel; of a selection, of the one that it selects from. */
function normOf(
  network: Network,
  { node }: NodeFacts,
  chain: readonly NodeFacts[],
  channel: number,
): NormEntry | null {
  const behind = chain.find((facts) => facts.node.op.kind === "batchNorm")?.node.name;
  if (behind !== undefined) return entryOf(network, behind, channel);
  const before = network.nodes.find(({ name }) => name === node.inputs[0]);
  if (node.op.kind !== "channelSelect" || before?.op.kind !== "batchNorm") return null;
  const from = node.op.indices[channel] ?? -1;
  return from < 0 ? null : entryOf(network, before.name, from);
}

function entryOf(network: Network, node: NodeName, channel: number): NormEntry {
  const at = (slot: string): number => {
    const name = tensorName(node, slot);
    return known(known(network.weights.get(name), name).values[channel], name);
  };
  const [gamma, beta] = [at("gamma"), at("beta")];
  return { node, gamma, beta, mean: at("mean"), variance: at("variance") };
}

/** The filter nearest to another one. */
export interface Twin {
  readonly channel: number;
  /** ‖w − w′‖₂. */
  readonly distance: number;
}

/**
 * The filter of the same layer that is nearest; of equals the lowest.
 * @returns null where there are no filters, or no other one; cost O(weights of the layer)
 */
export function nearestFilter(network: Network, layer: NodeName, channel: number): Twin | null {
  const slot = kernelSlot(known(factsOf(network).get(layer), layer));
  if (slot === undefined) return null;
  const name = tensorName(layer, slot);
  const { shape, values } = known(network.weights.get(name), name);
  const columns = channelsOf(shape);
  const squares = new Float64Array(columns);
  for (let at = 0; at < values.length; at += columns) {
    const own = values[at + channel] as number;
    for (let c = 0; c < columns; c++) {
      const apart = (values[at + c] as number) - own;
      squares[c] = (squares[c] as number) + apart * apart;
    }
  }
  squares[channel] = Infinity;
  const nearest = squares.indexOf(squares.reduce((least, square) => Math.min(least, square)));
  const square = squares[nearest] as number;
  return square === Infinity ? null : { channel: nearest, distance: Math.sqrt(square) };
}

/** Subtractions that finding a twin takes. */
export function costOfTwin(network: Network, layer: NodeName): number {
  const slot = kernelSlot(known(factsOf(network).get(layer), layer));
  return slot === undefined
    ? 0
    : (network.weights.get(tensorName(layer, slot))?.values.length ?? 0);
}
