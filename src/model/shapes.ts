/**
 * @file Shape inference and validation. `shapesOf` is the gate: what passes it has a sound graph,
 * and every later stage relies on that without asking again.
 */
import { AppError, invariant, known, type Shape } from "../core/index.ts";
import type { Graph, Network, Node, NodeName, TensorName } from "./network.ts";
import { tensorName } from "./network.ts";
import { isComplaint, type WeightSpec } from "./op.ts";
import { definitionOf } from "./ops/index.ts";

/** One node with all that follows from its place in the graph. */
export interface NodeFacts {
  readonly node: Node;
  readonly inputs: readonly Shape[];
  readonly shape: Shape;
  readonly weights: Readonly<Record<string, WeightSpec>>;
}

/** All nodes in order, by name. */
export type GraphFacts = ReadonlyMap<NodeName, NodeFacts>;

// A graph is a value, so what follows from it is computed once.
const memo = new WeakMap<Graph["nodes"], GraphFacts>();

/**
 * Infers every node's shapes and weights, and checks the graph on the way.
 * @throws model/bad-graph, model/bad-attribute, model/shape-mismatch naming graph, node and field
 */
export function factsOf(graph: Graph): GraphFacts {
  const cached = memo.get(graph.nodes);
  if (cached !== undefined && cached.has(graph.output)) return cached;
  const facts = new Map<NodeName, NodeFacts>();
  for (const node of graph.nodes) facts.set(node.name, inspect(graph, node, facts));
  const inputs = graph.nodes.filter((node) => node.op.kind === "input");
  if (inputs.length !== 1 || graph.nodes[0]?.op.kind !== "input") {
    throw new AppError("model/bad-graph", {
      where: graph.name,
      expected: "one input node, standing first",
      found: `${inputs.length} input nodes`,
    });
  }
  if (!facts.has(graph.output)) {
    throw new AppError("model/bad-graph", {
      where: graph.name,
      expected: "an output that is one of the nodes",
      found: graph.output,
    });
  }
  memo.set(graph.nodes, facts);
  return facts;
}

function inspect(graph: Graph, node: Node, before: ReadonlyMap<NodeName, NodeFacts>): NodeFacts {
  const where = `${graph.name} › ${node.name}`;
  if (node.name === "" || before.has(node.name)) {
    throw new AppError("model/bad-graph", {
      where,
      expected: "a name that no other node has",
      found: node.name === "" ? "an empty name" : "a name that stands twice",
    });
  }
  const definition = definitionOf(node.op);
  const [fewest, most] = definition.arity;
  if (node.inputs.length < fewest || node.inputs.length > most) {
    throw new AppError("model/bad-graph", {
      where: `${where} › inputs`,
      expected: fewest === most ? `${fewest}` : `${fewest} to ${most}`,
      found: `${node.inputs.length}`,
    });
  }
  const inputs = node.inputs.map((name) => {
    const source = before.get(name);
    if (source !== undefined) return source.shape;
    throw new AppError("model/bad-graph", {
      where: `${where} › inputs`,
      expected: "nodes that stand before this one",
      found: name,
    });
  });
  const complaint = definition.check(node.op);
  if (complaint !== undefined) {
    const { field, ...rest } = complaint;
    throw new AppError("model/bad-attribute", { where: `${where} › ${field}`, ...rest });
  }
  const shape = definition.inferShape(node.op, inputs);
  if (isComplaint(shape)) {
    const { field, ...rest } = shape;
    throw new AppError("model/shape-mismatch", { where: `${where} › ${field}`, ...rest });
  }
  return { node, inputs, shape, weights: definition.weights(node.op, inputs) };
}

/** The facts of one node that is known to be there. */
export function factsOfNode(graph: Graph, name: NodeName): NodeFacts {
  return known(factsOf(graph).get(name), `node ${name}`);
}

/** The input's and the output's shapes. */
export function endsOf(graph: Graph): { readonly input: Shape; readonly output: Shape } {
  const first = graph.nodes[0];
  invariant(first, "a graph without nodes");
  return {
    input: factsOfNode(graph, first.name).shape,
    output: factsOfNode(graph, graph.output).shape,
  };
}

/** True when the output is probabilities instead of logits. */
export function endsInSoftmax(graph: Graph): boolean {
  return factsOfNode(graph, graph.output).node.op.kind === "softmax";
}

/** Every weight that the graph needs, in graph order. */
export function weightSpecs(graph: Graph): ReadonlyMap<TensorName, WeightSpec> {
  const specs = new Map<TensorName, WeightSpec>();
  for (const { node, weights } of factsOf(graph).values()) {
    for (const [slot, spec] of Object.entries(weights))
      specs.set(tensorName(node.name, slot), spec);
  }
  return specs;
}

/** The nodes that read each node. */
export function readersOf(graph: Graph): ReadonlyMap<NodeName, readonly Node[]> {
  const readers = new Map<NodeName, Node[]>(graph.nodes.map((node) => [node.name, []]));
  for (const node of graph.nodes) {
    for (const source of node.inputs) readers.get(source)?.push(node);
  }
  return readers;
}

/**
 * Checks a whole network: graph, and every weight present, of the right shape and finite, and no
 * weight that belongs to nothing. Cost O(weights).
 * @throws model/bad-graph, model/bad-attribute, model/shape-mismatch, model/missing-weight,
 *   files/not-finite
 */
export function validateNetwork(network: Network): void {
  const specs = weightSpecs(network);
  for (const [name, spec] of specs) {
    const where = `${network.name} › ${name}`;
    const tensor = network.weights.get(name);
    if (tensor === undefined) throw new AppError("model/missing-weight", { where });
    const size = spec.shape.reduce((a, b) => a * b, 1);
    if (
      tensor.shape.length !== spec.shape.length ||
      tensor.shape.some((n, axis) => n !== spec.shape[axis]) ||
      tensor.values.length !== size
    ) {
      throw new AppError("model/shape-mismatch", {
        where,
        expected: `[${spec.shape.join(",")}]`,
        found: `[${tensor.shape.join(",")}] with ${tensor.values.length} values`,
      });
    }
    const bad = countNotFinite(tensor.values);
    if (bad > 0) {
      throw new AppError("files/not-finite", { where, found: `${bad} of ${size} values` });
    }
  }
  for (const name of network.weights.keys()) {
    if (!specs.has(name)) {
      throw new AppError("model/bad-graph", {
        where: `${network.name} › ${name}`,
        expected: "a weight of some node",
        found: "a weight that no node uses",
      });
    }
  }
}

/** How many values are NaN or infinite. */
export function countNotFinite(values: Float32Array): number {
  // A finite number less itself is zero: one look at a sum in place of one at every value.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) - (values[i] as number);
  if (sum === 0) return 0;
  let bad = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) bad++;
  return bad;
}
