/** @file The activations that speak for channels: which there are, and whose channels they let through. */
import type { Graph, Node, NodeName, OpKind } from "../../model/index.ts";
import { classesOf, type GroupTable } from "../groups.ts";
import type { Opinion, Subject } from "./criterion.ts";
import { freeClasses } from "./kernels.ts";

/** The activations whose output can be exactly zero over a whole range of inputs. */
const CUTTING: ReadonlySet<OpKind> = new Set(["relu", "relu6"]);
const BENDING: ReadonlySet<OpKind> = new Set(["elu", "leakyRelu", "swish", "tanh"]);

/** True where a share of zeros says something. */
export const cutsOff = ({ op }: Node): boolean => CUTTING.has(op.kind);

/** The activations behind channels that may be cut, in forward order. */
export function activationsOf(graph: Graph, table: GroupTable): readonly Node[] {
  const isFree = freeClasses(table);
  return graph.nodes.filter(
    (node) =>
      (CUTTING.has(node.op.kind) || BENDING.has(node.op.kind)) &&
      classesOf(table, node.name).some((c) => isFree[c] === 1),
  );
}

/** One opinion an activation that was looked at. */
export function* byActivation<T>(
  { network, table }: Subject,
  measured: ReadonlyMap<NodeName, T>,
  valuesOf: (figures: T) => ArrayLike<number>,
  counts: (node: Node) => boolean = () => true,
): Iterable<Opinion> {
  for (const node of activationsOf(network, table).filter(counts)) {
    const figures = measured.get(node.name);
    if (figures === undefined) continue;
    yield { classes: classesOf(table, node.name), values: valuesOf(figures) };
  }
}
