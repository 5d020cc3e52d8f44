/** @file Small whole networks of every kind there is, and images to run through them. */
import { makeRandom, sizeOf } from "../../core/index.ts";
import {
  buildArchitecture,
  endsOf,
  factsOf,
  GraphBuilder,
  initialize,
  type Network,
  type NodeName,
  type Tensor,
} from "../../model/index.ts";
import type { StepSettings } from "../index.ts";

/** Depthwise separable convolutions with ReLU6, as MobileNet has them, on 8 × 8 images. */
export function separable(): Network {
  const b = new GraphBuilder();
  const unit = (at: string, from: NodeName): NodeName =>
    b.add(`${at}.act`, { kind: "relu6" }, b.bn(`${at}.bn`, from));
  let x = unit("stem", b.conv("stem", b.input([8, 8, 3]), { filters: 8, stride: 2 }));
  for (const [i, stride] of [1, 2].entries()) {
    x = unit(`deep${i}`, b.conv(`deep${i}`, x, { filters: 8 << i, groups: 8 << i, stride }));
    x = unit(`point${i}`, b.conv(`point${i}`, x, { filters: 16 << i, size: 1 }));
    if (i === 0) {
      x = unit("twice", b.conv("twice", x, { filters: 16, groups: 4 }));
    }
  }
  x = b.add("pool", { kind: "globalAveragePool" }, x);
  return initialize(
    b.finish("separable", b.add("fc", { kind: "dense", units: 10, bias: true }, x)),
    {
      seed: 4,
    },
  );
}

/** The smallest useful network: 10 classes, 8 × 8 images, two convolutions with batch norm. */
export function tiny(seed = 2): Network {
  const b = new GraphBuilder();
  let x = b.conv("conv1", b.input([8, 8, 3]), { filters: 8 });
  x = b.maxPool("pool1", b.relu("relu1", b.bn("bn1", x)));
  x = b.relu("relu2", b.bn("bn2", b.conv("conv2", x, { filters: 16 })));
  x = b.add("gap", { kind: "globalAveragePool" }, x);
  x = b.add("fc", { kind: "dense", units: 10, bias: true }, x);
  return initialize(b.finish("tiny", x), { seed });
}

/** Every activation but the ReLUs: behind a batch norm, a convolution, a sum, a concat and a vector. */
export function curved(): Network {
  const b = new GraphBuilder();
  let x = b.bn("bn1", b.conv("conv1", b.input([8, 8, 3]), { filters: 6 }));
  x = b.add("swish", { kind: "swish" }, x);
  const left = b.add("elu", { kind: "elu", alpha: 0.8 }, b.conv("left", x, { filters: 6 }));
  const sum = b.add("sum", { kind: "add" }, b.bn("bn2", left), x);
  const right = b.add("leaky", { kind: "leakyRelu", alpha: 0.1 }, sum);
  x = b.add("join", { kind: "concat" }, b.conv("right", right, { filters: 5 }), right);
  x = b.add("both", { kind: "swish" }, b.bn("bn3", x));
  x = b.add("gap", { kind: "globalAveragePool" }, b.maxPool("pool", x));
  x = b.add("hidden", { kind: "dense", units: 9, bias: true }, x);
  x = b.add("fc", { kind: "dense", units: 10, bias: true }, b.add("tanh", { kind: "tanh" }, x));
  return initialize(b.finish("curved", x), { seed: 5 });
}

/** The same network with a softmax behind it. */
export function withSoftmax(network: Network): Network {
  const nodes = [
    ...network.nodes,
    { name: "softmax", op: { kind: "softmax" as const }, inputs: [network.output] },
  ];
  return { ...network, nodes, output: "softmax" };
}

/** One of every family, as narrow as it gets. */
export const NETWORKS: readonly (readonly [string, () => Network])[] = [
  ["a plain chain (VGG-11)", () => buildArchitecture("vgg11:width=0.0625", 1)],
  ["pre-activation blocks with selections", () => buildArchitecture("preresnet-11:width=0.125", 1)],
  ["dense connectivity", () => buildArchitecture("densenet-7:growth=2", 1)],
  ["dense connectivity with bottlenecks", () => buildArchitecture("densenet-bc-10:growth=2", 1)],
  ["option-A shortcuts (ResNet-20)", () => buildArchitecture("resnet-20:width=0.125", 1)],
  ["depthwise and grouped convolutions", separable],
  ["every other activation", curved],
];

/** Random images and labels that fit the network. */
export function batchFor(network: Network, n: number, seed = 8) {
  const random = makeRandom(seed, 5);
  const length = n * sizeOf(endsOf(network).input);
  return {
    images: Float32Array.from({ length }, () => random.normal()),
    labels: Int32Array.from({ length: n }, () => random.integer(10)),
  };
}

/** Running statistics and scales away from their starting values, as after some training. */
export function worn(network: Network): Network {
  const random = makeRandom(31);
  const weights = new Map<string, Tensor>(network.weights);
  for (const { node } of factsOf(network).values()) {
    if (node.op.kind !== "batchNorm") continue;
    const set = (slot: string, draw: () => number): void => {
      const tensor = weights.get(`${node.name}/${slot}`);
      if (tensor === undefined) return;
      weights.set(`${node.name}/${slot}`, { ...tensor, values: tensor.values.map(draw) });
    };
    set("gamma", () => 0.5 + random.uniform());
    set("beta", () => random.normal() / 4);
    set("mean", () => random.normal() / 4);
    set("variance", () => 0.5 + random.uniform());
  }
  return { ...network, weights };
}

/** A step as real training makes it, with all its terms. */
export const REAL_STEP: StepSettings = {
  learningRate: 0.02,
  momentum: 0.9,
  weightDecay: 1e-4,
  sparsity: 1e-3,
  sparsityForm: "subgradient",
};
