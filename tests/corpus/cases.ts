/**
 * @file Broken files, one of each kind that people really meet, made in memory from seeded samples.
 * What each gets is pinned, code and sentence, in `expected.json`; a new bug report adds a line to both.
 */
import { gzipSync, strToU8, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { exportNetwork } from "../../src/files/index.ts";
import { cifarBytes, file, join, tiny } from "../../src/files/testing/samples.ts";

const network = tiny();
const tfjs = (await exportNetwork(network, "tfjs")).files;
const modelJson = tfjs[0]?.bytes ?? new Uint8Array();
const jsonText = new TextDecoder().decode(modelJson);
const shard = tfjs[1]?.bytes ?? new Uint8Array();
const safetensors =
  (await exportNetwork(network, "safetensors")).files[0]?.bytes ?? new Uint8Array();
const headerEnd = 8 + new DataView(safetensors.buffer).getUint32(0, true);
const html = "<!doctype html>\n<html><title>404 Not Found</title></html>";
const lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2145\nsize 12345\n";

const SHARD = "group1-shard1of1.bin";

/** A model whose JSON was edited, beside its own shard. */
const edited = (from: string, to: string): File[] => {
  if (!jsonText.includes(from)) throw new Error(`the sample has no ${from}`);
  return [file("model.json", jsonText.replace(from, to)), file(SHARD, shard)];
};

/** A model beside another shard. */
const withShard = (bytes: Uint8Array | string): File[] => [
  file("model.json", modelJson),
  file(SHARD, bytes),
];

/** The weights with some values replaced. */
function spoiled(bytes: Uint8Array, start: number, values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  values.forEach((value, i) => view.setFloat32(start + 4 * i, value, true));
  return copy;
}

/** A safetensors file with its header edited to a text of the same length. */
function headerEdited(from: string, to: string): File[] {
  const header = new TextDecoder().decode(safetensors.subarray(0, headerEnd)).slice(8);
  if (!header.includes(from) || from.length !== to.length) throw new Error(`cannot edit ${from}`);
  const bytes = safetensors.slice();
  bytes.set(strToU8(header.replace(from, to)), 8);
  return [file("net.safetensors", bytes)];
}

/** Label bytes of the third image replaced. */
function mislabelled(label: number): Uint8Array {
  const bytes = cifarBytes(5);
  bytes[2 * 3073] = label;
  return bytes;
}

async function tarball(names: readonly string[]): Promise<Uint8Array> {
  const body = cifarBytes(1);
  const entries = names.map((name) => ({
    header: { name, size: body.length, mtime: new Date(0) },
    body,
  }));
  return gzipSync(await packTar(entries), { mtime: 0 });
}

/** Files that are dropped together, by `format/case`. */
export const CASES: Readonly<Record<string, () => File[] | Promise<File[]>>> = {
  "any/nothing": () => [],
  "any/empty": () => [file("model.json", "")],
  "any/html-instead-of-model": () => [file("model.json", html)],
  "any/html-instead-of-safetensors": () => [file("net.safetensors", html)],
  "any/git-lfs-pointer": () => [file("net.safetensors", lfs)],
  "any/png": () => [file("cat.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a))],
  "any/onnx": () => [file("net.onnx", join(Uint8Array.of(8, 7, 0x12, 7), strToU8("pytorch:")))],
  "any/hdf5": () => [file("net.h5", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a))],
  "any/other-json": () => [file("package.json", '{"name":"x"}')],
  "any/text": () => [file("notes.txt", "remember the milk")],
  "any/unknown": () => [file("data.raw", Uint8Array.of(200, 1, 2, 3, 4, 5, 6, 7))],
  "any/hostile-name": () => [file("a\u202e\u0007<b>.txt", "some text here")],

  "tfjs/truncated-json": () => [file("model.json", jsonText.slice(0, 500)), file(SHARD, shard)],
  "tfjs/bad-json": () => [
    file("model.json", jsonText.replace('"format":', '"format"=')),
    file(SHARD, shard),
  ],
  "tfjs/missing-shard": () => [file("model.json", modelJson)],
  "tfjs/shard-alone": () => [file(SHARD, shard)],
  "tfjs/shard-twice": () => [...withShard(shard), file(SHARD, shard)],
  "tfjs/truncated-shard": () => withShard(shard.subarray(0, 1000)),
  "tfjs/empty-shard": () => withShard(""),
  "tfjs/shard-too-long": () => withShard(join(shard, new Uint8Array(100))),
  "tfjs/html-instead-of-shard": () => withShard(html),
  "tfjs/wrong-dtype": () => edited('"dtype":"float32"}', '"dtype":"float16"}'),
  "tfjs/quantized": () =>
    edited('"dtype":"float32"}', '"dtype":"float32","quantization":{"dtype":"uint8"}}'),
  "tfjs/nan-weights": () => withShard(spoiled(shard, 400, [NaN, 1, Infinity])),
  "tfjs/shape-disagrees": () => edited('"shape":[3,3,3,8]', '"shape":[3,3,8,3]'),
  "tfjs/duplicate-weight": () => edited('"name":"bn1/beta"', '"name":"bn1/gamma"'),
  "tfjs/shard-named-twice": () => edited(`"paths":["${SHARD}"]`, `"paths":["${SHARD}","${SHARD}"]`),
  "tfjs/stray-weight": () =>
    edited('"weights":[{', '"weights":[{"name":"x","shape":[0],"dtype":"float32"},{'),
  "tfjs/layers-with-code": () => [
    file(
      "model.json",
      JSON.stringify({
        format: "layers-model",
        modelTopology: {
          model_config: {
            class_name: "Sequential",
            config: {
              name: "mine",
              layers: [
                {
                  class_name: "InputLayer",
                  config: { name: "pixels", batch_input_shape: [null, 8, 8, 3] },
                },
                { class_name: "Lambda", config: { name: "twice" } },
                { class_name: "MyAttention", config: { name: "look" } },
              ],
            },
          },
        },
        weightsManifest: [{ paths: ["a.bin"], weights: [] }],
      }),
    ),
  ],
  "tfjs/newer-version": () => edited('"version":1', '"version":9'),
  "tfjs/graph-model": () => [file("model.json", '{"format":"graph-model","modelTopology":{}}')],
  "tfjs/unknown-op": () => edited('"kind":"relu"', '"kind":"gelu"'),
  "tfjs/broken-edge": () => edited('"inputs":["bn1"]', '"inputs":["bn9"]'),
  "tfjs/bad-attribute": () => edited('"stride":[1,1]', '"stride":[0,1]'),
  "tfjs/deep-json": () => [file("model.json", `{"modelTopology":${"[".repeat(20_000)}`)],

  "safetensors/truncated": () => [file("net.safetensors", safetensors.subarray(0, -100))],
  "safetensors/truncated-header": () => [file("net.safetensors", safetensors.subarray(0, 100))],
  "safetensors/trailing-bytes": () => [
    file("net.safetensors", join(safetensors, new Uint8Array(3))),
  ],
  "safetensors/nan-weights": () => [
    file("net.safetensors", spoiled(safetensors, headerEnd + 8, [NaN])),
  ],
  "safetensors/wrong-dtype": () => headerEdited('"dtype":"F32"', '"dtype":"I32"'),
  "safetensors/shape-disagrees": () => headerEdited('"shape":[3,3,3,8]', '"shape":[3,3,8,3]'),
  "safetensors/span-disagrees": () => headerEdited('"shape":[3,3,3,8]', '"shape":[3,3,3,9]'),
  "safetensors/overlap": () => headerEdited('"data_offsets":[864,896]', '"data_offsets":[860,892]'),
  "safetensors/weights-alone": () => headerEdited('"format":"espalier"', '"format":"pytorch!"'),

  "cifar/no-whole-records": () => [file("data_batch_1.bin", cifarBytes(5).subarray(0, 15_000))],
  "cifar/label-over-9": () => [file("test_batch.bin", mislabelled(10))],
  "cifar/label-over-9-at-once": () => [file("test_batch.bin", mislabelled(10).subarray(2 * 3073))],
  "cifar/one-broken-among-good": () => [
    file("test_batch.bin", cifarBytes(2)),
    file("data_batch_3.bin", html),
  ],
  "cifar/cifar-100-cut": () => [file("train.bin", new Uint8Array(3074 * 4 - 1))],
  "cifar/cifar-100-label": () => [
    file(
      "test.bin",
      Uint8Array.from({ length: 3074 * 2 }, (_, i) => (i === 3075 ? 100 : 0)),
    ),
  ],
  "cifar/both": () => [
    file("test_batch.bin", cifarBytes(1)),
    file("test.bin", new Uint8Array(3074 * 2)),
  ],
  "cifar/picture-among-shards": () => [
    file("test_batch.bin", cifarBytes(1)),
    file("cat.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)),
  ],
  "cifar/pickle": () => [
    file("data_batch_1", Uint8Array.of(0x80, 2, 0x7d, 0x71, 1, 0x28, 0x55, 11)),
  ],
  "cifar/pickle-archive": async () => [
    file(
      "cifar-10-python.tar.gz",
      await tarball(["cifar-10-batches-py/data_batch_4", "cifar-10-batches-py/readme.html"]),
    ),
  ],
  "cifar/cifar-100-pickles": async () => [
    file("cifar-100-python.tar.gz", await tarball(["cifar-100-python/train"])),
  ],
  "cifar/other-archive": async () => [file("x.tar.gz", await tarball(["holiday.jpg"]))],
  "cifar/half-an-archive": async () => [
    file("cifar-10-binary.tar.gz", (await tarball(["a/test_batch.bin"])).subarray(0, 200)),
  ],
  "cifar/gzip-of-something-else": () => [file("x.gz", gzipSync(cifarBytes(1), { mtime: 0 }))],

  "zip/pytorch": () => [file("net.pt", zipSync({ "net/data.pkl": Uint8Array.of(0x80, 2) }))],
  "zip/keras": () => [file("net.keras", zipSync({ "model.weights.h5": strToU8("x") }))],
  "zip/nothing-inside": () => [file("x.zip", zipSync({}))],
  "zip/archive-in-archive": () => [file("x.zip", zipSync({ "y.zip": zipSync({}) }))],
  "zip/truncated": () => [file("x.zip", zipSync({ "model.json": modelJson }).subarray(0, -30))],
  "zip/flipped-byte": () => {
    const bytes = zipSync({ "model.json": modelJson, [SHARD]: shard }, { level: 0 });
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    return [file("x.zip", bytes)];
  },
  "zip/missing-shard": () => [file("x.zip", zipSync({ "model.json": modelJson }))],
};
