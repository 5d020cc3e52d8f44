import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { AppError, explain } from "../../core/index.ts";
import {
  endsOf,
  GraphBuilder,
  initialize,
  type Network,
  validateNetwork,
} from "../../model/index.ts";
import { parseJson } from "../json.ts";
import { logitsOf } from "../../model/testing/interpret.ts";
import { awkward, image, join, tiny, zoo } from "../testing/samples.ts";
import { sameNetwork } from "../graph.ts";
import { readModelJson, readTfjs } from "./read.ts";
import { writeTfjs } from "./write.ts";

type Json = Record<string, unknown>;

function readBack(network: Network): Network {
  const [json, ...shards] = writeTfjs(network).files;
  const model = readModelJson(
    parseJson(json?.bytes ?? new Uint8Array(), "model.json"),
    "model.json",
  );
  expect(model.paths).toEqual(shards.map(({ name }) => name));
  return readTfjs(
    model,
    shards.map(({ bytes }) => bytes),
  );
}

/** What plain TensorFlow.js makes of the files. */
async function predictWithTfjs(network: Network, input: Float32Array): Promise<Float32Array> {
  const [json, ...shards] = writeTfjs(network).files;
  const parsed = JSON.parse(new TextDecoder().decode(json?.bytes)) as {
    modelTopology: Json;
    weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
  };
  const weightData = join(...shards.map(({ bytes }) => bytes)).buffer as ArrayBuffer;
  const weightSpecs = parsed.weightsManifest.flatMap(({ weights }) => weights);
  const before = tf.memory().numTensors;
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology: parsed.modelTopology, weightSpecs, weightData }),
  );
  const output = tf.tidy(() => {
    const batch = tf.tensor(input, [1, ...endsOf(network).input]);
    return (model.predict(batch) as tf.Tensor).dataSync() as Float32Array;
  });
  const values = output.slice();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs((found[i] as number) - (expected[i] as number));
    expect(error / scale).toBeLessThan(1e-4);
  }
}

describe("tfjs export", () => {
  beforeAll(async () => {
    await tf.setBackend("cpu");
  });

  for (const name of [
    "vgg11:width=0.125",
    "preresnet-20:width=0.25",
    "resnet-20:width=0.25",
    "densenet-40:growth=2",
  ]) {
    it(`${name}: plain loadLayersModel predicts the reference's logits`, async () => {
      const network = zoo(name);
      const input = image(network);
      expectClose(await predictWithTfjs(network, input), logitsOf(network, input));
      expect(sameNetwork(readBack(network), network)).toBe(true);
    });
  }

  it("says padding, groups, selections and odd names in tfjs' words", async () => {
    const network = awkward();
    for (const seed of [1, 2, 3]) {
      const input = image(network, seed);
      expectClose(await predictWithTfjs(network, input), logitsOf(network, input));
    }
    const back = readBack(network);
    validateNetwork(back);
    expect(sameNetwork(back, network)).toBe(true);
    expect(writeTfjs(network).notes).toEqual([expect.stringContaining("grouped has 4 groups")]);
  });

  it("writes the same bytes for the same network", () => {
    const [a, b] = [writeTfjs(tiny()), writeTfjs(tiny())];
    expect(a.files.map(({ bytes }) => bytes)).toEqual(b.files.map(({ bytes }) => bytes));
  });

  it("cuts weights into shards of 4 MiB that read back in order", () => {
    const network = zoo("vgg11:width=0.5");
    const { files } = writeTfjs(network);
    expect(files.length).toBeGreaterThan(2);
    expect(files.map(({ name }) => name)).toContain(`group1-shard2of${files.length - 1}.bin`);
    expect(sameNetwork(readBack(network), network)).toBe(true);
  });

  it("refuses padded pooling that zeros would change", () => {
    const window = { size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] } as const;
    for (const kind of ["maxPool", "averagePool"] as const) {
      const b = new GraphBuilder();
      const conv = b.conv("conv", b.input([8, 8, 3]), { filters: 2 });
      const graph = b.finish("net", b.add("pool", { kind, ...window }, conv));
      expect(() => writeTfjs(initialize(graph, { seed: 1 }))).toThrow(
        expect.objectContaining({ code: "files/unsupported", where: "net › pool › padding" }),
      );
    }
  });

  it("refuses a node that nothing reads, which tfjs would lose", () => {
    const b = new GraphBuilder();
    const from = b.input([4]);
    b.add("lost", { kind: "dense", units: 2, bias: false }, from);
    const kept = b.add("kept", { kind: "dense", units: 2, bias: false }, from);
    const network = initialize(b.finish("net", kept), { seed: 1 });
    expect(() => writeTfjs(network)).toThrow(expect.objectContaining({ where: "net › lost" }));
  });
});

describe("tfjs import", () => {
  const written = writeTfjs(tiny()).files;
  const jsonText = new TextDecoder().decode(written[0]?.bytes);
  const shard = written[1]?.bytes ?? new Uint8Array();

  function refusal(edit: (json: string) => string, bytes = shard): string {
    try {
      const json = parseJson(new TextEncoder().encode(edit(jsonText)), "model.json");
      readTfjs(readModelJson(json, "model.json"), [bytes]);
    } catch (error) {
      if (error instanceof AppError) return `${error.code} | ${explain(error)}`;
      throw error;
    }
    return "accepted";
  }

  it("names what is wrong", () => {
    const same = (json: string): string => json;
    const cases = {
      untouched: refusal(same),
      truncated: refusal(same, shard.subarray(0, -4)),
      "too long": refusal(same, join(shard, new Uint8Array(4))),
      "html shard": refusal(same, new TextEncoder().encode("<!doctype html><html></html>")),
      dtype: refusal((json) => json.replace('"dtype":"float32"}', '"dtype":"int32"}')),
      quantized: refusal((json) =>
        json.replace('"dtype":"float32"}', '"dtype":"float32","quantization":{"dtype":"uint8"}}'),
      ),
      shape: refusal((json) => json.replace('"shape":[3,3,3,8]', '"shape":[3,3,8,3]')),
      "duplicate name": refusal((json) => json.replace('"name":"bn1/beta"', '"name":"bn1/gamma"')),
      "stray weight": refusal((json) => json.replace('"name":"bn1/beta"', '"name":"bn1/mean"')),
      "newer version": refusal((json) => json.replace('"version":1', '"version":2')),
      foreign: refusal((json) => json.replace('"espalier":', '"other":')),
      "unknown op": refusal((json) => json.replace('"kind":"relu"', '"kind":"gelu"')),
      "unknown attribute": refusal((json) => json.replace('"groups":1', '"groups":1,"dilation":2')),
      "broken edge": refusal((json) => json.replace('"inputs":["bn1"]', '"inputs":["bn2"]')),
      "duplicate key": refusal((json) => json.replace('"output":', '"name":"x","output":')),
    };
    expect(cases).toMatchSnapshot();
  });
});
