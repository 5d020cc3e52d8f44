/**
 * @file Everything that leaves the app, on the page and on the command line alike: written, read back,
 * compared in weights and logits, and only then handed out, with a record of it for the report.
 */
import type { Watch } from "../analyze/index.ts";
import { AppError, known, sha256Of, type ErrorCode } from "../core/index.ts";
import {
  type BundleDocuments,
  type ExportNames,
  exportNetwork,
  fileName,
  INSIDE,
  type NamedBytes,
  type NetworkFormat,
  verifyBundle,
  writeBundle,
} from "../files/index.ts";
import type { Network } from "../model/index.ts";
import { foldNetwork, type FoldOptions } from "../quantize/index.ts";
import type { Backend } from "../runtime/index.ts";
import { Proof } from "./proof.ts";
import type { ExportFormat, ExportRecord, FileRecord } from "./protocol.ts";

/** What is wanted. */
export interface Order {
  readonly format: ExportFormat;
  /** Folds the network first. A bundle's ONNX file is folded where that can be. */
  readonly fold?: FoldOptions | undefined;
  /** What a bundle holds beside the network. */
  readonly documents?: BundleDocuments | undefined;
  /** What the files are called; a bundle has fixed names inside. */
  readonly names?: ExportNames;
}

/** Files with what was found when they were read back. */
export interface Delivery {
  readonly files: readonly NamedBytes[];
  /** The record, but for the files: whoever renames or packs them knows those. */
  readonly proof: Omit<ExportRecord, "files">;
}

/** Comparisons in a bundle: three networks inside, and the one that it opens as. */
const BUNDLE_STEPS = 4;

/**
 * Writes a network and proves it.
 * @throws files/* for what the format cannot say, quantize/inexact, runtime/not-repeatable and other
 *   runtime/*; the signal's reason when aborted
 */
export async function deliver(
  network: Network,
  { format, fold, documents, names = {} }: Order,
  backend: Backend,
  watch: Watch = {},
): Promise<Delivery> {
  const steps = format === "bundle" ? BUNDLE_STEPS : 1;
  const proof = new Proof(network, backend, watch, steps);
  if (format === "bundle") {
    return deliverBundle(network, { documents: known(documents, "documents"), fold }, proof);
  }
  return deliverOne(network, { format, fold, names: { name: network.name, ...names } }, proof);
}

/** The finished record. Cost O(bytes). */
export function recordOf(files: readonly NamedBytes[], proof: Delivery["proof"]): ExportRecord {
  const { format, ...rest } = proof;
  return { format, files: files.map(recordFile), ...rest };
}

function recordFile({ name, bytes }: NamedBytes): FileRecord {
  return { name, bytes: bytes.length, sha256: sha256Of(bytes) };
}

interface OneOrder {
  readonly format: NetworkFormat;
  readonly fold?: FoldOptions | undefined;
  readonly names: ExportNames;
}

async function deliverOne(
  network: Network,
  { format, fold, names }: OneOrder,
  proof: Proof,
): Promise<Delivery & { readonly format: NetworkFormat }> {
  const folded = fold === undefined ? undefined : foldNetwork(network, fold);
  const subject = folded?.network ?? network;
  const { files, notes, readBack } = await exportNetwork(subject, format, names);
  const answer = await proof.compare(readBack, subject);
  return {
    format,
    files,
    proof: {
      format,
      readBack: proof.readBack,
      folded: folded === undefined ? null : await proof.distance(folded, answer),
      notes: [...(folded?.notes ?? []), ...notes],
      contains: [],
    },
  };
}

/** What one format cannot say, another can; what folding would spoil stays as it is. */
const LEFT_OUT: ReadonlySet<ErrorCode> = new Set([
  "files/unsupported",
  "files/not-finite",
  "quantize/inexact",
]);

async function deliverBundle(
  network: Network,
  { documents, fold }: { readonly documents: BundleDocuments } & Pick<Order, "fold">,
  proof: Proof,
): Promise<Delivery> {
  const notes: string[] = [];
  const write = (format: NetworkFormat, how?: FoldOptions) =>
    deliverOne(network, { format, fold: how, names: { name: INSIDE } }, proof);
  const attempt = async (format: NetworkFormat, how?: FoldOptions) => {
    try {
      return await write(format, how);
    } catch (error) {
      if (!(error instanceof AppError) || !LEFT_OUT.has(error.code)) throw error;
      const what = how === undefined ? `no ${format} file` : `the ${format} file is not folded`;
      notes.push(`${what}, since ${error.where} has ${error.found ?? "something else"}`);
      return undefined;
    }
  };
  const parts = [
    (await attempt("tfjs")) ?? (await write("safetensors")),
    (await attempt("onnx", { ...fold, batchNorms: true })) ?? (await attempt("onnx")),
    await attempt("torch"),
  ].filter((part) => part !== undefined);
  const contains = parts.map((part) => recordOf(part.files, part.proof));
  const { bytes, name } = writeBundle({
    network,
    exports: parts,
    documents: { ...documents, report: { ...documents.report, exports: contains } },
    checks: [...contains.flatMap(sentencesOf), ...notes],
  });
  await proof.compare(await verifyBundle(network, { name, bytes }), network);
  return {
    files: [{ name: `${fileName(network.name)}.bundle.zip`, bytes }],
    proof: { format: "bundle", readBack: proof.readBack, folded: null, notes, contains },
  };
}

/** A record in words, for the bundle's own page. */
function sentencesOf({ format, files, readBack, folded, notes }: ExportRecord): string[] {
  const { weights, logits, images, backend } = readBack;
  const distance = folded?.largestDifference.toPrecision(2);
  return [
    `${files[0]?.name ?? format} was read back: weights ${weights}, outputs of ${images} images ${logits} (${backend})`,
    ...(distance === undefined
      ? []
      : [`${format}: folded, so its outputs differ from the network's, by at most ${distance}`]),
    ...notes.map((note) => `${format}: ${note}`),
  ];
}
