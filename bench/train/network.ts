/**
 * @file The networks and images that all peers are given: the same weights and pixels everywhere, so
 * that their answers can be compared before their times are.
 */
import { AppError, channelsOf, known, makeRandom, sizeOf } from "../../src/core/index.ts";
import {
  buildArchitecture,
  costOf,
  endsOf,
  factsOf,
  isIdentitySelection,
  type Network,
} from "../../src/model/index.ts";
import { applyPlan, costAt, planAt, preparePruning, type Plan } from "../../src/prune/index.ts";
import type { Load } from "./peer.ts";

const SEEDS = { weights: 1, scales: 2, images: 3 } as const;

/** The name by which the zoo knows a load's network, such as `vgg16:width=0.25`. */
export function nameOf({ architecture, width = 1 }: Load): string {
  if (width === 1) return architecture;
  return `${architecture}${architecture.includes(":") ? "," : ":"}width=${width}`;
}

/** The network of a load, cut when it says so. */
export function networkOf(load: Load): Network {
  const network = buildArchitecture(nameOf(load), SEEDS.weights);
  const { ratio = 0 } = load;
  return ratio === 0 ? network : cutByMacs(network, ratio);
}

/** A batch of noise, `[n, h, w, c]`, and labels. Noise has no ties that a pool would have to break. */
export function batchOf(network: Network, batch: number) {
  const random = makeRandom(SEEDS.images);
  const { input, output } = endsOf(network);
  const images = new Float32Array(batch * sizeOf(input)).map(() => random.normal());
  const labels = new Int32Array(batch).map(() => random.integer(sizeOf(output)));
  return { images, labels };
}

/**
 * Gives the BN scales random values and cuts the smallest of the whole network until at most
 * `1 − ratio` of the MACs are left. Random, because fresh scales are all alike, and because the widths
 * that are left are then as odd as those of a trained network.
 */
function cutByMacs(network: Network, ratio: number): Network {
  const random = makeRandom(SEEDS.scales);
  const weights = new Map(network.weights);
  for (const [name, { shape, values }] of network.weights) {
    if (!name.endsWith("/gamma")) continue;
    weights.set(name, { shape, values: values.map(() => 0.1 + 0.9 * random.uniform()) });
  }
  const prepared = preparePruning({ ...network, weights }, "bn-scale");
  const most = costOf(network).macs * (1 - ratio);
  const fits = (plan: Plan): boolean => costAt(prepared, plan).macs <= most;
  let [low, high] = [0, 0.99];
  if (!fits(planAt(prepared, { ratio: high }))) {
    throw new AppError("prune/bad-ratio", { where: network.name, found: String(ratio) });
  }
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (fits(planAt(prepared, { ratio: middle }))) high = middle;
    else low = middle;
  }
  return applyPlan({ ...network, weights }, prepared.table, planAt(prepared, { ratio: high }));
}

/** The same network without selections of all channels: nobody would write those elsewhere. */
export function withoutIdentities(network: Network): Network {
  const facts = factsOf(network);
  const instead = new Map<string, string>();
  const through = (name: string): string => instead.get(name) ?? name;
  const nodes = network.nodes.flatMap((node) => {
    const inputs = node.inputs.map(through);
    const [shape = []] = known(facts.get(node.name), node.name).inputs;
    if (node.op.kind === "channelSelect" && isIdentitySelection(node.op, channelsOf(shape))) {
      instead.set(node.name, known(inputs[0], node.name));
      return [];
    }
    return [{ ...node, inputs }];
  });
  return { ...network, nodes, output: through(network.output) };
}
