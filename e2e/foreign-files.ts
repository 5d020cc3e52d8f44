/**
 * @file Networks as other programs write them, one of each kind that the page reads, with what their own
 * programs answer to CIFAR-10's first 16 test images: PyTorch's by the golden numbers, those of Keras and
 * TensorFlow.js by TensorFlow.js as it is published.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { known } from "../src/core/index.ts";
import { exportNetwork, openFiles } from "../src/files/index.ts";
import {
  kerasZip,
  legacyH5,
  save,
  shakeModel,
  tfjsFiles,
  type Saved,
} from "../src/files/keras/testing/models.ts";
import { decodeModel, encodeModel } from "../src/files/onnx/schema.ts";
import { readTorch } from "../src/files/torch/read.ts";
import type { Normalization } from "../src/model/index.ts";
import type { FileLike } from "./app.ts";
import { ROOT } from "./command-line.ts";
import { firstImages, USUAL } from "./plain-tfjs.ts";

export const IMAGES = 16;
const GOLDENS = join(ROOT, "tests", "goldens");
/** More flavours of the same, too large for the project. */
const BESIDE = join(ROOT, "..", "shared", "fixtures");

/** A file, and what a person should see of it. */
export interface Foreign {
  readonly title: string;
  readonly files: readonly FileLike[];
  /** What "From" says. */
  readonly from: string;
  readonly name: string;
  readonly parameters: number;
  /** `480 channels in 10 layers`. */
  readonly prunable: RegExp;
  /** `[16 · 10]`. */
  readonly logits: readonly number[];
  readonly normalization: Normalization;
}

interface Golden {
  readonly parameters: number;
  readonly logits_first16: readonly (readonly number[])[];
}

const json = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, "utf8")) as T;

async function fileAt(path: string, name = path.split("/").at(-1) ?? ""): Promise<FileLike> {
  return { name, bytes: await readFile(path) };
}

/** network-slimming's checkpoints. */
async function checkpoints(): Promise<Foreign[]> {
  const { cases } = await json<{ readonly cases: Readonly<Record<string, Golden>> }>(
    join(GOLDENS, "network-slimming", "first16.json"),
  );
  const flavours: readonly (readonly [string, string, string, RegExp])[] = [
    ["vgg", join(GOLDENS, "network-slimming/vgg.pth.tar"), "vgg13", /^480 channels in 10 layers/],
    ["vgg", join(BESIDE, "slim-vgg-base/checkpoint.pth.tar"), "vgg13", /^480 channels/],
    ["vgg", join(BESIDE, "slim-vgg-base/checkpoint_legacy.pth.tar"), "vgg13", /^480 channels/],
    ["vgg-p50", join(GOLDENS, "torch/slim-vgg-p50.pth.tar"), "vgg13", /^239 channels in 10 layers/],
    ["presnet20", join(GOLDENS, "network-slimming/presnet20.pth.tar"), "preresnet-20", /^1360/],
    ["presnet20", join(BESIDE, "slim-presnet20-base/checkpoint.pth.tar"), "preresnet-20", /^1360/],
    [
      "presnet20-p30",
      join(GOLDENS, "network-slimming/presnet20-p30.pth.tar"),
      "preresnet-20",
      /^951/,
    ],
  ];
  const found: Foreign[] = [];
  for (const [golden, path, name, prunable] of flavours) {
    if (!existsSync(path)) continue;
    const { parameters, logits_first16: logits } = known(cases[golden], golden);
    const file = await fileAt(path, `${golden}-${path.split("/").at(-1) ?? ""}`);
    found.push({
      title: `PyTorch: ${file.name}`,
      files: [file],
      from: file.name,
      name,
      parameters,
      prunable,
      logits: logits.flat(),
      normalization: USUAL,
    });
  }
  return found;
}

/** The VGG's weights by PyTorch's names, without a word about layers. */
export async function weightsAlone(): Promise<FileLike> {
  const bytes = new Uint8Array(await readFile(join(GOLDENS, "network-slimming/vgg.pth.tar")));
  const { tensors } = await readTorch(bytes, "vgg.pth.tar");
  const parts: Uint8Array[] = [];
  const header: Record<string, object> = {};
  let at = 0;
  for (const [name, { shape, values }] of tensors) {
    const part = new Uint8Array(values.slice().buffer);
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + part.length] };
    at += part.length;
    parts.push(part);
  }
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return { name: "weights.safetensors", bytes: Buffer.concat([size, text, ...parts]) };
}

/** What `torch.onnx` wrote. */
async function onnx(name: string, prunable: RegExp, parameters?: number): Promise<Foreign> {
  const golden = await json<Golden & { readonly num_params: number }>(
    join(GOLDENS, "onnx", `${name}.json`),
  );
  const file = await fileAt(join(GOLDENS, "onnx", `${name}.onnx`));
  return {
    title: `ONNX: ${file.name}`,
    files: [file],
    from: file.name,
    name,
    parameters: parameters ?? golden.num_params,
    prunable,
    logits: golden.logits_first16.flat(),
    normalization: USUAL,
  };
}

/** A VGG with its batch norms, for a batch of any size. */
export function onnxVgg(): Promise<Foreign> {
  return onnx("vgg-bn", /^480 channels in 10 layers/);
}

