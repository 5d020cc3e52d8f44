/**
 * @file Channel selections where Network Slimming needs them (Liu et al. 2017, §3, "cross layer
 * connections"): behind a batch norm that reads what others read too, so that its reader can be cut
 * while the stream stays whole. The zoo's networks have theirs; one from elsewhere can be given them.
 * A selection of all channels changes no value.
 *
 * A batch norm gets one when it reads a stream, a concatenation or a map with other readers, and what
 * it says only goes to layers that open channels of their own: not into an addition or a concatenation,
 * and not out of the network.
 *
 * Example: a pre-activation block, add → bn → relu → conv, with the sum also read by the next addition
 * → add → bn → select → relu → conv.
 */
import { known } from "../core/index.ts";
import {
  definitionOf,
  factsOf,
  readersOf,
  type Coupling,
  type Network,
  type Node,
  type NodeName,
} from "../model/index.ts";
import { classesOf, findGroups, type GroupTable } from "./groups.ts";

/**
 * Adds the selections that are missing.
 * @returns the network itself where none is
 */
export function selectAtReaders(network: Network): Network {
  // A selection can part what its reader tied, and so leave others with a map of several groups to read.
  for (let given = network; ;) {
    const selected = addSelections(given);
    if (selected === given) return given;
    given = selected;
  }
}

function addSelections(network: Network): Network {
  const table = findGroups(network);
  const readers = readersOf(network);
  const chosen = network.nodes.filter(
    (node) =>
      node.op.kind === "batchNorm" &&
      isShared(table, readers, known(node.inputs[0], "input")) &&
      onlyFeedsLayers(network, readers, node.name),
  );
  if (chosen.length === 0) return network;
  const taken = new Set(network.nodes.map(({ name }) => name));
  const selections = new Map(chosen.map(({ name }) => [name, freeName(name, taken)]));
  const nodes = network.nodes.flatMap((node): Node[] => {
    const inputs = node.inputs.map((name) => selections.get(name) ?? name);
    const selection = selections.get(node.name);
    const moved = { ...node, inputs };
    if (selection === undefined) return [moved];
    const { length } = classesOf(table, node.name);
    const indices = Array.from({ length }, (_, i) => i);
    const op = { kind: "channelSelect", indices } as const;
    return [moved, { name: selection, op, inputs: [node.name] }];
  });
  return { ...network, nodes };
}

type Readers = ReadonlyMap<NodeName, readonly Node[]>;

/** True where cutting what a node writes would cut for others too. */
function isShared(table: GroupTable, readers: Readers, name: NodeName): boolean {
  if (known(readers.get(name), name).length > 1) return true;
  const classes = new Set(classesOf(table, name));
  const on = table.groups.filter(({ start, size }) =>
    [...classes].some((c) => c >= start && c < start + size),
  );
  return on.length > 1 || on.some(({ stream }) => stream);
}

/** True where all that is said ends in layers that are no selections yet. */
function onlyFeedsLayers(network: Network, readers: Readers, from: NodeName): boolean {
  const waiting = [from];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === network.output) return false;
    for (const reader of known(readers.get(name), name)) {
      const kind = couplingOf(network, reader);
      if (kind === "ties" || kind === "joins" || reader.op.kind === "channelSelect") return false;
      if (kind !== "opens") waiting.push(reader.name);
    }
  }
  return true;
}

function couplingOf(network: Network, { name, op }: Node): Coupling["kind"] {
  return definitionOf(op).coupling(op, known(factsOf(network).get(name), name).inputs).kind;
}

function freeName(bn: NodeName, taken: Set<NodeName>): NodeName {
  let name = `${bn}.select`;
  while (taken.has(name)) name += "_";
  taken.add(name);
  return name;
}
