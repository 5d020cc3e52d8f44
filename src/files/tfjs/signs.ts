/**
 * @file Which nodes can never be negative: there zero padding in front of a maximum is exact.
 */
import type { Node, NodeName, OpKind } from "../../model/index.ts";

/** What is known of the nodes so far. */
export type Signs = Map<NodeName, boolean>;

const NEVER_NEGATIVE: ReadonlySet<OpKind> = new Set(["relu", "relu6", "softmax"]);
/** Never negative where all inputs are not. */
const PASSING: ReadonlySet<OpKind> = new Set([
  "maxPool",
  "averagePool",
  "globalAveragePool",
  "flatten",
  "add",
  "concat",
  "channelSelect",
]);

/** True when the node's values are at least zero, whatever the weights. */
export function isNonNegative({ op, inputs }: Node, signs: Signs): boolean {
  if (NEVER_NEGATIVE.has(op.kind)) return true;
  return PASSING.has(op.kind) && inputs.every((input) => signs.get(input) === true);
}
