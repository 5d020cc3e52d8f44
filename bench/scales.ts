/** @file BN scales as sparse training leaves them, for benches that cut. */
import { makeRandom } from "../src/core/index.ts";
import type { Network } from "../src/model/index.ts";

/** Most small, some large, no two alike. */
export function withSparseScales(network: Network): Network {
  const random = makeRandom(1);
  const weights = new Map(network.weights);
  for (const [name, { shape, values }] of network.weights) {
    if (!name.endsWith("/gamma")) continue;
    const scales = values.map(() => (random.uniform() < 0.6 ? 1e-3 : 0.3) * random.uniform());
    weights.set(name, { shape, values: scales });
  }
  return { ...network, weights };
}
