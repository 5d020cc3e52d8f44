/** @file Small models of plain TensorFlow.js for tests, saved in the layouts of tfjs and Keras. */
import * as tf from "@tensorflow/tfjs";
import { zipSync } from "fflate";
import type { Network } from "../../../model/index.ts";
import { makeRandom } from "../../../core/index.ts";
import { compile } from "../../../runtime/index.ts";
import { openInNode } from "../../../runtime/testing/backends.ts";

/** A model taken apart. */
export interface Saved {
  readonly topology: Json;
  readonly weights: readonly { readonly name: string; readonly tensor: SavedTensor }[];
}
export interface SavedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
// Configs are edited freely here, as hostile files are.
// oxlint-disable-next-line typescript/no-explicit-any -- a hostile file may be anything anywhere
export type Json = any;

type Layer = tf.SymbolicTensor;
const L = tf.layers;
const conv = (name: string, filters: number, more: object = {}) =>
  L.conv2d({ name, filters, kernelSize: 3, ...more });

function sequential(inputShape: number[], ...layers: tf.layers.Layer[]): tf.LayersModel {
  return tf.sequential({ layers: [L.inputLayer({ inputShape }), ...layers] });
}

function functional(shape: number[], build: (x: Layer) => Layer): tf.LayersModel {
  const input = tf.input({ shape, name: "pixels" });
  return tf.model({ inputs: input, outputs: build(input) });
}

const to = (layer: tf.layers.Layer, ...inputs: Layer[]): Layer =>
  layer.apply(inputs.length === 1 ? (inputs[0] as Layer) : inputs) as Layer;

const activations = ["relu", "relu6", "elu", "swish", "tanh", "softmax", "linear"] as const;

