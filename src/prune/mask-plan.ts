/**
 * @file A plan without surgery: the same shapes, and zeros wherever a channel would go. A removed
 * channel is zero at every node of its axis (kernel columns, biases, γ and β are; selections read −1;
 * ReLU, pooling and addition keep it so), hence its readers get nothing from it, and the logits are
 * those of the cut network. Running statistics stay: a variance of zero helps nobody.
 */
import { maskTensors, type Network, type Node } from "../model/index.ts";
import { checkTable } from "./apply.ts";
import { classesOf, type GroupTable } from "./groups.ts";
import { planMasks } from "./frozen-zeros.ts";
import { survivorsOf, type Plan } from "./plan.ts";

/**
 * Masks a network by a plan.
 * @returns a new network; tensors without a removed channel are shared
 * @throws prune/plan-mismatch
 */
export function maskPlan(network: Network, table: GroupTable, plan: Plan): Network {
  checkTable(network, table);
  const survives = survivorsOf(table, plan);
  const nodes = network.nodes.map((node): Node => {
    if (node.op.kind !== "channelSelect") return node;
    const stays = classesOf(table, node.name).map((c) => survives[c] as number);
    if (!stays.includes(0)) return node;
    const indices = node.op.indices.map((index, i) => (stays[i] === 1 ? index : -1));
    return { ...node, op: { ...node.op, indices } };
  });
  return { ...network, nodes, weights: maskTensors(network.weights, planMasks(table, plan)) };
}
