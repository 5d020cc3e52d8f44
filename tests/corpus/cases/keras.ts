/** @file Keras' two files. */
import { unzipSync, zipSync } from "fflate";
import type { Group } from "h5wasm";
import {
  type Json,
  kerasZip,
  legacyH5,
  type Saved,
  type SavedTensor,
  toKeras3,
  writeHdf5,
} from "../../../src/files/keras/testing/models.ts";
import { type Cases, flipped, one, patched } from "./case.ts";

const layer = (className: string, name: string, config: object = {}): Json => ({
  class_name: className,
  config: { name, ...config },
});
const INPUT = layer("InputLayer", "in", { batch_input_shape: [null, 2, 2, 3] });
const chain = (...layers: Json[]): Json => ({
  class_name: "Sequential",
  config: { name: "m", layers: [INPUT, ...layers] },
});
const values = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => i / 8);
const KERNEL: SavedTensor = { shape: [12, 2], values: values(24) };
const BIAS: SavedTensor = { shape: [2], values: values(2) };
const MODEL: Saved = {
  topology: chain(layer("Flatten", "flat"), layer("Dense", "fc", { units: 2 })),
  weights: [
    { name: "fc/kernel", tensor: KERNEL },
    { name: "fc/bias", tensor: BIAS },
  ],
};

/** The model with other weights, or another config. */
const h5 = async (more: Partial<Saved>): Promise<File[]> =>
  one("net.h5", await legacyH5({ ...MODEL, ...more }));
const withKernel = (tensor: SavedTensor): Promise<File[]> =>
  h5({ weights: [{ name: "fc/kernel", tensor }, ...MODEL.weights.slice(1)] });
const config = (...layers: Json[]): Promise<File[]> => h5({ topology: chain(...layers) });

/** The model with a kernel that `put` makes with the library itself, in the group of its layer. */
async function withKernelBy(put: (group: Group) => void): Promise<File[]> {
  const h5wasm = await import("h5wasm");
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File("/made.h5", "w");
  file.create_attribute("model_config", JSON.stringify(MODEL.topology));
  for (const path of ["model_weights", "model_weights/fc", "model_weights/fc/fc"]) {
    file.create_group(path);
  }
  const group = (path: string): Group => file.get(path) as Group;
  const names = ["fc/kernel:0", "fc/bias:0"];
  group("model_weights/fc").create_attribute("weight_names", names, null, "S11");
  group("model_weights/fc/fc").create_dataset({ name: "bias:0", data: BIAS.values });
  put(group("model_weights/fc/fc"));
  file.close();
  const bytes = FS.readFile("/made.h5");
  FS.unlink("/made.h5");
  return one("net.h5", bytes);
}

/** A kernel of a type that h5py would write. */
const withType = (dtype: string): Promise<File[]> =>
  withKernelBy((group) => {
    const data = Array.from({ length: 24 }, (_, i) => i);
    group.create_dataset({ name: "kernel:0", data, shape: [12, 2], dtype });
  });

/** Stored, because HDF5's own bytes tell the time, and so does the size of what is made of them. */
async function keras3(
  topology: Json,
  datasets: Readonly<Record<string, SavedTensor>>,
): Promise<Uint8Array> {
  const zip = await kerasZip(toKeras3(topology), new Map(Object.entries(datasets)));
  return zipSync(unzipSync(zip), { level: 0 });
}

const STORED = { "layers/dense/vars/0": KERNEL, "layers/dense/vars/1": BIAS };

