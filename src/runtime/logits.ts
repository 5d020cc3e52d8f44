/** @file Where the logits are. */
import { known } from "../core/index.ts";
import { factsOf, type Network, type NodeName } from "../model/index.ts";

/** The logits' node: a final softmax belongs to the loss while training. */
export function logitsOf(network: Network): NodeName {
  const last = known(factsOf(network).get(network.output), network.output).node;
  return last.op.kind === "softmax" ? known(last.inputs[0], "softmax input") : last.name;
}
