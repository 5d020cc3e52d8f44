/**
 * @file tfjs layers model → Network, for models that Espalier wrote: the exact graph stands in
 * `userDefinedMetadata`, and the weights are taken back along the same translation that wrote them.
 * A topology that was edited by hand meanwhile is not looked at; its weights would no longer fit.
 */
import * as v from "valibot";
import { AppError, sameShape, showShape, sizeOf } from "../../core/index.ts";
import type { Network, Tensor } from "../../model/index.ts";
import { assembleNetwork } from "../assemble.ts";
import { at, showBytes } from "../bytes.ts";
import { checkVersion, inFile, readGraph, readMetadata } from "../graph.ts";
import { checkJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { sniff } from "../sniff.ts";
import { lower } from "./lower.ts";
import { restoreWeight } from "./weights.ts";

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const specSchema = v.object({
  name: v.pipe(v.string(), v.maxLength(LIMITS.nameLength)),
  shape: v.pipe(v.array(size), v.maxLength(LIMITS.rank)),
  dtype: v.string(),
  quantization: v.optional(v.unknown()),
});
const groupSchema = v.object({
  paths: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(LIMITS.files)),
  weights: v.pipe(v.array(specSchema), v.maxLength(LIMITS.tensors)),
});
const modelSchema = v.object({
  format: v.optional(v.string()),
  userDefinedMetadata: v.optional(v.object({ espalier: v.optional(v.unknown()) })),
  weightsManifest: v.optional(v.pipe(v.array(groupSchema), v.maxLength(LIMITS.files))),
});
const espalierSchema = v.object({
  version: v.number(),
  graph: v.unknown(),
  metadata: v.optional(v.unknown(), {}),
});

type Group = v.InferOutput<typeof groupSchema>;

/** A model.json, checked as far as it goes without its shards. */
export interface TfjsModel {
  readonly file: string;
  /** Every shard it names, in order. */
  readonly paths: readonly string[];
  readonly groups: readonly Group[];
  readonly espalier: v.InferOutput<typeof espalierSchema>;
}

/** True when the JSON means to be a tfjs model, however broken. */
export function isTfjsModel(json: unknown): boolean {
  return (
    typeof json === "object" &&
    json !== null &&
    ("modelTopology" in json || "weightsManifest" in json)
  );
}

/**
 * Reads a model.json that has been parsed.
 * @throws files/bad-field, files/unsupported for a model that Espalier did not write,
 *   files/dtype-unsupported
 */
export function readModelJson(json: unknown, file: string): TfjsModel {
  const model = checkJson(modelSchema, json, file);
  const ours = model.userDefinedMetadata?.espalier;
  if (ours === undefined) {
    throw new AppError("files/unsupported", {
      where: file,
      expected: "a model that Espalier wrote",
      found: model.format === "graph-model" ? "a TensorFlow graph model" : "another tfjs model",
      hint: "drop a model.json that Espalier wrote, with its shards",
    });
  }
  const place = at(file, "userDefinedMetadata", "espalier");
  const espalier = checkJson(espalierSchema, ours, place);
  checkVersion(espalier.version, at(place, "version"));
  if (model.weightsManifest === undefined) {
    throw new AppError("files/missing-part", { where: at(file, "weightsManifest") });
  }
  const groups = model.weightsManifest;
  for (const group of groups) for (const spec of group.weights) checkSpec(spec, file);
  const paths = groups.flatMap((group) => group.paths);
  checkPaths(paths, file);
  return { file, paths, groups, espalier };
}

/** Each shard is read once; a list that names one a million times would be read for ever. */
function checkPaths(paths: readonly string[], file: string): void {
  const where = at(file, "weightsManifest", "paths");
  if (paths.length > LIMITS.files) {
    throw new AppError("files/over-limit", {
      where,
      expected: `at most ${LIMITS.files} shards`,
      found: String(paths.length),
    });
  }
  if (new Set(paths).size !== paths.length) throw new AppError("files/duplicate-name", { where });
}

function checkSpec({ name, dtype, quantization }: Group["weights"][number], file: string): void {
  const where = at(file, "weightsManifest", name);
  if (quantization !== undefined) {
    throw new AppError("files/unsupported", {
      where,
      expected: "weights as float32",
      found: "quantized weights",
      hint: "export the model without quantization",
    });
  }
  if (dtype !== "float32") {
    throw new AppError("files/dtype-unsupported", { where, expected: "float32", found: dtype });
  }
}

