/**
 * @file A plan without surgery: the same shapes, and zeros wherever a channel would go. A removed
 * channel is zero at every node of its axis (kernel columns, biases, γ and β are; selections read −1;
 * ReLU, pooling and addition keep it so), hence its readers get nothing from it, and the logits are
 * those of the cut network. Running statistics stay: a variance of zero helps nobody.
 */
import { known } from "../core/index.ts";
import { factsOf, tensorName, type Network, type Node, type Tensor } from "../model/index.ts";
import { checkTable } from "./apply.ts";
import { classesOf, type GroupTable } from "./groups.ts";
import { survivorsOf, type Plan } from "./plan.ts";

/**
 * Masks a network by a plan.
 * @returns a new network; tensors without a removed channel are shared
 * @throws prune/plan-mismatch
 */
export function maskPlan(network: Network, table: GroupTable, plan: Plan): Network {
  checkTable(network, table);
  const survives = survivorsOf(table, plan);
  const weights = new Map(network.weights);
  const nodes = [...factsOf(network).values()].map(({ node, weights: specs }): Node => {
    const stays = classesOf(table, node.name).map((c) => survives[c] as number);
    if (!stays.includes(0)) return node;
    for (const [slot, spec] of Object.entries(specs)) {
      if (!spec.trainable || spec.axes.at(-1) !== "output") continue;
      const name = tensorName(node.name, slot);
      weights.set(name, zeroColumns(known(weights.get(name), name), stays));
    }
    if (node.op.kind !== "channelSelect") return node;
    const indices = node.op.indices.map((index, i) => (stays[i] === 1 ? index : -1));
    return { ...node, op: { ...node.op, indices } };
  });
  return { ...network, nodes, weights };
}

/** Zeros where `stays` is 0 along the last axis, which is the output axis of every weight. */
function zeroColumns({ shape, values }: Tensor, stays: Int32Array): Tensor {
  const width = stays.length;
  return { shape, values: values.map((value, i) => (stays[i % width] === 1 ? value : 0)) };
}
