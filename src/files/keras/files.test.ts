/**
 * @file Keras' own files, in the layouts that `model.save` writes: every model of the tfjs suite as
 * `.h5` and as `.keras`, which must give the very same network; then what is refused, and why.
 */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { AppError, explain } from "../../core/index.ts";
import { validateNetwork } from "../../model/index.ts";
import { readZip } from "../containers/zip-read.ts";
import { sameNetwork } from "../graph.ts";
import { parseJson } from "../json.ts";
import { readModelJson, readTfjs } from "../tfjs/read.ts";
import { readKerasH5 } from "./h5.ts";
import {
  exampleFor,
  type Json,
  kerasZip,
  legacyH5,
  MODELS,
  predict,
  run,
  save,
  type Saved,
  type SavedTensor,
  shakeModel,
  tfjsFiles,
  toKeras3,
  writeHdf5,
} from "./testing/models.ts";
import { readKerasZip } from "./zip.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

async function saved(name: string): Promise<Saved> {
  return save(shakeModel((MODELS[name] as () => tf.LayersModel)()));
}

function asTfjs(model: Saved) {
  const { json, shard } = tfjsFiles(model);
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  return readTfjs(readModelJson(parseJson(bytes, "model.json"), "model.json"), [shard]);
}

async function refusal(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof AppError) return `${error.code} | ${explain(error)}`;
    throw error;
  }
  return "accepted";
}

describe("Keras .h5", () => {
  for (const name of Object.keys(MODELS)) {
    it(`${name}: the same network as from tfjs`, async () => {
      const model = await saved(name);
      const { network } = await readKerasH5(await legacyH5(model), "net.h5");
      validateNetwork(network);
      expect(sameNetwork(network, asTfjs(model))).toBe(true);
    });
  }

  it("reads a name list that was cut in parts", async () => {
    const { topology, weights } = await saved("activation relu");
    const datasets = new Map(
      weights.map(({ name, tensor }) => [`model_weights/fc/${name}:0`, tensor] as const),
    );
    const lists = { weight_names0: ["fc/kernel:0"], weight_names1: ["fc/bias:0"] };
    const config = { model_config: JSON.stringify(topology) };
    const attributes = { "/": config, "/model_weights/fc": lists };
    const { network } = await readKerasH5(await writeHdf5({ attributes, datasets }), "net.h5");
    expect(network.weights.size).toBe(2);
  });

  it("separable convolution with a multiplier: two convolutions that predict as one", async () => {
    const build = (depthMultiplier: number) => {
      const options = { name: "sep", filters: 5, kernelSize: 3, depthMultiplier };
      return shakeModel(
        tf.sequential({
          layers: [tf.layers.separableConv2d({ ...options, inputShape: [6, 6, 3] })],
        }),
      );
    };
    const model = build(2);
    const taken = await save(model);
    // tfjs forgets to write it.
    taken.topology.config.layers.at(-1).config.depth_multiplier = 2;
    const { network } = await readKerasH5(await legacyH5(taken), "net.h5");
    const example = exampleFor(model);
    const [found, expected] = [await run(network, example), predict(model, example)];
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 5));
  });
});