/**
 * Reads a whole model.
 * @param shards — one for each of `model.paths`, borrowed; the weights are copies
 * @throws files/truncated, files/trailing-bytes, files/wrong-kind for a shard, and what
 *   {@link assembleNetwork} throws
 */
export function readTfjs(model: TfjsModel, shards: readonly Uint8Array[]): Network {
  const { file, espalier } = model;
  const place = at(file, "userDefinedMetadata", "espalier");
  const graph = readGraph(espalier.graph, at(place, "graph"));
  const metadata = readMetadata(espalier.metadata, graph, at(place, "metadata"));
  const theirs = readWeights(model, shards);
  const tensors = new Map<string, Tensor>();
  const { layers } = inFile(file, () => lower(graph));
  for (const weight of layers.flatMap((layer) => layer.weights)) {
    const where = at(file, "weightsManifest", weight.name);
    const found = theirs.get(weight.name);
    if (found === undefined) {
      throw new AppError("files/missing-part", {
        where,
        expected: `${showShape(weight.shape)} float32`,
        found: "nothing",
        hint: "export the network again",
      });
    }
    if (!sameShape(found.shape, weight.shape)) {
      throw new AppError("files/shape-mismatch", {
        where,
        expected: showShape(weight.shape),
        found: showShape(found.shape),
      });
    }
    theirs.delete(weight.name);
    const tensor = restoreWeight(weight, found.values, where);
    if (tensor !== undefined && weight.source.kind !== "one-hot") {
      tensors.set(weight.source.tensor, tensor);
    }
  }
  const [stray] = theirs.keys();
  if (stray !== undefined) {
    throw new AppError("files/bad-field", {
      where: at(file, "weightsManifest", stray),
      expected: "a weight of the network",
      found: "a weight that no layer uses",
    });
  }
  return assembleNetwork({ graph, metadata, tensors }, file);
}

function readWeights(
  { file, groups }: TfjsModel,
  shards: readonly Uint8Array[],
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  let first = 0;
  for (const [index, { paths, weights }] of groups.entries()) {
    const sizes = weights.map(({ shape }) => sizeOf(shape) * 4);
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
    const group = shards.slice(first, first + paths.length);
    first += paths.length;
    checkTotal(paths, group, total, file);
    const bytes = join(group, total);
    let offset = 0;
    for (const [i, { name, shape }] of weights.entries()) {
      if (tensors.has(name)) {
        throw new AppError("files/duplicate-name", {
          where: at(file, `weightsManifest[${index}]`, name),
        });
      }
      const length = sizes[i] as number;
      const values = new Float32Array(bytes.slice(offset, offset + length).buffer);
      tensors.set(name, { shape, values });
      offset += length;
    }
  }
  return tensors;
}

/** Compares before anything of the claimed size is allocated. */
function checkTotal(
  paths: readonly string[],
  shards: readonly Uint8Array[],
  total: number,
  file: string,
): void {
  const found = shards.reduce((sum, { length }) => sum + length, 0);
  if (found === total) return;
  // All shards but the last are of one size, so the odd one out is the one to look at.
  const full = Math.max(...shards.slice(0, -1).map(({ length }) => length), 0);
  const odd = shards.findIndex(({ length }, i) => i < shards.length - 1 && length !== full);
  const culprit = odd < 0 ? shards.length - 1 : odd;
  const where = at(file, paths[culprit] ?? "");
  const shard = shards[culprit] ?? new Uint8Array();
  const { kind, words } = sniff(shard, shard.length);
  if (kind === "empty") throw new AppError("files/empty", { where });
  if (kind === "impostor" || kind === "json") {
    throw new AppError("files/wrong-kind", {
      where,
      expected: "a shard of weights",
      found: words,
      hint: "download the shard again",
    });
  }
  throw new AppError(found < total ? "files/truncated" : "files/trailing-bytes", {
    where,
    expected: showBytes(Math.max(0, shard.length + total - found)),
    found: showBytes(shard.length),
  });
}

function join(shards: readonly Uint8Array[], total: number): Uint8Array {
  const [only] = shards;
  if (only !== undefined && shards.length === 1) return only;
  const bytes = new Uint8Array(total);
  let offset = 0;
  for (const shard of shards) {
    bytes.set(shard, offset);
    offset += shard.length;
  }
  return bytes;
}
