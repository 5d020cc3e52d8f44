/**
 * @file VGG-19, 80 MB of weights, in every format that can be opened: what people drop. What we write is
 * written by the product; the others by the tests' writers, in the layouts of PyTorch and Keras.
 */
import { known } from "../../src/core/index.ts";
import { nameForTorch } from "../../src/files/families/name-for-torch.ts";
import { exportNetwork, type NamedBytes, zipFiles } from "../../src/files/index.ts";
import {
  type Json,
  legacyH5,
  type Saved,
  type SavedTensor,
  toKeras3,
  writeHdf5,
} from "../../src/files/keras/testing/models.ts";
import { dict, legacyFile, tensor } from "../../src/files/torch/testing/files.ts";
import { writeTorch } from "../../src/files/torch/write.ts";
import { buildArchitecture, type Network } from "../../src/model/index.ts";

type Files = readonly NamedBytes[];

/** What each format makes of the network. */
export const FORMATS: Readonly<Record<string, () => Promise<Files>>> = {
  tfjs: async () => (await exportNetwork(vgg19(), "tfjs")).files,
  "tfjs in a zip": async () => zipped("vgg19.zip", (await exportNetwork(vgg19(), "tfjs")).files),
  safetensors: async () => (await exportNetwork(vgg19(), "safetensors")).files,
  ONNX: async () => (await exportNetwork(vgg19(), "onnx")).files,
  PyTorch: async () => [writeTorch(nameForTorch(slimmingNames(vgg19())).tensors, "vgg19.pth")],
  "PyTorch before 1.6": async () => [{ name: "vgg19-legacy.pth", bytes: legacy() }],
  "Keras .h5": async () => [{ name: "vgg19.h5", bytes: await legacyH5(await kerasModel()) }],
  "Keras .keras": async () => zipped("vgg19.keras", await keras3Files()),
};

function zipped(name: string, files: Files): Files {
  return [{ name, bytes: zipFiles(files) }];
}

function vgg19(): Network {
  return buildArchitecture("vgg19", 1);
}

/** The nodes called as network-slimming's modules, so that a state dict tells the layers. */
function slimmingNames(network: Network): Network {
  const names = new Map<string, string>();
  let number = 0;
  for (const { name, op } of network.nodes) {
    const isFeature = ["conv2d", "batchNorm", "relu", "maxPool"].includes(op.kind);
    const others: Readonly<Record<string, string>> = {
      averagePool: "avgpool",
      dense: "classifier",
    };
    names.set(name, isFeature ? `feature.${number++}` : (others[op.kind] ?? name));
  }
  const renamed = (name: string): string => known(names.get(name), name);
  return {
    ...network,
    nodes: network.nodes.map(({ name, op, inputs }) => ({
      name: renamed(name),
      op,
      inputs: inputs.map(renamed),
    })),
    output: renamed(network.output),
    weights: new Map(
      [...network.weights].map(([key, own]) => {
        const [node = "", slot = ""] = key.split("/");
        return [`${renamed(node)}/${slot}`, own];
      }),
    ),
  };
}

function legacy(): Uint8Array {
  const { tensors } = nameForTorch(slimmingNames(vgg19()));
  const floats = [...tensors].filter(([, { dtype }]) => dtype === "float32");
  const storages = floats.map(
    ([, { values }], i) => [String(i), new Uint8Array(values.buffer)] as const,
  );
  const entries = floats.map(([name, { shape }], i) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const strides = shape.map((_, axis) =>
      shape.slice(axis + 1).reduce((product, size) => product * size, 1),
    );
    return [name, tensor({ key: String(i), count, shape, strides })] as const;
  });
  const state = dict(Object.fromEntries(entries));
  return legacyFile(`\x80\x02${dict({ state_dict: state })}.`, Object.fromEntries(storages));
}

/** The layers model of our own writer, taken apart as Keras' are. */
async function kerasModel(): Promise<Saved> {
  const [json, ...shards] = (await exportNetwork(vgg19(), "tfjs")).files;
  const { modelTopology, weightsManifest } = JSON.parse(new TextDecoder().decode(json?.bytes));
  const bytes = Buffer.concat(shards.map((shard) => shard.bytes));
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  let at = 0;
  const weights = (weightsManifest as { weights: { name: string; shape: number[] }[] }[]).flatMap(
    ({ weights: specs }) =>
      specs.map(({ name, shape }) => {
        const count = shape.reduce((product, size) => product * size, 1);
        at += count;
        return { name, tensor: { shape, values: values.slice(at - count, at) } };
      }),
  );
  return { topology: modelTopology, weights };
}

/** What Keras 3 calls the classes of layers that have weights. */
const STORES: Readonly<Record<string, string>> = {
  Conv2D: "conv2d",
  BatchNormalization: "batch_normalization",
  Dense: "dense",
};

async function keras3Files(): Promise<Files> {
  const { topology, weights } = await kerasModel();
  const counts = new Map<string, number>();
  const datasets = new Map<string, SavedTensor>();
  for (const { class_name: className, config } of topology.config.layers as Json[]) {
    const store = STORES[className];
    if (store === undefined) continue;
    const count = counts.get(store) ?? 0;
    counts.set(store, count + 1);
    const own = weights.filter(({ name }) => name.startsWith(`${config.name}/`));
    own.forEach(({ tensor: values }, i) =>
      datasets.set(`layers/${count === 0 ? store : `${store}_${count}`}/vars/${i}`, values),
    );
  }
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  return [
    { name: "metadata.json", bytes: text({ keras_version: "3.8.0" }) },
    { name: "config.json", bytes: text(toKeras3(topology)) },
    { name: "model.weights.h5", bytes: await writeHdf5({ datasets }) },
  ];
}