describe("Keras 3 .keras", () => {
  const open = async (bytes: Uint8Array) => readKerasZip(readZip(bytes, "net.keras"), "net.keras");

  it("finds weights by class and order, as Keras names them", async () => {
    const model = await saved("functional with add and concat");
    const stores: Record<string, string> = {
      a: "conv2d",
      b: "conv2d_1",
      c: "conv2d_2",
      fc: "dense",
    };
    const order = model.topology.config.layers
      .map(({ config }: Json) => config.name)
      .filter((name: string) => name in stores && name !== "fc");
    const folders = new Map<string, string>([["fc", "dense"]]);
    order.forEach((name: string, i: number) =>
      folders.set(name, i === 0 ? "conv2d" : `conv2d_${i}`),
    );
    const datasets = new Map<string, SavedTensor>();
    for (const { name, tensor } of model.weights) {
      const [layer = "", slot] = name.split("/");
      const index = slot === "kernel" ? 0 : 1;
      datasets.set(`layers/${folders.get(layer)}/vars/${index}`, tensor);
    }
    const { network } = await open(await kerasZip(toKeras3(model.topology), datasets));
    expect(sameNetwork(network, asTfjs(model))).toBe(true);
  });

  it("reads batch normalization, depthwise and separable weights in Keras' order", async () => {
    for (const [name, slots] of [
      ["batch normalization", "gamma beta moving_mean moving_variance kernel bias"],
      ["depthwise", "depthwise_kernel bias"],
      ["separable", "depthwise_kernel pointwise_kernel bias"],
    ] as const) {
      const model = await saved(name);
      const datasets = new Map<string, SavedTensor>();
      const counts = new Map<string, number>();
      for (const { config, class_name: className } of model.topology.config.layers) {
        const snake: Record<string, string> = {
          BatchNormalization: "batch_normalization",
          DepthwiseConv2D: "depthwise_conv2d",
          SeparableConv2D: "separable_conv2d",
          Dense: "dense",
        };
        const stem = snake[className];
        if (stem === undefined) continue;
        const count = counts.get(stem) ?? 0;
        counts.set(stem, count + 1);
        const own = slots
          .split(" ")
          .flatMap((slot) => model.weights.filter((one) => one.name === `${config.name}/${slot}`));
        own.forEach(({ tensor }, i) =>
          datasets.set(`layers/${count === 0 ? stem : `${stem}_${count}`}/vars/${i}`, tensor),
        );
      }
      const { network } = await open(await kerasZip(toKeras3(model.topology), datasets));
      expect(sameNetwork(network, asTfjs(model)), name).toBe(true);
    }
  });

  it("finds the weights of a model inside, and those of Keras 2.13", async () => {
    const model = await saved("a model inside a model");
    const places: Record<string, string> = {
      "a/kernel": "layers/sequential/layers/conv2d/vars/0",
      "a/bias": "layers/sequential/layers/conv2d/vars/1",
      "bn/gamma": "layers/sequential/layers/batch_normalization/vars/0",
      "bn/beta": "layers/sequential/layers/batch_normalization/vars/1",
      "bn/moving_mean": "layers/sequential/layers/batch_normalization/vars/2",
      "bn/moving_variance": "layers/sequential/layers/batch_normalization/vars/3",
      "inner/kernel": "layers/functional/layers/conv2d/vars/0",
      "inner/bias": "layers/functional/layers/conv2d/vars/1",
      "outer/kernel": "layers/conv2d/vars/0",
      "outer/bias": "layers/conv2d/vars/1",
    };
    const config = toKeras3(model.topology);
    for (const layer of config.config.layers) {
      if (layer.class_name === "Model") layer.class_name = "Functional";
    }
    for (const folder of ["layers", "_layer_checkpoint_dependencies"]) {
      const datasets = new Map(
        model.weights.map(({ name, tensor }) => {
          const path = (places[name] as string).replaceAll("layers/", `${folder}/`);
          return [path, tensor] as const;
        }),
      );
      const { network } = await open(await kerasZip(config, datasets));
      expect(sameNetwork(network, asTfjs(model))).toBe(true);
    }
  });

  it("takes mean and variance of a Normalization from config or weights", async () => {
    const head = { class_name: "InputLayer", config: { name: "in", batch_shape: [null, 2] } };
    const layer = (config: Json) => ({
      class_name: "Sequential",
      config: {
        layers: [head, { class_name: "Normalization", config: { name: "n", ...config } }, fc],
      },
    });
    const fc = { class_name: "Dense", config: { name: "fc", units: 1, use_bias: false } };
    const kernel = { shape: [2, 1], values: Float32Array.of(1, 1) };
    const datasets = new Map<string, SavedTensor>([
      ["layers/dense/vars/0", kernel],
      ["layers/normalization/vars/0", { shape: [2], values: Float32Array.of(51, 102) }],
      ["layers/normalization/vars/1", { shape: [2], values: Float32Array.of(2601, 2601) }],
    ]);
    const expected = {
      mean: [expect.closeTo(0.2, 6), expect.closeTo(0.4, 6)],
      std: [expect.closeTo(0.2, 6), expect.closeTo(0.2, 6)],
    };
    const stored = await open(await kerasZip(layer({ axis: [-1], mean: null }), datasets));
    expect(stored.network.metadata.normalization).toEqual(expected);
    const given = layer({ axis: -1, mean: [[51, 102]], variance: [[2601, 2601]] });
    datasets.delete("layers/normalization/vars/0");
    datasets.delete("layers/normalization/vars/1");
    const read = await open(await kerasZip(given, datasets));
    expect(read.network.metadata.normalization).toEqual(expected);
  });
});

