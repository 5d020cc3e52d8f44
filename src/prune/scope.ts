/**
 * @file The scope of a ranking: which groups' scores are compared with each other. From wide to narrow,
 * each scope splits the pools of the one before:
 *
 * - "global": all channels in one line (Liu et al. 2017);
 * - "isomorphic": groups of one *pattern*, that is, the same kinds of ops in the same order write, pass
 *   on and read their channels (Fang et al. 2024, "Isomorphic Pruning for Vision Models");
 * - "stage": groups of one pattern on maps of one size, as ResNet's stages are;
 * - "layer": every group for itself, so that all lose the same share.
 *
 * Deviates: a convolution's window belongs to its kind, since norms over 9 and over 1 weight a channel
 * are no more comparable than those of two different ops. Strides and widths do not.
 *
 * Example: a bottleneck ResNet has one pool each for its blocks' first and second convolutions (other
 * windows read and write them); "stage" splits both by stage.
 */
import { known } from "../core/index.ts";
import { factsOf, factsOfNode, type Node } from "../model/index.ts";
import type { Group, GroupId, GroupTable } from "./groups.ts";

export type Scope = "global" | "isomorphic" | "stage" | "layer";

export const SCOPES: readonly Scope[] = ["global", "isomorphic", "stage", "layer"];

/** The name of each group's pool: groups of one name are ranked together. */
export function poolNames(table: GroupTable, scope: Scope): (group: Group) => string {
  if (scope === "global") return () => "all";
  if (scope === "layer") return ({ id }) => id;
  const patterns = patternsOf(table);
  const patternOf = ({ id }: Group): string => known(patterns.get(id), id);
  if (scope === "isomorphic") return patternOf;
  return (group) => `${mapSize(table, group)} ${patternOf(group)}`;
}

/** Height and width of the maps of a group's first layer. */
function mapSize({ graph }: GroupTable, { layers }: Group): string {
  const { shape } = factsOfNode(graph, known(layers[0], "first layer"));
  return shape.slice(0, -1).join("×");
}

/** For each group, the ops that its channels meet, in forward order. */
export function patternsOf(table: GroupTable): ReadonlyMap<GroupId, string> {
  const groupOf = new Int32Array(table.classCount);
  table.groups.forEach(({ start, size }, g) => groupOf.fill(g, start, start + size));
  const onAxis = table.axes.map((axis) => new Set(axis.map((c) => groupOf[c] as number)));
  const groupsOn = (node: string): ReadonlySet<number> =>
    known(onAxis[known(table.axisOf.get(node), node)], `axis of ${node}`);
  const met: string[][] = table.groups.map(() => []);
  for (const { node } of factsOf(table.graph).values()) {
    const [read, written] = [new Set<number>(), groupsOn(node.name)];
    for (const input of node.inputs) for (const g of groupsOn(input)) read.add(g);
    for (const g of new Set([...read, ...written])) {
      const role = !written.has(g) ? "reads" : read.has(g) ? "passes" : "writes";
      met[g]?.push(`${kindOf(node)} ${role}`);
    }
  }
  return new Map(table.groups.map(({ id }, g) => [id, known(met[g], id).join(", ")]));
}

function kindOf({ op }: Node): string {
  if (op.kind !== "conv2d") return op.kind;
  return `${op.groups === 1 ? "" : "grouped "}conv2d ${op.size.join("×")}`;
}
