/**
 * @file Parts of a network as networks of their own: from the image up to a node, and from a node to
 * the answer. Running one after the other is running the whole. A network can be split at every
 * node that all paths from input to output go through.
 *
 * Example: conv, bn, relu, [conv2, relu2], add(relu, relu2), pool → it splits at conv, bn, relu, add and
 * pool; not inside the branch, since the shortcut goes past it.
 */
import { known } from "../core/index.ts";
import type { Network, Graph, Node, NodeName } from "./network.ts";
import { factsOfNode, readersOf, weightSpecs } from "./shapes.ts";

/**
 * The nodes that everything goes through, in forward order, input and output among them: the
 * dominators of the output (Prosser 1959). Cost O(nodes).
 */
export function dominators(graph: Graph): readonly NodeName[] {
  const living = livingNodes(graph, graph.output);
  const place = new Map(living.map(({ name }, at) => [name, at]));
  const readers = readersOf(graph);
  let farthest = 0;
  return living
    .filter(({ name }, at) => {
      // An edge from an earlier node to a later one goes past this one.
      const isPassed = farthest > at;
      for (const { name: reader } of readers.get(name) ?? []) {
        farthest = Math.max(farthest, place.get(reader) ?? 0);
      }
      return !isPassed;
    })
    .map(({ name }) => name);
}

/** The nodes that the values of these depend on, and themselves, in forward order. */
export function livingNodes(graph: Graph, ...outputs: readonly NodeName[]): readonly Node[] {
  const wanted = new Set(outputs);
  for (const node of graph.nodes.toReversed()) {
    if (wanted.has(node.name)) node.inputs.forEach((source) => wanted.add(source));
  }
  return graph.nodes.filter((node) => wanted.has(node.name));
}

/**
 * The part of a network that makes `to` of `from`, whose values become the part's input under
 * the same name. Weights are shared.
 * @param from — a dominator of the network, before or at `to`
 * @param to — a dominator of the network
 */
export function partOf(network: Network, from: NodeName, to: NodeName): Network {
  const living = livingNodes(network, to);
  const start = living.findIndex(({ name }) => name === from);
  const { shape } = factsOfNode(network, known(living[start], from).name);
  const input: Node = { name: from, op: { kind: "input", shape }, inputs: [] };
  const graph: Graph = {
    name: network.name,
    nodes: [input, ...living.slice(start + 1)],
    output: to,
  };
  const weights = new Map(
    [...weightSpecs(graph).keys()].map((name) => [name, known(network.weights.get(name), name)]),
  );
  return { ...graph, weights, metadata: network.metadata };
}
