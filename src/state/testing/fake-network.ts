/**
 * @file A network that looks sparse-trained without a step of training: an architecture of the zoo
 * whose BN scales fall into two heaps, more of them dead the deeper the layer. For tests and for
 * working on the page without an engine.
 */
import { makeRandom } from "../../core/index.ts";
import { CIFAR10_NORMALIZATION } from "../../data/index.ts";
import {
  buildArchitecture,
  tensorName,
  withNormalization,
  type Network,
  type Tensor,
} from "../../model/index.ts";

/** 13 layers with 792 channels. */
export const FAKE_ARCHITECTURE = "vgg16:width=0.1875";

/** An architecture with BN scales as after sparse training; a function of (name, seed). */
export function makeSparseNetwork(name = FAKE_ARCHITECTURE, seed = 1): Network {
  const network = buildArchitecture(name, seed);
  const norms = network.nodes.filter(({ op }) => op.kind === "batchNorm");
  const weights = new Map<string, Tensor>(network.weights);
  norms.forEach((node, index) => {
    const tensor = weights.get(tensorName(node.name, "gamma"));
    if (tensor === undefined) return;
    const random = makeRandom(seed, 77, index);
    const depth = norms.length < 2 ? 0 : index / (norms.length - 1);
    const dead = Math.max(0, 1.15 * depth ** 1.15 - 0.08 - 0.25 * Math.max(0, depth - 0.9) * 10);
    const share = Math.min(0.8, dead);
    const values = Float32Array.from(tensor.values, () => {
      const isDead = random.uniform() < share || (index < 4 && random.uniform() < 0.08);
      const log = isDead ? -6.1 + 0.75 * random.normal() : -1.15 + 0.4 * random.normal();
      return Math.min(1, Math.exp(log)) * (random.uniform() < 0.5 ? -1 : 1);
    });
    weights.set(tensorName(node.name, "gamma"), { shape: tensor.shape, values });
  });
  return withNormalization({ ...network, weights }, CIFAR10_NORMALIZATION);
}
