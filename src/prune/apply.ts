/**
 * @file Surgery: the network that is left when a plan is carried out. Weights are cut along the axes
 * that their specs declare, attributes by each op's own `cut`; names, order and metadata stay, so that
 * the small network can be laid beside the large one. What is not cut is shared, not copied.
 *
 * Example: 4 channels, drop channel 1 → kernel [3,3,cin,4] becomes [3,3,cin,3] from columns 0, 2, 3;
 * γ, β, mean and variance lose entry 1; the next kernel loses row 1.
 */
import { AppError, channelsOf, known, sameShape, showShape } from "../core/index.ts";
import {
  definitionOf,
  factsOf,
  tensorName,
  validateNetwork,
  type Graph,
  type Kept,
  type Network,
  type Node,
  type NodeFacts,
  type Tensor,
  type TensorName,
} from "../model/index.ts";
import type { GroupTable } from "./groups.ts";
import { positionsOf, survivorsOf, type Plan } from "./plan.ts";
import { sliceTensor } from "./slice.ts";

/**
 * Carries out a plan.
 * @returns a new, validated network; the same values in the same places where nothing was cut
 * @throws prune/plan-mismatch when the table or the plan belongs to another network
 */
export function applyPlan(network: Network, table: GroupTable, plan: Plan): Network {
  checkTable(network, table);
  const kept = keptByAxis(table, plan);
  const nodes = [...factsOf(network).values()].map((facts) => cutNode(facts, table, kept));
  const cut: Network = { ...network, nodes, weights: sliceTensors(network.weights, table, plan) };
  validateNetwork(cut);
  return cut;
}

/**
 * Cuts tensors that are named and laid out like the network's weights: the weights themselves, an
 * optimizer's accumulators, a moving average. Not all weights need to be there.
 * @throws prune/plan-mismatch when a tensor has no weight of its name and shape
 */
export function sliceTensors(
  tensors: ReadonlyMap<TensorName, Tensor>,
  table: GroupTable,
  plan: Plan,
): Map<TensorName, Tensor> {
  const kept = keptByAxis(table, plan);
  const cut = new Map<TensorName, Tensor>();
  for (const { node, weights } of factsOf(table.graph).values()) {
    for (const [slot, spec] of Object.entries(weights)) {
      const name = tensorName(node.name, slot);
      const tensor = tensors.get(name);
      if (tensor === undefined) continue;
      if (!sameShape(tensor.shape, spec.shape)) {
        throw mismatch(name, showShape(spec.shape), showShape(tensor.shape));
      }
      const ends = {
        input: kept(known(node.inputs[0], "an input of a node with weights")),
        output: kept(node.name),
      };
      cut.set(name, sliceTensor(tensor, spec, ends));
    }
  }
  for (const name of tensors.keys()) {
    if (!cut.has(name)) throw mismatch(name, "a weight of the plan's network", "another tensor");
  }
  return cut;
}

/** Refuses a table that was made for another graph. */
export function checkTable(graph: Graph, table: GroupTable): void {
  if (table.graph.nodes === graph.nodes) return;
  for (const [name, { shape }] of factsOf(graph)) {
    const axis = table.axes[table.axisOf.get(name) ?? -1];
    if (axis?.length !== channelsOf(shape)) {
      throw mismatch(name, `${channelsOf(shape)} channels`, `${axis?.length ?? "no"} channels`);
    }
  }
}

/** Each node's surviving output channels; nodes on one axis share one list. */
function keptByAxis(table: GroupTable, plan: Plan): (node: string) => Kept {
  const survives = survivorsOf(table, plan);
  const byAxis = table.axes.map((axis) => positionsOf(axis, survives));
  return (node) => known(byAxis[known(table.axisOf.get(node), node)], `axis of ${node}`);
}

function cutNode(
  { node, inputs }: NodeFacts,
  table: GroupTable,
  kept: (node: string) => Kept,
): Node {
  const ends = [...node.inputs, node.name];
  const isWhole = (name: string): boolean =>
    kept(name).length === table.axes[table.axisOf.get(name) ?? -1]?.length;
  if (ends.every(isWhole)) return node;
  const op = definitionOf(node.op).cut(node.op, inputs, node.inputs.map(kept), kept(node.name));
  return { ...node, op };
}

function mismatch(where: string, expected: string, found: string): AppError {
  return new AppError("prune/plan-mismatch", { where, expected, found });
}
