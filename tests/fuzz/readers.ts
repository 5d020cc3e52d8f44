/**
 * @file Every reader of files with the samples that are damaged for it: the one table of the tests and
 * of `npm run fuzz`. Samples are made once, when they are first asked for.
 */
import * as tf from "@tensorflow/tfjs";
import { gzipSync, unzipSync, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { sizeOf } from "../../src/core/index.ts";
import { MANIFEST } from "../../src/files/bundle/manifest.ts";
import { nameForTorch } from "../../src/files/families/name-for-torch.ts";
import { dictOf, recognize, SMALL_VGG } from "../../src/files/families/testing/state-dicts.ts";
import {
  exportNetwork,
  type NamedBytes,
  writeBundle,
  writeProject,
  zipFiles,
} from "../../src/files/index.ts";
import {
  kerasZip,
  legacyH5,
  MODELS,
  save,
  type Saved,
  type SavedTensor,
  shakeModel,
  tfjsFiles,
  toKeras3,
} from "../../src/files/keras/testing/models.ts";
import { decodeModel, encodeModel } from "../../src/files/onnx/schema.ts";
import { foreignGraph } from "../../src/files/onnx/testing/models.ts";
import { writeOnnx } from "../../src/files/onnx/write.ts";
import { awkward, cifar100Bytes, cifarBytes, join, tiny } from "../../src/files/testing/samples.ts";
import { readTorch } from "../../src/files/torch/read.ts";
import { dict, golden, legacyFile, tensor, zipFile } from "../../src/files/torch/testing/files.ts";
import { writeTorch } from "../../src/files/torch/write.ts";
import type { Network } from "../../src/model/index.ts";
import { sampleProject } from "../../src/storage/testing/projects.ts";
import { mutateHdf5 } from "./grammar/hdf5.ts";
import { mutateJson } from "./grammar/json.ts";
import { mutatePickle } from "./grammar/pickle.ts";
import { mutateProtobuf } from "./grammar/protobuf.ts";
import { mutateSafetensors } from "./grammar/safetensors.ts";
import { mutateTar } from "./grammar/tar.ts";
import { insideGzip, insideZip, mutateZipRecord } from "./grammar/zip.ts";
import type { Mutator } from "./mutator.ts";
import type { DroppedBytes, Sample } from "./samples.ts";

type Files = Sample["files"];

const plain = (path: string, bytes: Uint8Array, ...grammar: Mutator[]): Sample => ({
  files: [{ path, bytes }],
  grammar,
});
const dropped = (files: readonly NamedBytes[]): Files =>
  files.map(({ name, bytes }) => ({ path: name, bytes })) as unknown as Files;
const first = (files: readonly NamedBytes[]): Uint8Array => files[0]?.bytes ?? new Uint8Array();
const text = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));

/** A model of plain TensorFlow.js, taken apart. */
async function kerasModel(name: string): Promise<Saved> {
  await tf.setBackend("cpu");
  const make = MODELS[name];
  if (make === undefined) throw new Error(`no model ${name}`);
  return save(shakeModel(make()));
}

async function safetensors(): Promise<Sample[]> {
  const ours = await Promise.all([
    ...[tiny(), awkward()].map((network) => exportNetwork(network, "safetensors")),
    exportNetwork(awkward(), "torch-safetensors"),
  ]);
  return ours.map(({ files }) => plain("net.safetensors", first(files), mutateSafetensors));
}

async function tfjs(): Promise<Sample[]> {
  const own = dropped((await exportNetwork(awkward(), "tfjs")).files);
  const small = dropped((await exportNetwork(tiny(), "tfjs")).files.toReversed());
  const { json, shard } = tfjsFiles(await kerasModel("functional with add and concat"));
  const foreign: Files = [
    { path: "model.json", bytes: text(json) },
    { path: "weights.bin", bytes: shard },
  ];
  return [
    { files: own, grammar: [mutateJson] },
    // A damaged shard beside a sound model.json.
    { files: small, grammar: [] },
    { files: foreign, grammar: [mutateJson] },
  ];
}

async function zip(): Promise<Sample[]> {
  const { files } = await exportNetwork(tiny(), "tfjs");
  const deflated = zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])));
  const grammar = [mutateZipRecord, insideZip(/\.json$/, mutateJson)];
  return [zipFiles(files), deflated].map((bytes) => plain("net.zip", bytes, ...grammar));
}

/** A bundle, its manifest damaged: unpacked, and inside its archive. */
async function bundle(): Promise<Sample[]> {
  const { files } = await exportNetwork(tiny(), "tfjs");
  const { bytes } = writeBundle({
    network: tiny(),
    exports: [{ format: "tfjs", files }],
    documents: { recipe: {}, plan: {}, report: {}, summary: [] },
    checks: [],
  });
  const unpacked = Object.entries(unzipSync(bytes)).map(([name, own]) => ({ name, bytes: own }));
  const manifestFirst = unpacked.toSorted(
    (a, b) => Number(b.name.endsWith(MANIFEST)) - Number(a.name.endsWith(MANIFEST)),
  );
  return [
    { files: dropped(manifestFirst), grammar: [mutateJson] },
    plain("net.bundle.zip", bytes, insideZip(/bundle\.json$/, mutateJson), mutateZipRecord),
  ];
}

/** All runs of a visit: the document and the networks beside it. */
async function project(): Promise<Sample[]> {
  const { bytes } = await writeProject(sampleProject(), "a.espalier.zip");
  const grammar = [
    insideZip(/project\.json$/, mutateJson),
    insideZip(/\.safetensors$/, mutateSafetensors),
    mutateZipRecord,
  ];
  return [plain("a.espalier.zip", bytes, ...grammar)];
}

