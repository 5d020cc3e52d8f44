/**
 * @file The door for tfjs layers models. What Espalier wrote comes back exactly; what another program
 * wrote is translated layer by layer.
 */
import * as v from "valibot";
import { AppError } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";
import { at } from "../bytes.ts";
import type { InputSize } from "../input-size.ts";
import type { Imported } from "../imported.ts";
import { checkJson } from "../json.ts";
import type { KerasPlan } from "../keras/translate.ts";
import type { OwnJson } from "../own-json.ts";
import { buildTopology, planTopology } from "./foreign.ts";
import { checkManifest, type Group, manifestSchema, readWeights } from "./manifest.ts";
import { readEspalier, restoreNetwork } from "./own.ts";

const modelSchema = v.object({
  format: v.nullish(v.string()),
  modelTopology: v.optional(v.unknown()),
  userDefinedMetadata: v.nullish(v.object({ espalier: v.optional(v.unknown()) })),
  weightsManifest: v.optional(manifestSchema),
});

/** A model.json, checked as far as it goes without its shards. */
export interface TfjsModel {
  readonly file: string;
  /** Every shard it names, in order. */
  readonly paths: readonly string[];
  readonly groups: readonly Group[];
  readonly content:
    | { readonly kind: "own"; readonly espalier: OwnJson }
    | { readonly kind: "foreign"; readonly plan: KerasPlan };
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
 * @param size — of images, for a model that leaves it open
 * @throws files/bad-field, files/dtype-unsupported, files/unsupported for a graph model or for layers
 *   that Espalier does not know
 */
export function readModelJson(json: unknown, file: string, size?: InputSize): TfjsModel {
  const model = checkJson(modelSchema, json, file);
  const ours = model.userDefinedMetadata?.espalier;
  const content =
    ours === undefined
      ? {
          kind: "foreign" as const,
          plan: planTopology(model.modelTopology, model.format ?? undefined, file, size),
        }
      : { kind: "own" as const, espalier: readEspalier(ours, file) };
  if (model.weightsManifest === undefined) {
    throw new AppError("files/missing-part", { where: at(file, "weightsManifest") });
  }
  const quantized = content.kind === "own" ? "refused" : "allowed";
  const groups = checkManifest(model.weightsManifest, { file, quantized });
  return { file, paths: groups.flatMap(({ paths }) => paths), groups, content };
}

/**
 * Reads a whole model, with remarks on how it was read.
 * @param shards — one for each of `model.paths`, borrowed; the weights are copies
 * @throws files/truncated, files/trailing-bytes, files/wrong-kind for a shard, and what
 *   `assembleNetwork` throws
 */
export function readTfjsModel(model: TfjsModel, shards: readonly Uint8Array[]): Imported {
  const { file, groups, content } = model;
  if (content.kind === "foreign") {
    return buildTopology(content.plan, readWeights(groups, shards, file), groups);
  }
  // The weights are read behind the graph: a broken graph is the better thing to report.
  const network = restoreNetwork(content.espalier, () => readWeights(groups, shards, file), file);
  return { network, notes: [] };
}

/** As {@link readTfjsModel}, for whom the network is enough. */
export function readTfjs(model: TfjsModel, shards: readonly Uint8Array[]): Network {
  return readTfjsModel(model, shards).network;
}
