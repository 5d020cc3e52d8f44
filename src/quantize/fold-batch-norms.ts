/**
 * @file Batch norms folded into the layers in front of them: with the running
 * statistics a batch norm is an affine map per channel, and so is what a convolution's last axis can
 * take up. Exact for any padding, because the batch norm comes after it; a batch norm behind an
 * addition, a selection or the input stays. For deployment only: a folded network trains differently.
 */
import { known } from "../core/index.ts";
import {
  type BatchNorm,
  type Network,
  type Node,
  type NodeName,
  readersOf,
  type Tensor,
  type TensorName,
  tensorName,
  validateNetwork,
} from "../model/index.ts";

/**
 * Folds every batch norm that alone reads a convolution or dense layer.
 *
 * W′ = W · γ / √(σ² + ε) per output channel, b′ = β + (b − μ) · γ / √(σ² + ε), in float64.
 * @returns a network that keeps the layers' names and lacks the folded batch norms'
 * @throws files/not-finite where a variance is so small that the weights overflow
 */
export function foldBatchNorms(network: Network): Network {
  const weights = new Map(network.weights);
  const readers = readersOf(network);
  const nodes = new Map<NodeName, Node>();
  const replaced = new Map<NodeName, NodeName>();
  for (const { name, op, inputs: before } of network.nodes) {
    const inputs = before.map((input) => replaced.get(input) ?? input);
    const [read = ""] = before;
    const [source = ""] = inputs;
    const layer = nodes.get(source);
    const takes = layer?.op.kind === "conv2d" || layer?.op.kind === "dense";
    // What leaves the network as it is must not be changed for a reader's sake.
    const alone = readers.get(read)?.length === 1 && read !== network.output;
    if (op.kind !== "batchNorm" || !takes || !alone) {
      nodes.set(name, { name, op, inputs });
      continue;
    }
    foldInto(weights, source, name, op);
    nodes.set(source, { ...layer, op: { ...layer.op, bias: true } });
    replaced.set(name, source);
  }
  const output = replaced.get(network.output) ?? network.output;
  const folded = { ...network, nodes: [...nodes.values()], output, weights };
  validateNetwork(folded);
  return folded;
}

function foldInto(
  weights: Map<TensorName, Tensor>,
  layer: NodeName,
  bn: NodeName,
  { epsilon }: BatchNorm,
): void {
  const take = (slot: string): Float32Array => {
    const name = tensorName(bn, slot);
    const { values } = known(weights.get(name), name);
    weights.delete(name);
    return values;
  };
  const [gamma, beta, mean, variance] = ["gamma", "beta", "mean", "variance"].map(take) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const scale = Float64Array.from(
    gamma,
    (value, c) => value / Math.sqrt((variance[c] as number) + epsilon),
  );
  const kernel = known(weights.get(tensorName(layer, "kernel")), layer);
  const bias = weights.get(tensorName(layer, "bias"))?.values;
  const channels = scale.length;
  weights.set(tensorName(layer, "kernel"), {
    shape: kernel.shape,
    values: kernel.values.map((value, i) => value * (scale[i % channels] as number)),
  });
  weights.set(tensorName(layer, "bias"), {
    shape: [channels],
    values: Float32Array.from(
      beta,
      (value, c) => value + ((bias?.[c] ?? 0) - (mean[c] as number)) * (scale[c] as number),
    ),
  });
}
