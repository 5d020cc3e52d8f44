/**
 * @file tfjs models of other programs: our network against TensorFlow.js' own `predict`, to 1e-5 of
 * the largest output.
 */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { AppError, explain } from "../../core/index.ts";
import { validateNetwork } from "../../model/index.ts";
import { parseJson } from "../json.ts";
import {
  exampleFor,
  type Json,
  MODELS,
  predict,
  run,
  save,
  shakeModel,
  tfjsFiles,
} from "../keras/testing/models.ts";
import type { Imported } from "../imported.ts";
import { readModelJson, readTfjsModel } from "./read.ts";

const bytesOf = (json: Json): Uint8Array => new TextEncoder().encode(JSON.stringify(json));
const open = (json: Json, shard: Uint8Array): Imported =>
  readTfjsModel(readModelJson(parseJson(bytesOf(json), "model.json"), "model.json"), [shard]);

function expectClose(found: Float32Array, expected: Float32Array, tolerance = 1e-5): void {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs((found[i] as number) - (expected[i] as number));
    expect(error / scale).toBeLessThan(tolerance);
  }
}

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("a foreign tfjs model predicts what tfjs predicts", () => {
  for (const [name, make] of Object.entries(MODELS)) {
    it(name, async () => {
      const model = shakeModel(make());
      const { json, shard } = tfjsFiles(await save(model));
      const { network } = open(json, shard);
      validateNetwork(network);
      const example = exampleFor(model);
      const largest = name.startsWith("rescaling to") ? 255 : 1;
      const pixels = example.map((value) => value * largest);
      expectClose(await run(network, example), predict(model, pixels));
    });
  }
});

