/**
 * @file What a network would cost under a plan, without touching a weight. Each node with a cost is
 * asked again with the number of channels that it would have: the very questions that `costOf` asks of
 * the cut network, so that the two agree to the last parameter, and an op of tomorrow needs no line
 * here. Costs follow from *how many* channels stay and not from which.
 */
import { known, sizeOf, type Shape } from "../core/index.ts";
import {
  costByNode,
  costOf,
  definitionOf,
  factsOf,
  type Cost,
  type NodeFacts,
  type NodeName,
} from "../model/index.ts";
import type { GroupId, GroupTable } from "./groups.ts";
import { survivorsOf, type Plan } from "./plan.ts";

/** What is left of one planned group. */
export interface GroupChannels {
  readonly id: GroupId;
  readonly name: string;
  readonly layers: readonly NodeName[];
  readonly kept: number;
  readonly total: number;
}

/** A cost with the channels that it stands for. */
export interface PlanCost extends Cost {
  /** Channels left in the planned groups, … */
  readonly channels: number;
  /** … of so many. */
  readonly totalChannels: number;
  readonly groups: readonly GroupChannels[];
}

interface CostlyNode {
  readonly facts: NodeFacts;
  readonly before: Cost;
  readonly inputs: readonly number[];
  readonly output: number;
}

/** What of a plan's cost can be reckoned before there is a plan. */
export interface CostTable {
  readonly table: GroupTable;
  /** The nodes that have weights or MACs; what costs nothing whole costs nothing cut. */
  readonly nodes: readonly CostlyNode[];
  /** 0, 1, 2, …: any number of channels, as a view. */
  readonly counting: Int32Array;
  /** Of the untouched network. */
  readonly whole: Cost;
}

/** Collects the nodes that cost something. */
export function prepareCost(table: GroupTable): CostTable {
  const costs = costByNode(table.graph);
  const axisOf = (name: NodeName): number => known(table.axisOf.get(name), `axis of ${name}`);
  const nodes = [...factsOf(table.graph).values()].flatMap((facts): CostlyNode[] => {
    const { name, inputs } = facts.node;
    const before = known(costs.get(name), `cost of ${name}`);
    return before.bytes === 0 && before.macs === 0
      ? []
      : [{ facts, before, inputs: inputs.map(axisOf), output: axisOf(name) }];
  });
  const widest = table.axes.reduce((most, { length }) => Math.max(most, length), 0);
  return {
    table,
    nodes,
    counting: Int32Array.from({ length: widest }, (_, i) => i),
    whole: costOf(table.graph),
  };
}

/**
 * The cost of the cut network.
 * @throws prune/plan-mismatch
 */
export function planCost(prepared: CostTable, plan: Plan): PlanCost {
  const { table, nodes, counting } = prepared;
  const survives = survivorsOf(table, plan);
  const counts = table.axes.map((axis) => countIn(axis, survives));
  let [parameters, macs, bytes] = [0, 0, 0];
  for (const node of nodes) {
    const cost = costUnder(node, table, counts, counting);
    parameters += cost.parameters;
    macs += cost.macs;
    bytes += cost.bytes;
  }
  let [channels, totalChannels] = [0, 0];
  const groups: GroupChannels[] = [];
  for (const { id, name, layers, size } of table.groups) {
    const kept = plan.kept.get(id);
    if (kept === undefined) continue;
    groups.push({ id, name, layers, kept: kept.length, total: size });
    channels += kept.length;
    totalChannels += size;
  }
  return { parameters, macs, bytes, channels, totalChannels, groups };
}

function countIn(axis: Int32Array, survives: Uint8Array): number {
  let count = 0;
  for (let j = 0; j < axis.length; j++) count += survives[axis[j] as number] as number;
  return count;
}

function costUnder(
  { facts, before, inputs, output }: CostlyNode,
  { axes }: GroupTable,
  counts: readonly number[],
  counting: Int32Array,
): Cost {
  const isWhole = (axis: number): boolean => counts[axis] === axes[axis]?.length;
  if (isWhole(output) && inputs.every(isWhole)) return before;
  const definition = definitionOf(facts.node.op);
  const first = (axis: number): Int32Array => counting.subarray(0, counts[axis]);
  const op = definition.cut(facts.node.op, facts.inputs, inputs.map(first), first(output));
  const shapes = facts.inputs.map((shape, i) => withChannels(shape, counts[inputs[i] as number]));
  let [parameters, stored] = [0, 0];
  const weights = definition.weights(op, shapes);
  for (const slot in weights) {
    const { shape, trainable } = known(weights[slot], slot);
    const size = sizeOf(shape);
    stored += size;
    if (trainable) parameters += size;
  }
  const macs = definition.macs(op, shapes, withChannels(facts.shape, counts[output]));
  return { parameters, macs, bytes: stored * 4 };
}

function withChannels(shape: Shape, channels = 0): Shape {
  return [...shape.slice(0, -1), channels];
}
