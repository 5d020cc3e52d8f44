/**
 * @file Channel selections folded away: one that changes nothing goes, one that alone reads a layer is
 * pushed back into that layer, which then computes only what is selected. Where a value is read
 * elsewhere too, as the residual stream of a pre-activation network is, a selection can still go the
 * other way: its readers take the whole map, with columns of zeros for what was not selected. That is
 * an export without a gather, but with more multiplications, so it is asked for.
 *
 * Per-channel ops between a selection and the layer (batch norms, activations, pooling, flattening) go
 * along. Every rule is exact up to rounding.
 */
import { channelsOf, known, sizeOf } from "../core/index.ts";
import {
  type ChannelSelect,
  definitionOf,
  factsOf,
  factsOfNode,
  isIdentitySelection,
  type Network,
  type Node,
  type NodeFacts,
  type NodeName,
  type Op,
  readersOf,
  type Tensor,
  tensorName,
  validateNetwork,
} from "../model/index.ts";
import { metadataWithout } from "./fold-origins.ts";

export interface SelectionOptions {
  /** Also turns selections into zero columns of the layers that read them; false by default. */
  readonly columns?: boolean;
}

/** One selection at work on. */
interface Selection {
  readonly network: Network;
  readonly name: NodeName;
  readonly source: NodeName;
  readonly indices: readonly number[];
  /** Of the map that it selects from. */
  readonly channels: number;
}

/**
 * Folds every selection that can be.
 * @returns a network that keeps all other nodes' names
 */
export function foldSelections(network: Network, { columns = false }: SelectionOptions = {}) {
  let folded = network;
  for (const { name, op } of network.nodes) {
    if (op.kind !== "channelSelect") continue;
    const selection = selectionNamed(folded, name, op);
    folded =
      withoutIdentity(selection, op) ??
      intoWriter(selection) ??
      (columns ? intoReaders(selection) : undefined) ??
      folded;
  }
  validateNetwork(folded);
  return folded;
}

function selectionNamed(network: Network, name: NodeName, { indices }: ChannelSelect): Selection {
  const { node, inputs } = factsOfNode(network, name);
  const source = known(node.inputs[0], name);
  return { network, name, source, indices, channels: channelsOf(inputs[0] ?? []) };
}

/** The output keeps its name, so that a network never ends in its input. */
function withoutIdentity(selection: Selection, op: ChannelSelect): Network | undefined {
  const { network, name, channels } = selection;
  return isIdentitySelection(op, channels) && name !== network.output
    ? bypass(selection, new Map(), network.weights)
    : undefined;
}

/**
 * Pushes a selection back into the one layer whose channels it selects, through per-channel ops that
 * nothing else reads. A channel of zeros becomes one: kernel, bias, γ and β of 0.
 * Example: filters a b c d and indices [3, −1] → filters d 0.
 */
function intoWriter(selection: Selection): Network | undefined {
  const { network, source, indices, channels } = selection;
  // A map that grows costs less as a pad than as filters of zeros.
  if (indices.length > channels) return undefined;
  const readers = readersOf(network);
  const path: NodeFacts[] = [];
  for (let at = source; ;) {
    const facts = factsOfNode(network, at);
    if (at === network.output || readers.get(at)?.length !== 1) return undefined;
    path.push(facts);
    if (isWholeLayer(facts.node.op)) break;
    if (!isPerChannel(facts)) return undefined;
    at = known(facts.node.inputs[0], at);
  }
  const weights = new Map(network.weights);
  const changed = new Map<NodeName, Node>();
  for (const { node, weights: specs } of path) {
    for (const slot of Object.keys(specs)) {
      const name = tensorName(node.name, slot);
      weights.set(name, gather(known(weights.get(name), name), indices, blankOf(slot)));
    }
    changed.set(node.name, { ...node, op: resized(node.op, indices.length) });
  }
  const writer = known(path.at(-1), "writer").node.name;
  return { ...bypass(selection, changed, weights), metadata: metadataWithout(selection, writer) };
}

/** The last axis by indices; −1 gives `blank`. */
function gather({ shape, values }: Tensor, indices: readonly number[], blank: number): Tensor {
  const [width, count] = [channelsOf(shape), indices.length];
  const rows = values.length / width;
  const gathered = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    indices.forEach((index, i) => {
      gathered[row * count + i] = index < 0 ? blank : (values[row * width + index] as number);
    });
  }
  return { shape: shape.with(shape.length - 1, count), values: gathered };
}

