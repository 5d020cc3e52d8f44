/**
 * @file The way back from `nameForTorch`, where the graph is known: a state dict becomes the network
 * again, to the last bit. What recognition has to find out from names and shapes stands in the graph.
 */
import { AppError, channelsOf, known, sameShape, showShape } from "../../core/index.ts";
import {
  factsOf,
  type Graph,
  type Metadata,
  type Network,
  type Tensor,
} from "../../model/index.ts";
import { assembleNetwork } from "../assemble.ts";
import { at } from "../bytes.ts";
import type { StateDict, TorchTensor } from "../torch/state-dict.ts";
import { moduleNames } from "./name-for-torch.ts";
import { selectionTensor } from "./selections.ts";
import { readWeight, torchWeights } from "./torch-weights.ts";

/**
 * Puts a state dict's weights into the graph that they were named for.
 * @param tensors — borrowed; the network shares no memory with it
 * @param where — the file, for messages
 * @throws files/missing-part, files/shape-mismatch, files/bad-field for a tensor that the graph does
 *   not have or a selection that is another one, files/not-finite
 */
export function networkFromTorch(
  { graph, metadata }: { readonly graph: Graph; readonly metadata: Metadata },
  tensors: StateDict,
  where: string,
): Network {
  const modules = moduleNames(graph);
  const left = new Map(tensors);
  const take = (name: string): TorchTensor | undefined => {
    const tensor = left.get(name);
    left.delete(name);
    return tensor;
  };
  const weights = new Map<string, Tensor>();
  for (const weight of torchWeights(graph, (node) => known(modules.get(node), node))) {
    const tensor = take(weight.name);
    if (tensor === undefined) continue;
    if (!sameShape(tensor.shape, weight.shape)) {
      throw new AppError("files/shape-mismatch", {
        where: at(where, weight.name),
        expected: showShape(weight.shape),
        found: showShape(tensor.shape),
      });
    }
    weights.set(weight.tensor, readWeight(weight, tensor));
  }
  for (const { node, inputs } of factsOf(graph).values()) {
    const module = known(modules.get(node.name), node.name);
    // How many batches were seen takes part in no arithmetic.
    if (node.op.kind === "batchNorm") take(`${module}.num_batches_tracked`);
    if (node.op.kind !== "channelSelect") continue;
    const selection = selectionTensor(node.op, channelsOf(inputs[0] ?? []));
    if (selection === undefined) continue;
    const name = `${module}.${selection.suffix}`;
    const found = take(name)?.values;
    if (found !== undefined && String(found) !== String(selection.tensor.values)) {
      throw new AppError("files/bad-field", {
        where: at(where, name),
        expected: "the selection that stands in the graph",
        found: "another one",
      });
    }
  }
  // Strays keep their names, so that the refusal can say which.
  for (const [name] of left) weights.set(name, { shape: [], values: new Float32Array(1) });
  return assembleNetwork({ graph, metadata, tensors: weights }, where);
}
