/**
 * @file Which weights are held at zero: those that a plan takes, or those that are zero already. What
 * lives is marked, weight by weight, for whoever trains a network on without giving back what it lost
 * (the retraining of Han et al. 2016, "Deep Compression", §2).
 */
import { channelsOf, known } from "../core/index.ts";
import {
  factsOf,
  tensorName,
  type Masks,
  type Network,
  type TensorName,
  type WeightSpec,
} from "../model/index.ts";
import { classesOf, type GroupTable } from "./groups.ts";
import { survivorsOf, type Plan } from "./plan.ts";

/**
 * Marks what makes the channels that a plan leaves: kernel columns, biases, γ and β.
 * @throws prune/plan-mismatch
 */
export function planMasks(table: GroupTable, plan: Plan): Masks {
  const survives = survivorsOf(table, plan);
  const masks = new Map<TensorName, Uint8Array>();
  for (const { node, weights } of factsOf(table.graph).values()) {
    const stays = classesOf(table, node.name).map((c) => survives[c] as number);
    if (!stays.includes(0)) continue;
    for (const [slot, spec] of Object.entries(weights)) {
      if (!spec.trainable || spec.axes.at(-1) !== "output") continue;
      const size = spec.shape.reduce((a, b) => a * b, 1);
      const mask = new Uint8Array(size).map((_, i) => stays[i % stays.length] as number);
      masks.set(tensorName(node.name, slot), mask);
    }
  }
  return masks;
}

/**
 * Marks what is not zero already. Kernel entries and BN scales count as lost when they are exactly 0;
 * a bias or β that is 0 counts only where all that it stands beside is, since those start at 0.
 */
export function zeroMasks({ weights, ...network }: Network): Masks {
  const masks = new Map<TensorName, Uint8Array>();
  for (const { node, weights: specs } of factsOf(network).values()) {
    const lost = columnsOfZeros(node.name, specs, weights);
    for (const [slot, { trainable }] of Object.entries(specs)) {
      if (!trainable) continue;
      const name = tensorName(node.name, slot);
      const { values } = known(weights.get(name), name);
      const counts = (i: number): boolean => slot === "kernel" || lost[i] === 1;
      const mask = Uint8Array.from(values, (value, i) => (value === 0 && counts(i) ? 0 : 1));
      if (mask.includes(0)) masks.set(name, mask);
    }
  }
  return masks;
}

/** By output channel: 1 where the node's kernel column is all zeros, or its BN scale is. */
function columnsOfZeros(
  node: string,
  specs: Readonly<Record<string, WeightSpec>>,
  weights: Network["weights"],
): Uint8Array {
  const slot = "kernel" in specs ? "kernel" : "gamma";
  const tensor = weights.get(tensorName(node, slot));
  if (tensor === undefined) return new Uint8Array(0);
  const width = channelsOf(tensor.shape);
  const lost = new Uint8Array(width).fill(1);
  tensor.values.forEach((value, i) => {
    if (value !== 0) lost[i % width] = 0;
  });
  return lost;
}
