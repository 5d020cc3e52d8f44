/**
 * @file Every network in every format at every ratio: written, dropped again, and the same. The graph is
 * equal, the weights bit for bit, and so are the logits, which wasm computes of both. What a format
 * cannot say, and what a PyTorch file does not tell, stands by name below.
 */
import { describe, expect, it } from "vitest";
import { AppError, explain, known, sameBits } from "../../src/core/index.ts";
import { nameForTorch } from "../../src/files/families/name-for-torch.ts";
import { logitsOf } from "../../src/files/families/testing/state-dicts.ts";
import { sameNetwork } from "../../src/files/graph.ts";
import { exportNetwork, openFiles } from "../../src/files/index.ts";
import { image } from "../../src/files/testing/samples.ts";
import { readTorch } from "../../src/files/torch/read.ts";
import { costOf, type Network } from "../../src/model/index.ts";
import { FORMATS, written } from "./formats.ts";
import { cut, NETWORKS, RATIOS } from "./networks.ts";
import { sameUpToNames } from "./same-graph.ts";

/** Which formats refuse to write which network, and with what words. */
const CANNOT_SAY: Readonly<Record<string, readonly [format: RegExp, sentence: string]>> = {
  "an ELU of another slope": [
    /^tfjs/,
    "curved › elu › alpha: this is not supported (expected ELU with alpha 1, found 0.75); " +
      "save the network as safetensors.",
  ],
  "padded pooling behind a convolution": [
    /^tfjs/,
    "padded › pool1 › padding: this is not supported (expected padding only on values that " +
      "are never negative, found padding [1,1,1,1]); put the pooling behind a ReLU, or save the " +
      "network as safetensors.",
  ],
};

/** The networks that a state dict tells; of all others it keeps the weights, and no layers. */
const TOLD_BY_NAMES = new Set([
  "a VGG",
  "a VGG under network-slimming's names",
  "a ResNet with option-A shortcuts",
  "a pre-activation ResNet with selections",
  "a DenseNet",
  "a DenseNet-BC",
]);
const NO_LAYERS =
  /\.pth: this is not supported \(expected .*; export the network as ONNX, which .*\.$/;

function expected(name: string, column: string): string | RegExp {
  const [formats, sentence = ""] = CANNOT_SAY[name] ?? [];
  if (formats?.test(column) === true) return sentence;
  return !column.startsWith("PyTorch") || TOLD_BY_NAMES.has(name) ? "equal" : NO_LAYERS;
}

/** "equal", what is not, or the sentence of a refusal. */
async function roundTrip(network: Network, column: string): Promise<string> {
  const format = known(FORMATS[column], column);
  try {
    const [opened, ...others] = await openFiles(await written(network, format));
    if (opened?.kind !== "network" || others.length > 0) return "something else came back";
    const back = opened.network;
    const same = format.format === "torch" ? sameUpToNames : sameNetwork;
    if (!same(network, back)) return "graph or weights differ";
    const images = image(network);
    const [before, after] = [await logitsOf(network, images), await logitsOf(back, images)];
    return sameBits(before, after) ? "equal" : "logits differ";
  } catch (error) {
    if (error instanceof AppError) return explain(error);
    throw error;
  }
}

describe.each(Object.entries(NETWORKS))("%s", (name, make) => {
  it.each(RATIOS)("comes back from every format, cut by %d", async (ratio) => {
    const whole = make();
    const network = cut(whole, ratio);
    expect(costOf(network).parameters < costOf(whole).parameters).toBe(ratio > 0);
    for (const column of Object.keys(FORMATS)) {
      const outcome = await roundTrip(network, column);
      const wanted = expected(name, column);
      if (typeof wanted === "string") expect(outcome, column).toBe(wanted);
      else expect(outcome, column).toMatch(wanted);
    }
  });

  it.each(RATIOS)("keeps every weight in a state dict, cut by %d", async (ratio) => {
    const network = cut(make(), ratio);
    const [file] = (await exportNetwork(network, "torch")).files;
    const { tensors } = await readTorch(file?.bytes ?? new Uint8Array(), "net.pth");
    const named = nameForTorch(network).tensors;
    expect([...tensors.keys()]).toEqual([...named.keys()]);
    for (const [key, { shape, values }] of named) {
      expect(tensors.get(key)?.shape, key).toEqual(shape);
      expect(sameBits(tensors.get(key)?.values ?? new Float32Array(), values), key).toBe(true);
    }
  });
});

/** The same network with every node called otherwise. */
function renamed(network: Network): Network {
  const my = (name: string): string => `my ${name}`;
  return {
    ...network,
    nodes: network.nodes.map(({ name, op, inputs }) => ({
      name: my(name),
      op,
      inputs: inputs.map(my),
    })),
    weights: new Map([...network.weights].map(([key, tensor]) => [my(key), tensor])),
    output: my(network.output),
  };
}

describe("the table's own comparison", () => {
  it("sees through names, and finds a changed bit, a changed setting, and inputs that changed places", () => {
    const network = known(NETWORKS["every curved activation"], "network")();
    const twin = renamed(network);
    expect([sameUpToNames(network, twin), sameNetwork(network, twin)]).toEqual([true, false]);

    const edited = (edit: (node: Network["nodes"][number]) => object): Network => ({
      ...twin,
      nodes: twin.nodes.map((node) => Object.assign({ ...node }, edit(node))),
    });
    const slope = edited(({ op }) =>
      op.kind === "leakyRelu" ? { op: { ...op, alpha: 0.25 } } : {},
    );
    expect(sameUpToNames(network, slope)).toBe(false);
    const swapped = edited(({ op, inputs }) =>
      op.kind === "concat" ? { inputs: inputs.toReversed() } : {},
    );
    expect(sameUpToNames(network, swapped)).toBe(false);

    const key = "my conv2/kernel";
    const { shape, values } = known(twin.weights.get(key), key);
    const bits = new Uint32Array(values.slice().buffer);
    bits[10] = (bits[10] ?? 0) ^ 1;
    const flipped = { shape, values: new Float32Array(bits.buffer) };
    const weights = new Map(twin.weights).set(key, flipped);
    expect(sameUpToNames(network, { ...twin, weights })).toBe(false);
  });
});