/** The ONNX VGG as it is exported with dynamic axes. */
export async function openSize(): Promise<FileLike> {
  const bytes = new Uint8Array(await readFile(join(GOLDENS, "onnx", "vgg-bn.onnx")));
  const model = decodeModel(bytes, "vgg-bn.onnx");
  const inputs = model.graph.inputs.map((input) => ({
    ...input,
    dims: ["batch", 3, "height", "width"],
  }));
  const open = encodeModel({ ...model, graph: { ...model.graph, inputs } });
  return { name: "open.onnx", bytes: open };
}

/** A small Keras model; with `Rescaling` it says how its pixels are scaled. */
function kerasModel(scaled: boolean): tf.LayersModel {
  const L = tf.layers;
  const rescaling = (L as unknown as { rescaling: (args: object) => tf.layers.Layer }).rescaling;
  const layers = [
    L.inputLayer({ inputShape: [32, 32, 3], name: "pixels" }),
    ...(scaled ? [rescaling({ name: "scale", scale: 1 / 127.5, offset: -1 })] : []),
    L.conv2d({ name: "conv", filters: 8, kernelSize: 3, strides: 2, padding: "same" }),
    L.batchNormalization({ name: "bn" }),
    L.reLU({ name: "relu" }),
    L.maxPooling2d({ name: "pool", poolSize: 2 }),
    L.separableConv2d({ name: "sep", filters: 12, kernelSize: 3, activation: "relu" }),
    L.globalAveragePooling2d({ name: "mean" }),
    L.dense({ name: "fc", units: 10 }),
  ];
  return shakeModel(tf.sequential({ name: scaled ? "scaled" : "plain", layers }), 7);
}

/** Networks of Keras, each as TensorFlow.js, `.h5` and `.keras`. */
export async function keras(): Promise<Foreign[]> {
  await tf.setBackend("cpu");
  const found: Foreign[] = [];
  for (const scaled of [false, true]) {
    const model = kerasModel(scaled);
    const normalization = scaled ? { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } : USUAL;
    // The model with a scaling of its own takes pixels as they are.
    const fed = scaled ? { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] } : USUAL;
    const pixels = await firstImages(IMAGES, fed);
    const answer = model.predict(tf.tensor4d(pixels, [IMAGES, 32, 32, 3])) as tf.Tensor;
    const saved = await save(model);
    const { json: topology, shard } = tfjsFiles(saved);
    const common = {
      name: model.name,
      parameters: model.countParams() - 16,
      prunable: /^20 channels in 2 layers/,
      logits: [...(await answer.data())],
      normalization,
    };
    const text = (content: unknown): Uint8Array =>
      new TextEncoder().encode(JSON.stringify(content));
    found.push(
      {
        ...common,
        title: `TensorFlow.js: ${model.name}`,
        files: [
          { name: "weights.bin", bytes: shard },
          { name: "model.json", bytes: text(topology) },
        ],
        from: "files",
      },
      {
        ...common,
        title: `Keras: ${model.name}.h5`,
        files: [{ name: `${model.name}.h5`, bytes: await legacyH5(saved) }],
        from: `${model.name}.h5`,
      },
      {
        ...common,
        title: `Keras: ${model.name}.keras`,
        files: [{ name: `${model.name}.keras`, bytes: await kerasFile(saved) }],
        from: `${model.name}.keras`,
      },
    );
    tf.dispose(answer);
  }
  return found;
}

/** Weights by the class of their layer and their place in it, as Keras 3 stores them. */
function kerasFile({ topology, weights }: Saved): Promise<Uint8Array> {
  const stores: Readonly<Record<string, string>> = {
    conv: "conv2d",
    bn: "batch_normalization",
    sep: "separable_conv2d",
    fc: "dense",
  };
  const counts = new Map<string, number>();
  const datasets = new Map(
    weights.map(({ name, tensor }) => {
      const store = known(stores[name.split("/")[0] ?? ""], name);
      const index = counts.get(store) ?? 0;
      counts.set(store, index + 1);
      return [`layers/${store}/vars/${index}`, tensor] as const;
    }),
  );
  return kerasZip(topology, datasets);
}

/** A foreign network as Espalier itself passes it on. */
async function ownSafetensors(): Promise<Foreign> {
  const { files: given, ...rest } = await onnxVgg();
  const [opened] = await openFiles(
    given.map(({ name, bytes }) => new File([Uint8Array.from(bytes)], name)),
  );
  if (opened?.kind !== "network") throw new Error("no network");
  const { files } = await exportNetwork(opened.network, "safetensors");
  const from = files[0]?.name ?? "";
  return { ...rest, title: "safetensors with its graph", files, from };
}

async function bareSafetensors(): Promise<Foreign> {
  const [vgg] = await checkpoints();
  const file = await weightsAlone();
  return {
    ...known(vgg, "vgg"),
    title: "safetensors of weights alone",
    files: [file],
    from: file.name,
  };
}

/** All of them. */
export async function foreignNetworks(): Promise<readonly Foreign[]> {
  return [
    ...(await checkpoints()),
    // Batch norms are folded: each convolution has a bias instead of γ and β.
    await onnx("vgg", /^480 channels in 10 layers/, 220_922 - 480),
    await onnxVgg(),
    await onnx("basic-resnet8-bn", /^\d+ channels in \d layers/),
    ...(await keras()),
    await ownSafetensors(),
    await bareSafetensors(),
  ];
}