describe("the translation", () => {
  const read = async (name: string): Promise<Imported> => {
    const { json, shard } = tfjsFiles(
      await save(shakeModel((MODELS[name] as () => tf.LayersModel)())),
    );
    return open(json, shard);
  };

  it("keeps the names of layers, and puts further nodes beside them", async () => {
    const names = async (name: string) => (await read(name)).network.nodes.map((node) => node.name);
    expect(await names("separable")).toEqual([
      expect.stringMatching(/^input/),
      "sep_depthwise",
      "sep",
      "sep_relu",
      "sep1_depthwise",
      "sep1",
    ]);
    expect(await names("functional with add and concat")).toEqual(
      "pixels a a_relu b c sum wide wider gap fc".split(" "),
    );
  });

  it("turns same padding into the pads that TensorFlow computes", async () => {
    const { nodes } = (await read("strides with same padding on even sizes")).network;
    expect(nodes.map(({ op }) => ("padding" in op ? op.padding : undefined))).toEqual([
      undefined,
      [0, 1, 0, 1],
      [0, 1, 1, 2],
      [0, 1, 0, 1],
    ]);
  });

  it("takes scaling in front of the network into its normalization, for pixels from 0 to 1", async () => {
    const of = async (name: string) => (await read(name)).network.metadata.normalization;
    const close = (value: number) => Array.from({ length: 3 }, () => expect.closeTo(value, 12));
    expect(await of("rescaling to 0…1")).toEqual({ mean: close(0), std: close(1) });
    expect(await of("rescaling to −1…1")).toEqual({ mean: close(0.5), std: close(0.5) });
    expect(await of("rescaling of unit pixels")).toEqual({ mean: close(0.5), std: close(0.5) });
    expect((await read("rescaling to 0…1")).notes).toEqual([
      "the scaling in front of the network became its normalization, for a model that takes pixels from 0 to 255",
    ]);
  });

  it("says which layers it left out", async () => {
    expect((await read("layers that act in training only")).notes).toEqual([
      "drop and 2 more only act in training and were left out",
    ]);
  });

  it("finds weights behind the model's name and with TensorFlow's output numbers", async () => {
    const { json, shard } = tfjsFiles(
      await save(shakeModel((MODELS["depthwise"] as () => tf.LayersModel)())),
    );
    const plain = open(json, shard).network;
    for (const spec of json.weightsManifest[0].weights) spec.name = `model_1/${spec.name}:0`;
    expect(open(json, shard).network.weights).toEqual(plain.weights);
  });

  it.each([
    ["uint8", 1, 255],
    ["uint16", 2, 65_535],
  ] as const)("widens weights quantized to %s", async (dtype, bytes, steps) => {
    const model = shakeModel((MODELS["functional with add and concat"] as () => tf.LayersModel)());
    const saved = await save(model);
    const { json } = tfjsFiles(saved);
    const shard: number[] = [];
    let coarsest = 0;
    saved.weights.forEach(({ tensor: { values } }, i) => {
      const min = Math.min(...values);
      const scale = (Math.max(...values) - min) / steps;
      coarsest = Math.max(coarsest, scale);
      json.weightsManifest[0].weights[i].quantization = {
        dtype,
        scale,
        min,
        original_dtype: "float32",
      };
      for (const value of values) {
        const step = Math.round((value - min) / scale);
        shard.push(step & 255, ...(bytes === 2 ? [step >> 8] : []));
      }
    });
    const { network, notes } = open(json, Uint8Array.from(shard));
    expect(notes).toEqual([`weights stored as ${dtype} were converted to float32`]);
    for (const { name, tensor } of saved.weights) {
      const found = network.weights.get(name)?.values as Float32Array;
      found.forEach((value, i) =>
        expect(Math.abs(value - (tensor.values[i] as number))).toBeLessThan(0.51 * coarsest + 1e-6),
      );
    }
    const example = exampleFor(model);
    expectClose(await run(network, example), predict(model, example), 60 * coarsest);
  });

  it("widens weights stored as float16", async () => {
    const model = (MODELS["depthwise on one channel"] as () => tf.LayersModel)();
    const { json } = tfjsFiles(await save(model));
    for (const spec of json.weightsManifest[0].weights) spec.quantization = { dtype: "float16" };
    // 1.5 and −2 in half precision, over and over.
    const halves = Uint16Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 0x3e00 : 0xc000));
    const { network } = open(json, new Uint8Array(halves.buffer));
    expect([...(network.weights.get("dw/kernel")?.values ?? [])].slice(0, 3)).toEqual([
      1.5, -2, 1.5,
    ]);
  });
});

describe("what is refused", () => {
  it("is said in one sentence", async () => {
    const { json, shard } = tfjsFiles(await save((MODELS["depthwise"] as () => tf.LayersModel)()));
    const refusal = (edit: (model: Json) => void, bytes = shard): string => {
      const model = structuredClone(json);
      edit(model);
      try {
        open(model, bytes);
      } catch (error) {
        if (error instanceof AppError) return `${error.code} | ${explain(error)}`;
        throw error;
      }
      return "accepted";
    };
    const weights = (model: Json): Json[] => model.weightsManifest[0].weights;
    expect({
      untouched: refusal(() => {}),
      "graph model": refusal((model) => (model.format = "graph-model")),
      "no topology": refusal((model) => delete model.modelTopology),
      "unknown layer": refusal(
        (model) => (model.modelTopology.config.layers[1].class_name = "Conv3D"),
      ),
      "missing weight": refusal((model) => (weights(model)[0].name = "dw/other")),
      "weight twice": refusal((model) => (weights(model)[0].name = "x/dw1/depthwise_kernel")),
      "other shape": refusal((model) => (weights(model)[0].shape = [3, 3, 2, 3])),
      "other dtype": refusal((model) => (weights(model)[0].dtype = "int32")),
      "strange quantization": refusal(
        (model) => (weights(model)[0].quantization = { dtype: "int4" }),
      ),
      "quantization without scale": refusal(
        (model) => (weights(model)[0].quantization = { dtype: "uint8", min: 0 }),
      ),
      "cut short": refusal(() => {}, shard.subarray(4)),
    }).toMatchSnapshot();
  });
});
