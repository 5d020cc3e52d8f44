/** @file What can be said of Keras models with layers that are not ours, from each of the files that Keras writes. */
import { expect, it } from "vitest";
import { known } from "../../core/index.ts";
import { readModelJson } from "../tfjs/read.ts";
import { readZip } from "../containers/zip-read.ts";
import { type Sketch, type SketchLayer, UnrunnableNetwork } from "../sketch.ts";
import { readKerasH5 } from "./h5.ts";
import {
  kerasZip,
  legacyH5,
  type Json,
  type Saved,
  tfjsFiles,
  toKeras3,
} from "./testing/models.ts";
import { readKerasZip } from "./zip.ts";

const layer = (className: string, name: string, config: object = {}): Json => ({
  class_name: className,
  config: { name, ...config },
});
const norm = (name: string): Json => layer("BatchNormalization", name, { scale: true });

/** Two batch norms, one before and one behind a layer that nobody knows. */
const topology: Json = {
  class_name: "Sequential",
  config: {
    name: "mine",
    layers: [
      layer("InputLayer", "in", { batch_input_shape: [null, 8, 8, 3] }),
      layer("Conv2D", "conv1", { filters: 4, kernel_size: [3, 3], padding: "same" }),
      norm("bn1"),
      layer("GroupNormalization", "gn", { groups: 2 }),
      layer("Conv2D", "conv2", { filters: 4, kernel_size: [3, 3], padding: "same" }),
      layer("MySqueeze", "mine", {}),
      layer("Flatten", "flat"),
      layer("Dense", "fc", { units: 10 }),
    ],
  },
};

const NORM = ["gamma", "beta", "moving_mean", "moving_variance"];
const tensors = [[0.5, -0.25, 0, 2], ...NORM.slice(1).map(() => [0, 0, 0, 1])].map((values) => ({
  shape: [4],
  values: Float32Array.from(values),
}));
const named = tensors.map((tensor, i) => ({ name: `bn1/${NORM[i]}`, tensor }));
const saved: Saved = { topology, weights: named };
/** By the place in which Keras 3 keeps them. */
const stored = new Map(
  tensors.map((tensor, i) => [`layers/batch_normalization/vars/${i}`, tensor] as const),
);

async function drawn(act: () => unknown): Promise<Sketch> {
  try {
    await act();
  } catch (error) {
    if (error instanceof UnrunnableNetwork) return error.sketch;
    throw error;
  }
  throw new Error("read as a network");
}

const rowOf = ({ name, shape, parameters, macs, problem }: SketchLayer) => [
  name,
  shape,
  parameters,
  macs,
  problem,
];

it("counts what is known before and through layers that it has not, and nothing behind", async () => {
  const json = tfjsFiles(saved).json;
  const sketch = await drawn(() => readModelJson(json, "model.json"));
  expect(sketch.name).toBe("mine");
  expect(sketch.layers.map(rowOf)).toEqual([
    ["in", [8, 8, 3], 0, 0, null],
    ["conv1", [8, 8, 4], 112, 8 * 8 * 108, null],
    ["bn1", [8, 8, 4], 8, 0, null],
    ["gn", [8, 8, 4], null, null, "Espalier has no GroupNormalization"],
    ["conv2", [8, 8, 4], 148, 8 * 8 * 144, null],
    ["mine", null, null, null, "Espalier has no MySqueeze"],
    ["flat", null, 0, 0, null],
    ["fc", null, null, null, null],
  ]);
  expect(known(sketch.layers[5], "layer").op).toBe("MySqueeze");
});

it.each<[string, () => Promise<unknown>]>([
  ["h5", async () => readKerasH5(await legacyH5(saved), "net.h5")],
  [
    "keras",
    async () =>
      readKerasZip(readZip(await kerasZip(toKeras3(topology), stored), "net.keras"), "net.keras"),
  ],
])("reads the batch norms' scales of .%s", async (_, open) => {
  expect([...(await drawn(open)).scales]).toEqual([0.5, 0.25, 0, 2]);
});

it("reads them, too, where only building tells that a network cannot be run", async () => {
  const { class_name, config } = topology as { class_name: string; config: { layers: Json[] } };
  // A softmax further inside is known of each layer, and refused of the whole.
  const behind = [layer("Flatten", "flat"), layer("Softmax", "early"), layer("ReLU", "relu")];
  const layers = [...config.layers.slice(0, 3), ...behind];
  const inside: Json = { class_name, config: { ...config, layers } };
  const archive = readZip(await kerasZip(toKeras3(inside), stored), "net.keras");
  const sketch = await drawn(() => readKerasZip(archive, "net.keras"));
  expect([...sketch.scales]).toEqual([0.5, 0.25, 0, 2]);
});

it("says what is not supported where a .keras file lacks its weights, too", async () => {
  const entries = readZip(await kerasZip(toKeras3(topology), stored), "net.keras");
  const without = entries.filter(({ path }) => path !== "model.weights.h5");
  const sketch = await drawn(() => readKerasZip(without, "net.keras"));
  expect(sketch.scales).toHaveLength(0);
  expect(sketch.layers).toHaveLength(8);
});