export const KERAS: Cases = {
  "h5/truncated": async () => one("net.h5", (await legacyH5(MODEL)).subarray(0, -100)),
  "h5/another-program": async () =>
    one("net.h5", await writeHdf5({ datasets: new Map([["temperatures", BIAS]]) })),
  "h5/weights-alone": async () =>
    one(
      "net.h5",
      await writeHdf5({ attributes: { "/": { layer_names: ["fc"] } }, datasets: new Map() }),
    ),
  "h5/damaged": async () => one("net.h5", patched(await legacyH5(MODEL), 96, Array(64).fill(0xff))),
  "h5/sizes-that-lie": () =>
    config(layer("Conv2D", "c", { filters: 2 ** 40, kernel_size: [1, 1] })),
  "h5/deep-config": () =>
    config(layer("Dense", "fc", { units: JSON.parse("[".repeat(100) + "]".repeat(100)) })),
  "h5/shape-disagrees": () => withKernel({ ...KERNEL, shape: [2, 12] }),
  "h5/integers": () => withType("<i"),
  "h5/name-twice": () => config(layer("Flatten", "x"), layer("Flatten", "x")),
  "h5/missing-weight": () => h5({ weights: MODEL.weights.slice(1) }),
  "h5/stray-weight": () => h5({ weights: [...MODEL.weights, { name: "fc/other", tensor: BIAS }] }),
  "h5/weights-elsewhere": () =>
    withKernelBy((group) => group.create_external_link("/etc/passwd", "/w", "kernel:0")),
  "h5/link-to-nothing": () =>
    withKernelBy((group) => group.create_soft_link("/nowhere", "kernel:0")),
  "h5/many-unknown-layers": () =>
    config(
      layer("Lambda", "run", { function: ["code", null, null] }),
      layer("LSTM", "remember", { units: 3 }),
      layer("Conv2D", "holes", { filters: 2, kernel_size: [3, 3], dilation_rate: [2, 2] }),
      layer("Activation", "curve", { activation: "sigmoid" }),
    ),
  "h5/nan-weights": () => withKernel({ ...KERNEL, values: KERNEL.values.with(5, Number.NaN) }),
  "h5/circle": () =>
    h5({
      topology: {
        class_name: "Model",
        config: {
          name: "m",
          layers: [
            { ...INPUT, name: "in", inbound_nodes: [] },
            { ...layer("ReLU", "a"), name: "a", inbound_nodes: [[["b", 0, 0, {}]]] },
            { ...layer("ReLU", "b"), name: "b", inbound_nodes: [[["a", 0, 0, {}]]] },
          ],
          input_layers: [["in", 0, 0]],
          output_layers: [["b", 0, 0]],
        },
      },
      weights: [],
    }),
  "h5/bad-setting": () =>
    config(layer("Conv2D", "c", { filters: 2, kernel_size: [1, 1], padding: "causal" })),
  "h5/called-proto": () => config(layer("__proto__", "constructor")),

  "keras/truncated": async () =>
    one("net.keras", (await keras3(MODEL.topology, STORED)).subarray(0, -30)),
  "keras/flipped-byte": async () => {
    const bytes = await keras3(MODEL.topology, STORED);
    return one("net.keras", flipped(bytes, Buffer.from(bytes).indexOf('"Dense"') + 1));
  },
  "keras/without-config": async () =>
    one("net.keras", zipSync({ "model.weights.h5": await writeHdf5({ datasets: new Map() }) })),
  "keras/missing-weight": async () =>
    one("net.keras", await keras3(MODEL.topology, { "layers/dense/vars/0": KERNEL })),
  "keras/shape-disagrees": async () =>
    one("net.keras", await keras3(MODEL.topology, { ...STORED, "layers/dense/vars/1": KERNEL })),
  "keras/stray-weight": async () =>
    one("net.keras", await keras3(MODEL.topology, { ...STORED, "layers/dense/vars/2": BIAS })),
  "keras/nan-weights": async () => {
    const bad = { ...BIAS, values: Float32Array.of(0, Number.NaN) };
    return one(
      "net.keras",
      await keras3(MODEL.topology, { ...STORED, "layers/dense/vars/1": bad }),
    );
  },
  "keras/code": async () =>
    one("net.keras", await keras3(chain(layer("Lambda", "run"), layer("LSTM", "remember")), {})),
  "keras/bad-setting": async () =>
    one(
      "net.keras",
      await keras3(chain(layer("Flatten", "f"), layer("Dense", "fc", { units: 0 })), {}),
    ),
  "keras/name-twice": async () =>
    one("net.keras", await keras3(chain(layer("Flatten", "x"), layer("Flatten", "x")), {})),
};