describe("what is refused", () => {
  const input = {
    class_name: "InputLayer",
    config: { name: "in", batch_input_shape: [null, 8, 8, 3] },
  };
  const chain = (...layers: Json[]) => ({
    class_name: "Sequential",
    config: { name: "m", layers: [input, ...layers] },
  });
  const layer = (className: string, config: object = {}) => ({
    class_name: className,
    config: { name: className.toLowerCase(), ...config },
  });
  const conv = { filters: 2, kernel_size: [3, 3] };
  const call = (name: string) => [[[name, 0, 0, {}]]];
  const graph = (layers: Json[], output = "b") => ({
    class_name: "Model",
    config: { name: "m", layers, input_layers: [["in", 0, 0]], output_layers: [[output, 0, 0]] },
  });
  const relu = (name: string, inbound: Json) => ({
    class_name: "ReLU",
    name,
    config: { name },
    inbound_nodes: inbound,
  });
  const start = { ...input, name: "in", inbound_nodes: [] };

  const CONFIGS: Readonly<Record<string, Json>> = {
    "many layers at once": chain(
      layer("Lambda"),
      layer("Conv2D", { ...conv, dilation_rate: [2, 2] }),
      layer("LSTM", { units: 3 }),
      { ...layer("Lambda"), config: { name: "another" } },
      layer("Activation", { activation: "sigmoid" }),
      layer("ReLU", { max_value: 4 }),
    ),
    "custom model": { class_name: "MyNet", config: {} },
    "channels first": chain(layer("Conv2D", { ...conv, data_format: "channels_first" })),
    "open input": {
      class_name: "Sequential",
      config: [layer("InputLayer", { batch_shape: [null, null, null, 3] }), layer("ReLU")],
    },
    "no input shape": { class_name: "Sequential", config: [layer("Flatten")] },
    "missing layer": graph([start, relu("b", call("nobody"))]),
    "missing output": graph([start, relu("b", call("in"))], "c"),
    ring: graph([start, relu("a", call("b")), relu("b", call("a"))]),
    "used twice": graph([start, relu("b", [...call("in"), ...call("in")])]),
    "two inputs": graph([
      start,
      { ...start, name: "in2", config: { ...start.config, name: "in2" } },
      {
        class_name: "Add",
        name: "b",
        config: { name: "b" },
        inbound_nodes: [
          [
            ["in", 0, 0],
            ["in2", 0, 0],
          ],
        ],
      },
    ]),
    "training mode": graph([start, relu("b", [[["in", 0, 0, { training: true }]]])]),
    "duplicate name": chain(layer("Flatten"), layer("Flatten")),
    "__proto__ and constructor": chain(
      layer("__proto__"),
      layer("constructor", { name: "toString" }),
    ),
    "padding before an average": chain(layer("ZeroPadding2D"), layer("AveragePooling2D")),
    "padding before a maximum of pixels": chain(layer("ZeroPadding2D"), layer("MaxPooling2D")),
    "padding at the end": chain(layer("ZeroPadding2D")),
    "reshape to a map": chain(layer("Reshape", { target_shape: [4, 16, 3] })),
    "softmax inside": chain(layer("Flatten"), layer("Softmax"), layer("Dense", { units: 2 })),
    "late rescaling": chain(layer("ReLU"), layer("Rescaling", { scale: 0.1 })),
    "negative rescaling": chain(layer("Rescaling", { scale: -1 }), layer("Flatten")),
    "another axis": chain(layer("BatchNormalization", { axis: 1 })),
    "no weights": chain(layer("Flatten"), layer("Dense", { units: 2 })),
    "sizes that lie": chain(
      layer("Conv2D", { ...conv, filters: 2 ** 40 }),
      layer("BatchNormalization"),
    ),
    "window too large": chain(layer("Conv2D", { ...conv, kernel_size: 9 })),
    "bad field": chain(layer("Conv2D", { ...conv, padding: "causal" })),
    "model in a model in a model": chain(chain(chain(layer("ReLU")))),
  };

  it("is said in one sentence, with the place", async () => {
    const found: Record<string, string> = {};
    for (const [name, config] of Object.entries(CONFIGS)) {
      const attributes = { "/": { model_config: JSON.stringify(config) } };
      const bytes = await writeHdf5({ attributes, datasets: new Map() });
      found[name] = await refusal(() => readKerasH5(bytes, "net.h5"));
    }
    expect(found).toMatchSnapshot();
  });

  it("names what is wrong with the file itself", async () => {
    const model = await saved("activation relu");
    const good = await legacyH5(model);
    const write = (
      root: Record<string, string | string[]>,
      datasets = new Map<string, SavedTensor>(),
    ) => writeHdf5({ attributes: { "/": root }, datasets });
    const one = { shape: [1], values: Float32Array.of(1) };
    const bad = {
      ...model,
      weights: model.weights.map(({ name, tensor }) => ({
        name,
        tensor: { ...tensor, shape: tensor.shape.toReversed() },
      })),
    };
    const config = JSON.stringify(model.topology);
    const nan = {
      ...model,
      weights: model.weights.map(({ name, tensor }) => ({
        name,
        tensor: { ...tensor, values: tensor.values.map(() => Number.NaN) },
      })),
    };
    const twice = { ...model, weights: [...model.weights, { name: "fc/other", tensor: one }] };
    const files: Record<string, Uint8Array> = {
      truncated: good.subarray(0, good.length - 100),
      "header only": good.subarray(0, 60),
      "eight bytes": good.subarray(0, 8),
      "another file": new TextEncoder().encode("hello, world"),
      "weights alone": await write({ layer_names: ["fc"] }),
      "Keras 3 weights alone": await write({}, new Map([["layers/dense/vars/0", one]])),
      "another program": await write({}, new Map([["temperatures", one]])),
      "config that is not JSON": await write({ model_config: "{'a': 1}" }),
      "config cut short": await write({ model_config: config.slice(0, 100) }),
      "config as a list": await write({ model_config: ["[]"] }),
      "no weights": await write({ model_config: config }),
      "shapes the wrong way round": await legacyH5(bad),
      "not finite": await legacyH5(nan),
      "a stray weight": await legacyH5(twice),
    };
    const found: Record<string, string> = {};
    for (const [name, bytes] of Object.entries(files))
      found[name] = await refusal(() => readKerasH5(bytes, "net.h5"));
    const zip = await kerasZip(toKeras3(model.topology), new Map());
    const entries = readZip(zip, "net.keras");
    found["zip without weights"] = await refusal(() =>
      readKerasZip(entries.slice(0, 2), "net.keras"),
    );
    found["zip with other weights"] = await refusal(() => readKerasZip(entries, "net.keras"));
    expect(found).toMatchSnapshot();
  });

  it("leaves the library fit for the next file", async () => {
    const model = await saved("activation relu");
    const good = await legacyH5(model);
    await refusal(() => readKerasH5(good.subarray(0, 900), "net.h5"));
    expect((await readKerasH5(good, "net.h5")).network.nodes.length).toBe(3);
  });

  it("replaces a library that a file has wrecked, and opens the next one all the same", async () => {
    const good = await legacyH5(await saved("activation relu"));
    const { ready } = await import("h5wasm");
    for (let time = 0; time < 2; time++) {
      // What a write outside of its place does to it, at its worst.
      const { HEAPU8: heap } = (await ready) as unknown as { HEAPU8: Uint8Array };
      heap.fill(0xff, heap.length >> 4);
      expect((await readKerasH5(good, "net.h5")).network.nodes.length).toBe(3);
    }
  });
});
