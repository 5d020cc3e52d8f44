/** @file TensorFlow.js layers models, of ours and of others. */
import { exportNetwork } from "../../../src/files/index.ts";
import { file, join, tiny } from "../../../src/files/testing/samples.ts";
import { type Cases, HTML, spoiled } from "./case.ts";

const files = (await exportNetwork(tiny(), "tfjs")).files;
export const MODEL_JSON = files[0]?.bytes ?? new Uint8Array();
export const SHARD_BYTES = files[1]?.bytes ?? new Uint8Array();
export const SHARD = "group1-shard1of1.bin";
const text = new TextDecoder().decode(MODEL_JSON);

/** A model whose JSON was edited, beside its own shard. */
const edited = (from: string, to: string): File[] => {
  if (!text.includes(from)) throw new Error(`the sample has no ${from}`);
  return [file("model.json", text.replace(from, to)), file(SHARD, SHARD_BYTES)];
};

/** A model beside another shard. */
const withShard = (bytes: Uint8Array | string): File[] => [
  file("model.json", MODEL_JSON),
  file(SHARD, bytes),
];

const layer = (className: string, config: object) => ({ class_name: className, config });
/** A model of another program. */
const foreign = (layers: readonly object[], more: object = {}): File[] => {
  const input = layer("InputLayer", { name: "pixels", batch_input_shape: [null, 8, 8, 3] });
  const config = { name: "mine", layers: [input, ...layers] };
  const modelTopology = { model_config: layer("Sequential", config) };
  const weightsManifest = [{ paths: ["a.bin"], weights: [] }];
  const json = { format: "layers-model", modelTopology, weightsManifest, ...more };
  return [file("model.json", JSON.stringify(json))];
};

export const TFJS: Cases = {
  "tfjs/truncated-json": () => [file("model.json", text.slice(0, 500)), file(SHARD, SHARD_BYTES)],
  "tfjs/bad-json": () => [
    file("model.json", text.replace('"format":', '"format"=')),
    file(SHARD, SHARD_BYTES),
  ],
  "tfjs/not-utf-8": () => [
    file("model.json", join(MODEL_JSON.subarray(0, 20), Uint8Array.of(0xff), MODEL_JSON.slice(20))),
    file(SHARD, SHARD_BYTES),
  ],
  "tfjs/missing-shard": () => [file("model.json", MODEL_JSON)],
  "tfjs/shard-alone": () => [file(SHARD, SHARD_BYTES)],
  "tfjs/shard-twice": () => [...withShard(SHARD_BYTES), file(SHARD, SHARD_BYTES)],
  "tfjs/truncated-shard": () => withShard(SHARD_BYTES.subarray(0, 1000)),
  "tfjs/empty-shard": () => withShard(""),
  "tfjs/shard-too-long": () => withShard(join(SHARD_BYTES, new Uint8Array(100))),
  "tfjs/html-instead-of-shard": () => withShard(HTML),
  "tfjs/wrong-dtype": () => edited('"dtype":"float32"}', '"dtype":"float16"}'),
  "tfjs/quantized": () =>
    edited('"dtype":"float32"}', '"dtype":"float32","quantization":{"dtype":"uint8"}}'),
  "tfjs/nan-weights": () => withShard(spoiled(SHARD_BYTES, 400, [NaN, 1, Infinity])),
  "tfjs/shape-disagrees": () => edited('"shape":[3,3,3,8]', '"shape":[3,3,8,3]'),
  "tfjs/shape-that-overflows": () =>
    edited('"shape":[3,3,3,8]', '"shape":[9007199254740991,9007199254740991]'),
  "tfjs/null-in-a-shape": () => edited('"shape":[3,3,3,8]', '"shape":[3,null,3,8]'),
  "tfjs/duplicate-weight": () => edited('"name":"bn1/beta"', '"name":"bn1/gamma"'),
  "tfjs/key-twice": () => edited('"format":', '"format":"layers-model","format":'),
  "tfjs/shard-named-twice": () => edited(`"paths":["${SHARD}"]`, `"paths":["${SHARD}","${SHARD}"]`),
  "tfjs/shard-at-an-address": () =>
    edited(`"paths":["${SHARD}"]`, `"paths":["https://example.org/${SHARD}"]`),
  "tfjs/shard-further-up": () => edited(`"paths":["${SHARD}"]`, `"paths":["../../${SHARD}"]`),
  "tfjs/stray-weight": () =>
    edited('"weights":[{', '"weights":[{"name":"x","shape":[0],"dtype":"float32"},{'),
  "tfjs/weight-without-a-name": () => edited('"name":"bn1/beta"', '"name":"__proto__"'),
  "tfjs/layers-with-code": () =>
    foreign([layer("Lambda", { name: "twice" }), layer("MyAttention", { name: "look" })]),
  "tfjs/layer-called-proto": () =>
    foreign([layer("__proto__", { name: "constructor" }), layer("toString", { name: "x" })]),
  "tfjs/layers-in-a-circle": () =>
    foreign([], {
      modelTopology: {
        model_config: layer("Model", {
          name: "ring",
          layers: [
            { name: "pixels", ...layer("InputLayer", { batch_input_shape: [null, 8, 8, 3] }) },
            { name: "a", ...layer("ReLU", { name: "a" }), inbound_nodes: [[["b", 0, 0, {}]]] },
            { name: "b", ...layer("ReLU", { name: "b" }), inbound_nodes: [[["a", 0, 0, {}]]] },
          ],
          input_layers: [["pixels", 0, 0]],
          output_layers: [["b", 0, 0]],
        }),
      },
    }),
  "tfjs/newer-version": () => edited('"version":1', '"version":9'),
  "tfjs/graph-model": () => [file("model.json", '{"format":"graph-model","modelTopology":{}}')],
  "tfjs/unknown-op": () => edited('"kind":"relu"', '"kind":"gelu"'),
  "tfjs/broken-edge": () => edited('"inputs":["bn1"]', '"inputs":["bn9"]'),
  "tfjs/circle": () => edited('"inputs":["bn1"]', '"inputs":["pool"]'),
  "tfjs/bad-attribute": () => edited('"stride":[1,1]', '"stride":[0,1]'),
  "tfjs/deep-json": () => [file("model.json", `{"modelTopology":${"[".repeat(20_000)}`)],
};