/** Name → model; every way in which Keras says something that we say otherwise. */
export const MODELS: Readonly<Record<string, () => tf.LayersModel>> = {
  "strides with same padding on even sizes": () =>
    sequential(
      [8, 8, 3],
      conv("a", 4, { strides: 2, padding: "same" }),
      conv("b", 5, { strides: [1, 2], kernelSize: [2, 5], padding: "same", useBias: false }),
      L.maxPooling2d({ name: "pool", poolSize: 3, strides: 2, padding: "same" }),
    ),
  "strides with same padding on odd sizes": () =>
    sequential(
      [9, 7, 3],
      conv("a", 4, { strides: 2, padding: "same" }),
      L.averagePooling2d({ name: "mean", poolSize: 3, strides: 2, padding: "same" }),
      L.averagePooling2d({ name: "pool", poolSize: [2, 1] }),
    ),
  depthwise: () =>
    sequential(
      [8, 9, 3],
      L.depthwiseConv2d({
        name: "dw",
        kernelSize: 3,
        strides: 2,
        padding: "same",
        depthMultiplier: 2,
      }),
      L.depthwiseConv2d({ name: "dw1", kernelSize: 3, useBias: false, activation: "relu" }),
    ),
  "depthwise on one channel": () =>
    sequential([5, 5, 1], L.depthwiseConv2d({ name: "dw", kernelSize: 3, depthMultiplier: 3 })),
  separable: () =>
    sequential(
      [8, 8, 3],
      L.separableConv2d({
        name: "sep",
        filters: 6,
        kernelSize: 3,
        strides: 2,
        padding: "same",
        activation: "relu",
      }),
      L.separableConv2d({ name: "sep1", filters: 4, kernelSize: 3, useBias: false }),
    ),
  "batch normalization": () =>
    sequential(
      [6, 6, 3],
      L.batchNormalization({ name: "whole" }),
      L.batchNormalization({ name: "unscaled", scale: false, axis: 3, epsilon: 1e-2 }),
      L.batchNormalization({ name: "off-centre", center: false, momentum: 0.5 }),
      L.flatten({ name: "flat" }),
      L.batchNormalization({ name: "neither", center: false, scale: false, axis: 1 }),
      L.dense({ name: "fc", units: 4, activation: "softmax" }),
    ),
  ...Object.fromEntries(
    activations.map((activation) => [
      `activation ${activation}`,
      () => sequential([12], L.dense({ name: "fc", units: 5, activation })),
    ]),
  ),
  "activations as layers": () =>
    sequential(
      [6, 6, 3],
      L.activation({ name: "act", activation: "tanh" }),
      L.reLU({ name: "relu" }),
      conv("a", 4),
      L.reLU({ name: "relu6", maxValue: 6 }),
      L.elu({ name: "elu" }),
      conv("b", 4),
      L.leakyReLU({ name: "leaky", alpha: 0.15 }),
      L.flatten({ name: "flat" }),
      L.dense({ name: "fc", units: 3 }),
      L.softmax({ name: "p" }),
    ),
  "layers that act in training only": () =>
    sequential(
      [6, 6, 3],
      conv("a", 4, { activation: "relu" }),
      L.dropout({ name: "drop", rate: 0.5 }),
      L.gaussianNoise({ name: "noise", stddev: 1 }),
      L.globalAveragePooling2d({ name: "gap" }),
      L.reshape({ name: "same", targetShape: [4] }),
      L.dense({ name: "fc", units: 3 }),
      L.dropout({ name: "last", rate: 0.5 }),
    ),
  "reshape that flattens": () =>
    sequential([4, 5, 2], L.reshape({ name: "flat", targetShape: [40] }), L.dense({ units: 3 })),
  "zero padding in front of convolutions and of a maximum": () =>
    sequential(
      [9, 9, 3],
      L.zeroPadding2d({
        name: "pad1",
        padding: [
          [0, 1],
          [1, 0],
        ],
      }),
      conv("a", 4, { strides: 2, activation: "relu" }),
      L.zeroPadding2d({ name: "pad2" }),
      L.maxPooling2d({ name: "max", poolSize: 3, strides: 2 }),
      L.zeroPadding2d({ name: "pad3" }),
      conv("b", 4, { strides: 2, padding: "same" }),
    ),
  "dense on a map": () =>
    sequential([4, 4, 3], L.dense({ name: "fc", units: 5, activation: "relu" })),
  "rescaling to 0…1": () =>
    sequential([6, 6, 3], rescaling(1 / 255, 0), conv("a", 4, { padding: "same" })),
  "rescaling to −1…1": () =>
    sequential([6, 6, 3], rescaling(1 / 127.5, -1), conv("a", 4, { padding: "same" })),
  "rescaling of unit pixels": () => sequential([6, 6, 3], rescaling(2, -1), conv("a", 4)),
  "functional with add and concat": () =>
    functional([8, 8, 3], (x) => {
      const a = to(conv("a", 4, { padding: "same", activation: "relu" }), x);
      const b = to(conv("b", 4, { padding: "same" }), a);
      const sum = to(L.add({ name: "sum" }), a, b, to(conv("c", 4, { padding: "same" }), x));
      const wide = to(L.concatenate({ name: "wide" }), sum, a);
      const axis = to(L.concatenate({ name: "wider", axis: 3 }), wide, b);
      return to(
        L.dense({ name: "fc", units: 3 }),
        to(L.globalAveragePooling2d({ name: "gap" }), axis),
      );
    }),
  "a model inside a model": () => {
    const inner = sequential([8, 8, 3], conv("a", 4), L.batchNormalization({ name: "bn" }));
    inner.name = "stem";
    const body = functional([6, 6, 4], (x) => to(conv("inner", 3), x));
    body.name = "body";
    return functional([8, 8, 3], (x) => {
      const y = body.apply(inner.apply(x)) as Layer;
      return to(conv("outer", 2), y);
    });
  },
};

function rescaling(scale: number, offset: number): tf.layers.Layer {
  return (L as unknown as { rescaling: (args: object) => tf.layers.Layer }).rescaling({
    name: "scale",
    scale,
    offset,
  });
}