/**
 * Lets the layers behind a selection read the whole map: weights by their index, zeros for what was
 * not selected, sums for what was selected twice. Batch norms on the way know one set of figures per
 * channel and turn zeros into something else, so there no index may repeat or be −1.
 */
function intoReaders(selection: Selection): Network | undefined {
  const { network, name, indices } = selection;
  const behind = nodesBehind(network, name);
  if (behind === undefined) return undefined;
  const isPlain = new Set(indices).size === indices.length && !indices.includes(-1);
  const weights = new Map(network.weights);
  for (const facts of behind) {
    const isLayer = isWholeLayer(facts.node.op);
    for (const slot of Object.keys(facts.weights)) {
      const tensor = tensorName(facts.node.name, slot);
      const old = known(weights.get(tensor), tensor);
      if (!isLayer && !isPlain) return undefined;
      // A layer's bias belongs to its outputs.
      if (isLayer && slot !== "kernel") continue;
      weights.set(tensor, scatter(old, selection, isLayer ? old.shape.length - 2 : 0, slot));
    }
  }
  return bypass(selection, new Map(), weights);
}

/** Per-channel ops behind a node and the layers they end in; nothing where something else reads them. */
function nodesBehind(network: Network, name: NodeName): readonly NodeFacts[] | undefined {
  if (name === network.output) return undefined;
  const facts = factsOf(network);
  const found: NodeFacts[] = [];
  for (const reader of readersOf(network).get(name) ?? []) {
    const own = known(facts.get(reader.name), reader.name);
    found.push(own);
    if (isWholeLayer(reader.op)) continue;
    const further =
      isPerChannel(own) || reader.op.kind === "flatten"
        ? nodesBehind(network, reader.name)
        : undefined;
    if (further === undefined) return undefined;
    found.push(...further);
  }
  return found;
}

/**
 * One axis laid out by the indices over the whole map. An axis behind a flattened map has every
 * channel once a pixel: place p·k + i goes to p·channels + indices[i].
 */
function scatter(
  { shape, values }: Tensor,
  { indices, channels }: Selection,
  axis: number,
  slot: string,
): Tensor {
  const count = indices.length;
  const size = known(shape[axis], slot);
  const grown = (size / count) * channels;
  const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const whole = new Float32Array(outer * grown * inner).fill(blankOf(slot));
  for (let from = 0; from < outer * size; from++) {
    const [o, place] = [Math.floor(from / size), from % size];
    const index = known(indices[place % count], slot);
    if (index < 0) continue;
    const to = o * grown + Math.floor(place / count) * channels + index;
    for (let i = 0; i < inner; i++) {
      const value = values[from * inner + i] as number;
      whole[to * inner + i] = slot === "kernel" ? (whole[to * inner + i] as number) + value : value;
    }
  }
  return { shape: shape.with(axis, grown), values: whole };
}

/** What a channel that is not there has: a variance of 1, so that nothing is divided by nearly 0. */
const blankOf = (slot: string): number => (slot === "variance" ? 1 : 0);

/** A layer whose inputs and outputs are all joined: cutting one channel leaves the others alone. */
const isWholeLayer = (op: Op): boolean =>
  op.kind === "dense" || (op.kind === "conv2d" && op.groups === 1);

/** True where output channel j depends on input channel j alone. Softmax looks at all of them. */
function isPerChannel({ node, inputs }: NodeFacts): boolean {
  return (
    node.op.kind !== "softmax" && definitionOf(node.op).coupling(node.op, inputs).kind === "passes"
  );
}

function resized(op: Op, channels: number): Op {
  if (op.kind === "conv2d") return { ...op, filters: channels };
  return op.kind === "dense" ? { ...op, units: channels } : op;
}

/** The network without the selection; who read it reads what it read. */
function bypass(
  selection: Selection,
  changed: ReadonlyMap<NodeName, Node>,
  weights: Network["weights"],
): Network {
  const { network, name, source } = selection;
  const nodes = network.nodes
    .filter((node) => node.name !== name)
    .map((node) => {
      const own = changed.get(node.name) ?? node;
      return { ...own, inputs: own.inputs.map((input) => (input === name ? source : input)) };
    });
  const output = network.output === name ? source : network.output;
  const metadata = metadataWithout(selection, undefined);
  return { ...network, nodes, output, weights, metadata };
}
