/** @file Which networks cannot be lowered, and why. */
import { known } from "../../core/index.ts";
import { factsOf, livingNodes, type Network } from "../../model/index.ts";
import { logitsOf } from "../logits.ts";

/** What the kernels lack for this network, in words for a person; nothing when they have it all. */
export function whyNotLowered(network: Network): string | undefined {
  const middle = livingNodes(network, network.output).find(
    ({ name, op }) => op.kind === "softmax" && name !== network.output,
  );
  if (middle !== undefined) return `${middle.name} is a softmax inside the network`;
  const logits = logitsOf(network);
  const { shape } = known(factsOf(network).get(logits), logits);
  return shape.length === 1 ? undefined : `${logits}, the output, is a map`;
}
