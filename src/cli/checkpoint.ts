/**
 * @file A training run on the disk: weights, momentum buffers and where the run stands, in one zip of
 * two of our safetensors files, so that one rename replaces the whole of it. What else a run consists of
 * is written beside them and must be the same again when the run goes on.
 */
import { stat } from "node:fs/promises";
import * as v from "valibot";
import { AppError, known } from "../core/index.ts";
import { exportNetwork, openFiles, zipFiles, type NamedBytes } from "../files/index.ts";
import { weightSpecs, type Network, type Tensor, type TensorName } from "../model/index.ts";
import { firstNotFinite, type TrainState } from "../train/index.ts";
import { readPart, toFile } from "./open-model.ts";
import { replaceFile, type Output } from "./output.ts";
import { badArgument, systemReason } from "./refusal.ts";
import type { Identity } from "./same-run.ts";

const FORMAT = "espalier-checkpoint/1";

const figuresSchema = v.strictObject({
  epoch: v.number(),
  step: v.number(),
  loss: v.number(),
  accuracy: v.number(),
  validation: v.nullable(v.number()),
});
const sumsSchema = v.strictObject({ images: v.number(), correct: v.number(), loss: v.number() });
const checkpointSchema = v.strictObject({
  format: v.literal(FORMAT),
  step: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  total: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  run: v.record(v.string(), v.unknown()),
  sums: sumsSchema,
  last: v.nullable(figuresSchema),
  provenance: v.nullable(v.record(v.string(), v.unknown())),
});

/** An epoch's figures as far as they depend on the run alone, not on the machine's speed. */
export type Figures = v.InferOutput<typeof figuresSchema>;
/** Over the images of the epoch so far; `loss` is each batch's mean times its images. */
export type Sums = v.InferOutput<typeof sumsSchema>;

/** Where a run stands. */
export interface Checkpoint {
  readonly state: TrainState;
  /** Steps of the whole run. */
  readonly total: number;
  readonly run: Identity;
  readonly sums: Sums;
  /** The last epoch's figures. */
  readonly last: Figures | null;
}

/** The checkpoint's place beside the output. */
export function checkpointPath({ path }: Output): string {
  return `${path}.checkpoint.zip`;
}

/**
 * Writes a checkpoint, or leaves the older one when a number in this one is not finite.
 * @throws cli/bad-argument when the disk refuses
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { state, total, run, sums, last } = checkpoint;
  const { network, velocity, step } = state;
  if (firstNotFinite({ weights: network.weights, velocity }) !== undefined) return;
  const note = {
    format: FORMAT,
    step,
    total,
    run,
    sums,
    last,
    provenance: network.metadata.provenance ?? null,
  };
  const weights = {
    ...network,
    metadata: { ...network.metadata, provenance: { checkpoint: note } },
  };
  const momentum = { ...network, metadata: {}, weights: asWeights(network, velocity) };
  const bytes = zipFiles([
    await asFile("weights.safetensors", weights),
    await asFile("momentum.safetensors", momentum),
  ]);
  await replaceFile(path, bytes).catch((error: unknown) => {
    throw badArgument(path, {
      expected: "a place for the checkpoint",
      found: systemReason(error),
      hint: "make room there and go on with --resume",
    });
  });
}

async function asFile(name: string, network: Network): Promise<NamedBytes> {
  return { name, bytes: known((await exportNetwork(network, "safetensors")).files[0], name).bytes };
}

/** Momentum in the shape of weights; what has none yet starts at zero, and so do statistics. */
function asWeights(
  network: Network,
  velocity: ReadonlyMap<TensorName, Tensor>,
): ReadonlyMap<TensorName, Tensor> {
  return new Map(
    [...network.weights].map(([name, { shape, values }]) => [
      name,
      velocity.get(name) ?? { shape, values: new Float32Array(values.length) },
    ]),
  );
}

/**
 * Reads a checkpoint.
 * @returns nothing when there is none
 * @throws files/* for a damaged file
 */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const [weights, momentum] = await openFiles([toFile(path, await readPart(path))]);
  const note =
    weights?.kind === "network" ? weights.network.metadata.provenance?.["checkpoint"] : undefined;
  const parsed = v.safeParse(checkpointSchema, note);
  if (weights?.kind !== "network" || momentum?.kind !== "network" || !parsed.success) {
    throw new AppError("files/wrong-kind", {
      where: path,
      expected: "a checkpoint",
      found: "another archive",
      hint: "remove it, or name another place with -o",
    });
  }
  const { provenance, step, total, run, sums, last } = parsed.output;
  const { provenance: _, ...metadata } = weights.network.metadata;
  const network: Network = {
    ...weights.network,
    metadata: provenance === null ? metadata : { ...metadata, provenance },
  };
  const specs = weightSpecs(network);
  const velocity = new Map(
    [...momentum.network.weights].filter(([name]) => specs.get(name)?.trainable === true),
  );
  return { state: { network, velocity, step }, total, run, sums, last };
}
