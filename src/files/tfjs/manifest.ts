/**
 * @file The weights of a tfjs model: the manifest that names them, and the shards that hold them one
 * after the other. Weights that the converter has quantized are widened to float32.
 */
import * as v from "valibot";
import { AppError, showShape, sizeOf } from "../../core/index.ts";
import type { Tensor } from "../../model/index.ts";
import { at, leadsElsewhere, showBytes, showCount } from "../bytes.ts";
import { checkJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { toFloat32 } from "../safetensors/dtypes.ts";
import { sniff } from "../sniff.ts";

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const quantizationSchema = v.variant("dtype", [
  v.object({ dtype: v.literal("float16") }),
  v.object({ dtype: v.literal("uint8"), scale: finite, min: finite }),
  v.object({ dtype: v.literal("uint16"), scale: finite, min: finite }),
]);
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

/** `weightsManifest` as it stands in model.json. */
export const manifestSchema = v.pipe(v.array(groupSchema), v.maxLength(LIMITS.files));

type GroupJson = v.InferOutput<typeof groupSchema>;
type Quantization = v.InferOutput<typeof quantizationSchema>;

/** One weight of a manifest. */
export interface Spec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly quantization?: Quantization;
}

/** Weights that share shards. */
export interface Group {
  readonly paths: readonly string[];
  readonly weights: readonly Spec[];
}

const BYTES = { float16: 2, uint8: 1, uint16: 2 } as const;

/**
 * Checks a manifest as far as it goes without its shards.
 * @throws files/over-limit, files/duplicate-name, files/dtype-unsupported, files/unsupported for
 *   quantized weights where they are not allowed, and for shards that lie elsewhere
 */
export function checkManifest(
  groups: readonly GroupJson[],
  { file, quantized }: { readonly file: string; readonly quantized: "allowed" | "refused" },
): readonly Group[] {
  const checked = groups.map(({ paths, weights }) => ({
    paths,
    weights: weights.map((spec) => checkSpec(spec, file, quantized === "allowed")),
  }));
  checkPaths(
    groups.flatMap((group) => group.paths),
    file,
  );
  return checked;
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
  const elsewhere = paths.find(leadsElsewhere);
  if (elsewhere === undefined) return;
  throw new AppError("files/unsupported", {
    where,
    expected: "shards beside the model",
    found: elsewhere,
    hint: "download the shards, and put their names into model.json",
  });
}

function checkSpec(spec: GroupJson["weights"][number], file: string, quantized: boolean): Spec {
  const { name, shape, dtype, quantization } = spec;
  const where = at(file, "weightsManifest", name);
  if (quantization !== undefined && !quantized) {
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
  if (!(sizeOf(shape) <= LIMITS.elements)) {
    throw new AppError("files/over-limit", {
      where,
      expected: `at most ${showCount(LIMITS.elements)} values`,
      found: showShape(shape),
    });
  }
  return quantization === undefined
    ? { name, shape }
    : {
        name,
        shape,
        quantization: checkJson(quantizationSchema, quantization, at(where, "quantization")),
      };
}

/**
 * Reads all weights; the values are copies.
 * @param shards — one for each path of the groups, in order, borrowed
 * @throws files/truncated, files/trailing-bytes, files/wrong-kind, files/duplicate-name
 */
export function readWeights(
  groups: readonly Group[],
  shards: readonly Uint8Array[],
  file: string,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  let first = 0;
  for (const [index, { paths, weights }] of groups.entries()) {
    const sizes = weights.map(
      ({ shape, quantization }) =>
        sizeOf(shape) * (quantization === undefined ? 4 : BYTES[quantization.dtype]),
    );
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
    const group = shards.slice(first, first + paths.length);
    first += paths.length;
    checkTotal(paths, group, total, file);
    const bytes = join(group, total);
    let offset = 0;
    for (const [i, { name, shape, quantization }] of weights.entries()) {
      if (tensors.has(name)) {
        throw new AppError("files/duplicate-name", {
          where: at(file, `weightsManifest[${index}]`, name),
        });
      }
      const length = sizes[i] as number;
      const values = decode(bytes.slice(offset, offset + length), quantization);
      tensors.set(name, { shape, values });
      offset += length;
    }
  }
  return tensors;
}

/** `q · scale + min`, as tfjs widens them. */
function decode(bytes: Uint8Array, quantization: Quantization | undefined): Float32Array {
  if (quantization === undefined) return new Float32Array(bytes.buffer);
  // A whole number of elements, so nothing is left over.
  if (quantization.dtype === "float16") return toFloat32(bytes, "F16") as Float32Array;
  const { scale, min } = quantization;
  const steps = quantization.dtype === "uint8" ? bytes : new Uint16Array(bytes.buffer);
  return Float32Array.from(steps, (step) => step * scale + min);
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
