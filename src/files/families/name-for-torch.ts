/**
 * @file A network's weights under PyTorch's names and in its layout: each node is a module, called as
 * the node is. What was recognised from a state dict gets its own names back.
 */
import { channelsOf, known } from "../../core/index.ts";
import { factsOf, type Graph, type Network, type NodeName } from "../../model/index.ts";
import type { StateDict, TorchTensor } from "../torch/state-dict.ts";
import { selectionTensor } from "./selections.ts";
import { torchWeights, writeWeight } from "./torch-weights.ts";

/** A state dict with what PyTorch's side should know of it. */
export interface NamedForTorch {
  readonly tensors: StateDict;
  readonly notes: readonly string[];
}

/** Names the weights of any network. Shares no memory with it; cost O(weights). */
export function nameForTorch(network: Network): NamedForTorch {
  const modules = moduleNames(network);
  const moduleOf = (node: NodeName): string => known(modules.get(node), node);
  const weights = new Map(torchWeights(network, moduleOf).map((w) => [w.tensor, w]));
  const tensors = new Map<string, TorchTensor>();
  for (const { node, inputs, weights: slots } of factsOf(network).values()) {
    const module = moduleOf(node.name);
    for (const slot of Object.keys(slots)) {
      const weight = known(weights.get(`${node.name}/${slot}`), slot);
      const tensor = known(network.weights.get(weight.tensor), weight.tensor);
      tensors.set(weight.name, writeWeight(weight, tensor));
    }
    if (node.op.kind === "batchNorm") tensors.set(`${module}.num_batches_tracked`, counter());
    if (node.op.kind !== "channelSelect") continue;
    const selection = selectionTensor(node.op, channelsOf(inputs[0] ?? []));
    if (selection !== undefined) tensors.set(`${module}.${selection.suffix}`, selection.tensor);
  }
  return { tensors, notes: [...renamings(modules), ...listNotes(network)] };
}

function counter(): TorchTensor {
  return { shape: [], values: new Float32Array(1), dtype: "int64" };
}

/** The ends of the names of tensors, which no module may bear. */
const RESERVED = new Set([
  "weight",
  "bias",
  "running_mean",
  "running_var",
  "num_batches_tracked",
  "indexes",
  "indices",
]);

/**
 * The module that each node becomes: its own name, but for a part that a tensor of the module around
 * it could have. Two nodes never share one.
 */
export function moduleNames({ nodes }: Graph): ReadonlyMap<NodeName, string> {
  const taken = new Set(nodes.map(({ name }) => name));
  return new Map(
    nodes.map(({ name }) => {
      const parts = name.split(".");
      if (!parts.some((part) => RESERVED.has(part))) return [name, name];
      let module = parts.map((part) => (RESERVED.has(part) ? `${part}_` : part)).join(".");
      while (taken.has(module)) module += "_";
      taken.add(module);
      return [name, module];
    }),
  );
}

function renamings(modules: ReadonlyMap<NodeName, string>): string[] {
  return [...modules]
    .filter(([node, module]) => node !== module)
    .map(([node, module]) => `${node} is called ${module}, apart from the tensors beside it`);
}

function listNotes(network: Network): string[] {
  const lists = [...factsOf(network).values()].flatMap(({ node, inputs }) =>
    node.op.kind === "channelSelect" &&
    selectionTensor(node.op, channelsOf(inputs[0] ?? []))?.suffix === "indices"
      ? [node.name]
      : [],
  );
  return lists.length === 0
    ? []
    : [
        `selections that are no masks stand as lists in ".indices", −1 for zeros: ${lists.join(", ")}`,
      ];
}