/** Gives every weight a value of its own, and moving variances positive ones. */
export function shakeModel(model: tf.LayersModel, seed = 1): tf.LayersModel {
  const random = makeRandom(seed);
  const shaken = model.weights.map(({ name, shape }) => {
    const size = (shape as number[]).reduce((a, b) => a * b, 1);
    const positive = name.includes("variance");
    const values = Float32Array.from({ length: size }, () =>
      positive ? 0.5 + random.uniform() : 0.4 * random.normal(),
    );
    return tf.tensor(values, shape as number[]);
  });
  model.setWeights(shaken);
  for (const tensor of shaken) tensor.dispose();
  return model;
}

/** Saves a model as plain tfjs does. */
export async function save(model: tf.LayersModel): Promise<Saved> {
  let artifacts: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  const bytes = tf.io.concatenateArrayBuffers([artifacts.weightData as ArrayBuffer].flat());
  let offset = 0;
  const weights = (artifacts.weightSpecs ?? []).map(({ name, shape }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const values = new Float32Array(bytes.slice(offset, offset + size * 4));
    offset += size * 4;
    return { name, tensor: { shape, values } };
  });
  return { topology: artifacts.modelTopology, weights };
}

/** model.json and its one shard. */
export function tfjsFiles({ topology, weights }: Saved): {
  readonly json: Json;
  readonly shard: Uint8Array;
} {
  const shard = new Uint8Array(
    weights.reduce((sum, { tensor }) => sum + tensor.values.byteLength, 0),
  );
  let offset = 0;
  for (const { tensor } of weights) {
    shard.set(new Uint8Array(tensor.values.buffer), offset);
    offset += tensor.values.byteLength;
  }
  const specs = weights.map(({ name, tensor }) => ({
    name,
    shape: tensor.shape,
    dtype: "float32",
  }));
  const json = {
    format: "layers-model",
    generatedBy: "TensorFlow.js tfjs-layers v4.22.0",
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [{ paths: ["weights.bin"], weights: specs }],
  };
  return { json, shard };
}

