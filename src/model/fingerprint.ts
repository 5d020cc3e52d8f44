/** @file A network's identity: equal fingerprints mean equal graphs and equal bits. */
import { digestOf, hashOf, type Hashable } from "../core/index.ts";
import type { Graph, Network } from "./network.ts";

/** Hex SHA-256 of the graph alone: nodes, attributes, edges, output. Names of people's choosing out. */
export function fingerprintGraph(graph: Graph): string {
  return hashOf([canonical({ nodes: graph.nodes, output: graph.output })]);
}

/** Hex SHA-256 of graph and weights. Metadata and the network's own name do not count. */
export function fingerprintNetwork(network: Network): string {
  return hashOf(partsOf(network));
}

/** The same by {@link digestOf}: what a thread asks for that must go on answering. */
export function digestNetwork(network: Network): Promise<string> {
  return digestOf(partsOf(network));
}

function partsOf(network: Network): readonly Hashable[] {
  const parts: Hashable[] = [fingerprintGraph(network)];
  for (const name of [...network.weights.keys()].toSorted()) {
    const tensor = network.weights.get(name);
    if (tensor !== undefined) parts.push(name, JSON.stringify(tensor.shape), tensor.values);
  }
  return parts;
}

/** JSON with sorted keys, so that the order in which attributes were written does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
