/** @file Which nodes a program needs: those that its output, or while training its logits, depends on. */
import { known } from "../core/index.ts";
import { factsOf, type Network, type Node, type NodeName } from "../model/index.ts";

/** The logits' node: a final softmax belongs to the loss while training. */
export function logitsOf(network: Network): NodeName {
  const last = known(factsOf(network).get(network.output), network.output).node;
  return last.op.kind === "softmax" ? known(last.inputs[0], "softmax input") : last.name;
}

/** The nodes that the output depends on, in order. */
export function livingNodes(network: Network, output: NodeName): readonly Node[] {
  const wanted = new Set([output]);
  for (const node of network.nodes.toReversed()) {
    if (wanted.has(node.name)) node.inputs.forEach((source) => wanted.add(source));
  }
  return network.nodes.filter((node) => wanted.has(node.name));
}