const cifarTar = (): Promise<Uint8Array> =>
  packTar(
    ["a/batches.meta.txt", "a/data_batch_1.bin", "a/test_batch.bin"].map((name, i) => ({
      header: { name, size: 3073, mtime: new Date(0) },
      body: cifarBytes(1, i),
    })),
  );

async function tar(): Promise<Sample[]> {
  return [plain("cifar.tar", await cifarTar(), mutateTar)];
}

async function tarGz(): Promise<Sample[]> {
  const bytes = gzipSync(await cifarTar(), { level: 1, mtime: 0 });
  return [plain("cifar.tar.gz", bytes, insideGzip(mutateTar))];
}

async function cifar(): Promise<Sample[]> {
  return [
    plain("test_batch.bin", cifarBytes(2)),
    plain("test.bin", cifar100Bytes(2)),
    {
      files: [
        { path: "data_batch_1.bin", bytes: cifarBytes(1) },
        { path: "data_batch_2.bin", bytes: cifarBytes(1, 2) },
      ],
      grammar: [],
    },
  ];
}

/** Old opcodes around a tensor. */
const PROTOCOL_0 =
  "(dp0\nS'epoch'\np1\nI160\nsS'best'\nF0.94\nsV\\u20ac\n(I01\nL12L\ntsS'net'\n" +
  `${dict({ w: tensor() })}s.`;
const NESTED = `\x80\x02${dict({ state_dict: dict({ w: tensor(), v: tensor() }) })}.`;

/** Tensors of no family of ours: read, and looked at. */
async function openCheckpoint([file]: readonly DroppedBytes[]): Promise<void> {
  const { tensors, extras } = await readTorch(file?.bytes ?? new Uint8Array(), "net.pth");
  for (const { shape, values } of tensors.values()) {
    if (values.length !== sizeOf(shape)) throw new Error("a tensor of another size");
  }
  structuredClone(extras);
}

async function torchZip(): Promise<Sample[]> {
  const grammar = [insideZip(/data\.pkl$/, mutatePickle), mutateZipRecord];
  const family = plain(
    "net.pth",
    writeTorch(nameForTorch(recognize(dictOf(SMALL_VGG)).network).tensors, "net.pth").bytes,
    ...grammar,
  );
  const others = [
    zipFile(NESTED),
    zipFile(PROTOCOL_0),
    golden("small.pth"),
    golden("small-protocol4.pth"),
  ];
  const opened = { open: openCheckpoint };
  return [family, ...others.map((bytes) => ({ ...plain("x.pth", bytes, ...grammar), ...opened }))];
}

async function torchLegacy(): Promise<Sample[]> {
  const files = [
    legacyFile(NESTED),
    golden("small-legacy.pth"),
    golden("small-legacy-protocol4.pth"),
  ];
  const opened = { open: openCheckpoint };
  return files.map((bytes) => ({ ...plain("x.pth", bytes, mutatePickle), ...opened }));
}

async function onnx(): Promise<Sample[]> {
  const own = (network: Network): Uint8Array => writeOnnx(network, "net.onnx").bytes;
  const stripped = (bytes: Uint8Array): Uint8Array =>
    encodeModel({ ...decodeModel(bytes, "net.onnx"), metadata: new Map() });
  const files = [own(tiny()), stripped(own(tiny())), stripped(own(awkward())), foreignGraph()];
  return files.map((bytes) => plain("net.onnx", bytes, mutateProtobuf));
}

async function kerasH5(): Promise<Sample[]> {
  const names = ["activation relu", "functional with add and concat"];
  const files = await Promise.all(names.map(async (name) => legacyH5(await kerasModel(name))));
  return files.map((bytes) => plain("net.h5", bytes, mutateHdf5));
}

async function kerasZipped(): Promise<Sample[]> {
  const model = await kerasModel("activation relu");
  const datasets = new Map<string, SavedTensor>(
    model.weights.map(({ tensor: own }, i) => [`layers/dense/vars/${i}`, own]),
  );
  const grammar = [
    insideZip(/config\.json$/, mutateJson),
    insideZip(/\.h5$/, mutateHdf5),
    mutateZipRecord,
  ];
  return [plain("net.keras", await kerasZip(toKeras3(model.topology), datasets), ...grammar)];
}

/** PNG's signature, then what the test's decoder reads: see `samples.ts`. */
async function pictures(): Promise<Sample[]> {
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const sides = [
    [12, 9],
    [32, 32],
    [5, 17],
  ] as const;
  const [cat, dog, other] = sides.map(([width, height]) =>
    join(signature, Uint8Array.of(width, height), new Uint8Array(4 * width * height).fill(77)),
  ) as [Uint8Array, Uint8Array, Uint8Array];
  return [
    {
      files: [
        { path: "pets/train/cat/1.png", bytes: cat },
        { path: "pets/train/dog/2.png", bytes: dog },
        { path: "pets/test/dog/3.png", bytes: other },
      ],
      grammar: [],
    },
  ];
}

/** Name → samples. */
export const READERS = {
  safetensors,
  tfjs,
  zip,
  bundle,
  project,
  tar,
  "tar.gz": tarGz,
  cifar,
  "torch-zip": torchZip,
  "torch-legacy": torchLegacy,
  onnx,
  h5: kerasH5,
  keras: kerasZipped,
  pictures,
} satisfies Readonly<Record<string, () => Promise<Sample[]>>>;

export type ReaderName = keyof typeof READERS;

export const READER_NAMES = Object.keys(READERS) as ReaderName[];

const made = new Map<ReaderName, Promise<Sample[]>>();

/** The samples of a reader. */
export function samplesOf(reader: ReaderName): Promise<readonly Sample[]> {
  const known = made.get(reader) ?? READERS[reader]();
  made.set(reader, known);
  return known;
}