/** Writes HDF5 through the library's own writer: attributes and datasets by path. */
export async function writeHdf5(content: {
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
  readonly datasets: ReadonlyMap<string, SavedTensor>;
}): Promise<Uint8Array> {
  const h5wasm = await import("h5wasm");
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File("/written.h5", "w");
  const made = new Set<string>();
  const group = (path: string) => {
    let at = "";
    for (const part of path.split("/").filter((one) => one !== "")) {
      at += `/${part}`;
      if (!made.has(at)) file.create_group(at);
      made.add(at);
    }
    return at === "" ? file : (file.get(at) as InstanceType<typeof h5wasm.Group>);
  };
  for (const [path, { shape, values }] of content.datasets) {
    group(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
    file.create_dataset({ name: path, data: values, shape: [...shape] });
  }
  for (const [path, attributes] of Object.entries(content.attributes ?? {})) {
    for (const [name, value] of Object.entries(attributes)) {
      // Lists are of fixed length, as h5py writes them.
      const dtype = Array.isArray(value)
        ? `S${Math.max(1, ...value.map((text) => text.length))}`
        : null;
      group(path).create_attribute(name, value, null, dtype);
    }
  }
  file.close();
  const bytes = FS.readFile("/written.h5");
  FS.unlink("/written.h5");
  return bytes;
}

/** `model.save("net.h5")`: weights by layer, in a folder of the layer's name once more. */
export function legacyH5({ topology, weights }: Saved): Promise<Uint8Array> {
  const datasets = new Map<string, SavedTensor>();
  const names = new Map<string, string[]>();
  const owners = ownersOf(topology);
  for (const { name, tensor } of weights) {
    const layer = owners.get(name.slice(0, name.lastIndexOf("/"))) ?? "";
    const listed = `${name}:0`;
    names.set(layer, [...(names.get(layer) ?? []), listed]);
    datasets.set(`model_weights/${layer}/${listed}`, tensor);
  }
  const attributes: Record<string, Record<string, string | string[]>> = {
    "/": { model_config: JSON.stringify(topology), keras_version: "2.15.0" },
    "/model_weights": { layer_names: [...names.keys()] },
  };
  for (const [layer, list] of names) attributes[`/model_weights/${layer}`] = { weight_names: list };
  return writeHdf5({ attributes, datasets });
}

/** Layer → the outermost layer that holds it. */
function ownersOf(topology: Json): Map<string, string> {
  const owners = new Map<string, string>();
  const walk = (layers: Json[], outer?: string): void => {
    for (const { config } of layers) {
      owners.set(config.name, outer ?? config.name);
      if (config.layers !== undefined) walk(config.layers, outer ?? config.name);
    }
  };
  walk(topology.config.layers);
  return owners;
}

/** A topology in the words of Keras 3. */
export function toKeras3(topology: Json): Json {
  const layers = topology.config.layers.map((layer: Json) => {
    const { batch_input_shape: shape, ...config } = layer.config;
    const dtype = { module: "keras", class_name: "DTypePolicy", config: { name: "float32" } };
    return {
      module: "keras.layers",
      registered_name: null,
      class_name: layer.class_name,
      name: config.name,
      config: {
        ...(layer.config.layers === undefined ? config : toKeras3(layer).config),
        ...(shape === undefined ? {} : { batch_shape: shape }),
        dtype,
      },
      ...(layer.inbound_nodes === undefined
        ? {}
        : { inbound_nodes: layer.inbound_nodes.map(toKeras3Call) }),
    };
  });
  const single = (ends: Json[] | undefined) => (ends?.length === 1 ? ends[0] : ends);
  const { input_layers: inputs, output_layers: outputs, ...config } = topology.config;
  const ends =
    inputs === undefined ? {} : { input_layers: single(inputs), output_layers: single(outputs) };
  const className = topology.class_name === "Model" ? "Functional" : topology.class_name;
  return { module: "keras", class_name: className, config: { ...config, layers, ...ends } };
}

function toKeras3Call(call: Json[]): Json {
  const tensors = call.map(([layer, node, tensor]) => ({
    class_name: "__keras_tensor__",
    config: { shape: [null, 1], dtype: "float32", keras_history: [layer, node, tensor] },
  }));
  return { args: tensors.length === 1 ? tensors : [tensors], kwargs: {} };
}

/** A `.keras` file out of a config and weights by their place in `model.weights.h5`. */
export async function kerasZip(
  config: Json,
  datasets: ReadonlyMap<string, SavedTensor>,
): Promise<Uint8Array> {
  return zipSync({
    "metadata.json": new TextEncoder().encode('{"keras_version":"3.8.0"}'),
    "config.json": new TextEncoder().encode(JSON.stringify(config)),
    "model.weights.h5": await writeHdf5({ datasets }),
  });
}

function shapeOf({ inputs }: tf.LayersModel): readonly number[] {
  const [, ...sizes] = (inputs[0] as Layer).shape;
  return sizes as number[];
}

/** Numbers for one example of a model. */
export function exampleFor(model: tf.LayersModel, seed = 3): Float32Array {
  const random = makeRandom(seed);
  const size = shapeOf(model).reduce((a, b) => a * b, 1);
  return Float32Array.from({ length: size }, () => random.uniform());
}

/** What plain TensorFlow.js makes of one example. */
export function predict(model: tf.LayersModel, example: Float32Array): Float32Array {
  return tf.tidy(() => {
    return (model.predict(tf.tensor(example, [1, ...shapeOf(model)])) as tf.Tensor)
      .dataSync()
      .slice();
  }) as Float32Array;
}

/** What our runtime makes of the same pixels, 0…1 where the network has a normalization. */
export async function run(network: Network, example: Float32Array): Promise<Float32Array> {
  const { mean, std } = network.metadata.normalization ?? { mean: [0], std: [1] };
  const input = example.map((value, i) => {
    const channel = i % mean.length;
    return (value - (mean[channel] as number)) / (std[channel] as number);
  });
  const program = compile(network, await openInNode("cpu"), 1);
  const output = await program.forward(input);
  program.dispose();
  return output;
}
