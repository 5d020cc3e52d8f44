/** @file Networks as those write them who know of no channel selection. */
import type { Network } from "../../model/index.ts";

/** The same network with every selection of all channels taken out. */
export function withoutSelections(network: Network): Network {
  const gone = new Map(
    network.nodes.flatMap(({ name, op, inputs: [from = ""] }) =>
      op.kind === "channelSelect" && !op.indices.includes(-1) ? [[name, from] as const] : [],
    ),
  );
  const nodes = network.nodes
    .filter(({ name }) => !gone.has(name))
    .map((node) => ({ ...node, inputs: node.inputs.map((name) => gone.get(name) ?? name) }));
  return { ...network, nodes };
}
