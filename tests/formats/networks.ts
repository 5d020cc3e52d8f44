/**
 * @file The networks of the table of formats: one of every kind that people have, as narrow as it gets,
 * each with batch norms to prune by. Weights are seeded and all different.
 */
import { dictOf, recognize, SMALL_VGG } from "../../src/files/families/testing/state-dicts.ts";
import { shake, zoo } from "../../src/files/testing/samples.ts";
import { GraphBuilder, initialize, type Network, type NodeName } from "../../src/model/index.ts";
import { applyPlan, planAt, preparePruning } from "../../src/prune/index.ts";

/** What is removed, by the size of the BN scales over the whole network. */
export const RATIOS = [0, 0.5, 0.7] as const;

/** By what a person would call it. */
export const NETWORKS: Readonly<Record<string, () => Network>> = {
  "a VGG": () => zoo("vgg11:width=0.0625"),
  "a VGG under network-slimming's names": () => shake(recognize(dictOf(SMALL_VGG)).network),
  "a ResNet with option-A shortcuts": () => zoo("resnet-20:width=0.125"),
  "a pre-activation ResNet with selections": () => zoo("preresnet-11:width=0.125"),
  "a DenseNet": () => zoo("densenet-7:growth=2"),
  "a DenseNet-BC": () => zoo("densenet-bc-10:growth=2"),
  "depthwise separable convolutions with ReLU6": separable,
  "grouped convolutions and strides": grouped,
  "asymmetric padding and a softmax": uneven,
  "every curved activation": () => curved(1),
  "batch norms behind additions": added,
  "a flatten of a larger map": flattened,
  // What one format cannot say:
  "an ELU of another slope": () => curved(0.75),
  "padded pooling behind a convolution": padded,
};

/** The network with that share of its channels cut out; residual streams are cut like all others. */
export function cut(network: Network, ratio: number): Network {
  const prepared = preparePruning(network, "bn-scale", { streams: "prune" });
  return applyPlan(network, prepared.table, planAt(prepared, { ratio }));
}

/** Input, body, global average, four classes. */
function chain(name: string, body: (b: GraphBuilder, from: NodeName) => NodeName): Network {
  const b = new GraphBuilder();
  let x = body(b, b.input([9, 8, 3]));
  x = b.add("gap", { kind: "globalAveragePool" }, x);
  x = b.add("fc", { kind: "dense", units: 4, bias: true }, x);
  return shake(initialize(b.finish(name, x), { seed: 3 }));
}

function separable(): Network {
  return chain("separable", (b, from) => {
    const unit = (at: string, x: NodeName): NodeName =>
      b.add(`${at}.act`, { kind: "relu6" }, b.bn(`${at}.bn`, x));
    let x = unit("stem", b.conv("stem", from, { filters: 8, stride: 2 }));
    x = unit("deep1", b.conv("deep1", x, { filters: 8, groups: 8 }));
    x = unit("point1", b.conv("point1", x, { filters: 6, size: 1 }));
    // Two outputs for every input.
    x = unit("deep2", b.conv("deep2", x, { filters: 12, groups: 6, stride: 2 }));
    return unit("point2", b.conv("point2", x, { filters: 10, size: 1 }));
  });
}

function grouped(): Network {
  return chain("grouped", (b, from) => {
    let x = b.relu("relu1", b.bn("bn1", b.conv("conv1", from, { filters: 8, size: 5 })));
    x = b.conv("grouped", x, { filters: 12, groups: 4, stride: 2, bias: true });
    return b.relu("relu2", b.bn("bn2", x));
  });
}

function uneven(): Network {
  const b = new GraphBuilder();
  const window = { size: [3, 2], stride: [2, 1], padding: [0, 1, 1, 0] } as const;
  let x = b.input([12, 10, 3]);
  x = b.add("conv1", { kind: "conv2d", filters: 8, groups: 1, bias: true, ...window }, x);
  x = b.relu("relu1", b.bn("bn1", x));
  x = b.add("pool1", { kind: "maxPool", ...window }, x);
  x = b.relu("relu2", b.bn("bn2", b.conv("conv2", x, { filters: 6, stride: 2 })));
  x = b.add("fc", { kind: "dense", units: 4, bias: false }, b.add("flat", { kind: "flatten" }, x));
  return shake(initialize(b.finish("uneven", b.add("p", { kind: "softmax" }, x)), { seed: 3 }));
}

function curved(alpha: number): Network {
  return chain("curved", (b, from) => {
    let x = b.bn("bn1", b.conv("conv1", from, { filters: 6 }));
    x = b.add("swish", { kind: "swish" }, x);
    x = b.add("elu", { kind: "elu", alpha }, b.bn("bn2", b.conv("conv2", x, { filters: 6 })));
    const left = b.add("leaky", { kind: "leakyRelu", alpha: 0.125 }, x);
    const right = b.add("tanh", { kind: "tanh" }, b.conv("conv3", x, { filters: 5 }));
    return b.add("both", { kind: "concat" }, left, right);
  });
}

function added(): Network {
  return chain("added", (b, from) => {
    const stem = b.conv("stem", from, { filters: 6 });
    const one = b.conv("one", b.relu("relu1", b.bn("bn1", stem)), { filters: 6 });
    const sum = b.bn("bn2", b.add("sum", { kind: "add" }, one, stem));
    const two = b.conv("two", b.relu("relu2", sum), { filters: 6 });
    return b.relu("relu3", b.bn("bn3", b.add("three terms", { kind: "add" }, two, sum, one)));
  });
}

function flattened(): Network {
  const b = new GraphBuilder();
  let x = b.input([9, 8, 3]);
  x = b.relu("relu1", b.bn("bn1", b.conv("conv1", x, { filters: 5, stride: 2 })));
  x = b.add("mean", { kind: "averagePool", ...square(2, 1) }, x);
  x = b.add("flat", { kind: "flatten" }, x);
  x = b.add("hidden", { kind: "dense", units: 7, bias: false }, x);
  x = b.relu("relu2", b.bn("bn2", x));
  x = b.add("fc", { kind: "dense", units: 4, bias: true }, x);
  return shake(initialize(b.finish("flattened", x), { seed: 3 }));
}

/** Of negative values too, between which a zero at the border would be the largest. */
function padded(): Network {
  return chain("padded", (b, from) => {
    const window = { size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] } as const;
    let x = b.conv("conv1", b.relu("relu1", b.bn("bn1", b.conv("stem", from, { filters: 6 }))), {
      filters: 6,
    });
    x = b.add("pool1", { kind: "maxPool", ...window }, x);
    return b.relu("relu2", b.bn("bn2", x));
  });
}

function square(size: number, stride: number) {
  return {
    size: [size, size],
    stride: [stride, stride],
    padding: [0, 0, 0, 0],
  } as const;
}
