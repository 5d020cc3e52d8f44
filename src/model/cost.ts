/**
 * @file What a network costs. MACs are those of convolution and dense on one example, without bias,
 * batch norm, activation, pooling or addition, as Li et al. 2017 count; parameters leave out running
 * statistics and selection indices.
 */
import { sizeOf } from "../core/index.ts";
import type { Graph, NodeName } from "./network.ts";
import { definitionOf } from "./ops/index.ts";
import { factsOf } from "./shapes.ts";

/** Counts for one example. */
export interface Cost {
  readonly parameters: number;
  readonly macs: number;
  /** Float32 weights as stored, running statistics included. */
  readonly bytes: number;
}

/** The whole network's cost. */
export function costOf(graph: Graph): Cost {
  let [parameters, macs, bytes] = [0, 0, 0];
  for (const cost of costByNode(graph).values()) {
    parameters += cost.parameters;
    macs += cost.macs;
    bytes += cost.bytes;
  }
  return { parameters, macs, bytes };
}

/** Each node's cost, in graph order. */
export function costByNode(graph: Graph): ReadonlyMap<NodeName, Cost> {
  const costs = new Map<NodeName, Cost>();
  for (const { node, inputs, shape, weights } of factsOf(graph).values()) {
    let [parameters, stored] = [0, 0];
    for (const spec of Object.values(weights)) {
      const size = sizeOf(spec.shape);
      stored += size;
      if (spec.trainable) parameters += size;
    }
    const macs = definitionOf(node.op).macs(node.op, inputs, shape);
    costs.set(node.name, { parameters, macs, bytes: stored * 4 });
  }
  return costs;
}
