/**
 * @file `-o OUT`: networks onto the disk. The format follows the name; what is written appears whole or
 * not at all: into `*.part` beside its place, then renamed. Files that are not a network's stay.
 */
import {
  access,
  constants,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { AppError } from "../core/index.ts";
import {
  type BundleDocuments,
  type ExportNames,
  fileName,
  isOurModule,
  moduleName,
  type NamedBytes,
  zipFiles,
} from "../files/index.ts";
import type { Network } from "../model/index.ts";
import type { FoldOptions } from "../quantize/index.ts";
import type { Backend } from "../runtime/index.ts";
import { deliver, recordOf } from "../worker/deliver.ts";
import type { ExportFormat, ExportRecord } from "../worker/protocol.ts";
import { say, type Io } from "./io.ts";
import type { OpenedModel } from "./open-model.ts";
import { progressLine } from "./progress.ts";
import { badArgument, systemCode, systemReason } from "./refusal.ts";

/** A place to write to. */
export interface Output {
  /** As the person named it, without a slash at its end. */
  readonly path: string;
  readonly format: ExportFormat | "zip";
  /** The folder that the files go into. */
  readonly folder: string;
  /** The name of the first file. */
  readonly main: string;
}

/** What was written, with its proof. */
export type Written = Omit<ExportRecord, "format"> & { readonly format: Output["format"] };

/** What is written beside the weights, and how. */
export interface WriteOptions {
  /** On which the logits of what was written are compared. */
  readonly backend: Backend;
  readonly fold?: FoldOptions | undefined;
  /** What a bundle holds beside the network; asked for only when one is written. */
  readonly documents: () => BundleDocuments | Promise<BundleDocuments>;
  /** Further files: a report, which may tell of what was written. */
  readonly beside?: (record: Written) => readonly NamedBytes[];
}

/** Names of network files that Espalier does not write. */
const FOREIGN = /\.(?:h5|hdf5|keras|tflite|pb|npz|gguf|mlmodel|bin|tar|gz|tgz)$/i;
/** Formats of one main file, by the end of its name; the longest that fits. */
const BY_ENDING: readonly (readonly [ending: string, format: Output["format"]])[] = [
  [".bundle.zip", "bundle"],
  [".torch.safetensors", "torch-safetensors"],
  [".safetensors", "safetensors"],
  [".zip", "zip"],
  [".json", "tfjs"],
  [".onnx", "onnx"],
  [".pth", "torch"],
  [".pt", "torch"],
];
/** For the help of commands that write. */
export const OUT_HELP =
  "a folder, or NAME.{safetensors,torch.safetensors,onnx,pth,bundle.zip,zip,json}";
const NAMES =
  "a folder, or a name ending in .safetensors, .torch.safetensors, .onnx, .pth, .bundle.zip, .zip or .json";
const OUR_SHARDS = /^group1-shard\d+of\d+\.bin$/;
const MODEL_JSON = "model.json";
/** Files by whose name a whole folder is known, an unpacked bundle's too. */
const WHOLE_FOLDER = new Set([MODEL_JSON, "bundle.json"]);

/**
 * Reads where to write, and in which format.
 * @throws cli/bad-argument
 */
export async function outputAt(text: string | undefined): Promise<Output> {
  if (text === undefined || text === "") {
    throw badArgument("-o OUT", {
      expected: `where to write: ${NAMES}`,
      found: "nothing",
    });
  }
  const path = text.replace(/(?<=.)[\\/]+$/, "");
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (isFolder || text !== path) return { path, format: "tfjs", folder: path, main: MODEL_JSON };
  const beside = { path, folder: dirname(path), main: basename(path) };
  const format = endingOf(path)?.[1];
  if (format !== undefined) return { ...beside, format };
  if (FOREIGN.test(path)) {
    throw badArgument(path, {
      expected: NAMES,
      found: extname(path).toLowerCase(),
    });
  }
  return { path, format: "tfjs", folder: path, main: MODEL_JSON };
}

const endingOf = (path: string) =>
  BY_ENDING.find(([ending]) => path.toLowerCase().endsWith(ending));

/** The name without the ending that says its format. */
function stemOf(main: string): string {
  return main.slice(0, main.length - (endingOf(main)?.[0].length ?? 0));
}

/**
 * What the writer calls the files, so that what is proved is what is written. Under another name than
 * model.json the shards get that name too: two models may share a folder.
 */
function namesOf({ format, main }: Output): ExportNames {
  if (format === "zip" || main === MODEL_JSON) return {};
  const name = stemOf(main);
  return { name, shards: fileName(name) };
}

/**
 * Refuses early what would be refused late: a place that is the model's own, that has a stranger's file
 * where one of ours would go, or that is not to be written to. Makes the folder.
 * @throws cli/bad-argument
 */
export async function prepareOutput(output: Output, model: OpenedModel): Promise<void> {
  const own = await realpath(join(output.folder, output.main)).catch(() => undefined);
  if (own !== undefined && own === model.file) {
    throw badArgument(output.path, {
      expected: "another place than the model's own",
      found: "the model itself",
      hint: "name a new folder or file with -o",
    });
  }
  await refuseOthersModule(output);
  await orRefuse(output, async () => {
    await mkdir(output.folder, { recursive: true });
    await access(output.folder, constants.W_OK);
  });
}

/** PyTorch's files bring a Python module: one that somebody else has written there stays. */
async function refuseOthersModule({ path, folder, main, format }: Output): Promise<void> {
  if (format !== "torch" && format !== "torch-safetensors") return;
  const module = `${moduleName(stemOf(main))}.py`;
  const isFree = await readFile(join(folder, module), "utf8").then(isOurModule, (error: unknown) =>
    ["ENOENT", "ENOTDIR"].includes(systemCode(error)),
  );
  if (isFree) return;
  throw badArgument(path, {
    expected: `room for ${module}, the module that loads it`,
    found: "a file of that name which Espalier has not written",
    hint: "name another place with -o, or move that file away",
  });
}

async function orRefuse<T>(output: Output, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw badArgument(output.path, {
      expected: "a place that can be written to",
      found: systemReason(error),
      hint: "name another place, or make room there",
    });
  }
}

/**
 * Writes a network, proves it and keeps a record.
 * @throws files/* for what the format cannot say, quantize/inexact, runtime/*, cli/bad-argument when the
 *   disk refuses
 */
export async function writeModel(
  network: Network,
  output: Output,
  io: Io,
  options: WriteOptions,
): Promise<Written> {
  const { backend, fold, beside } = options;
  const format = output.format === "zip" ? "tfjs" : output.format;
  const documents = format === "bundle" ? await options.documents() : undefined;
  const progress = progressLine(io, "writing and reading back");
  const order = { format, fold, documents, names: namesOf(output) };
  const { files, proof } = await deliver(network, order, backend, {
    onProgress: progress.onProgress,
  }).finally(() => progress.clear());
  for (const { notes } of [proof, ...proof.contains]) for (const note of notes) say(io, note);
  const own = placed(output, files);
  const written: Written = { ...recordOf(own, proof), format: output.format };
  const all = [...own, ...(beside?.(written) ?? [])];
  await orRefuse(output, async () => {
    await mkdir(output.folder, { recursive: true });
    await replaceFiles(output, all);
  });
  return written;
}

/** The files as they were proved; only the first is called as OUT says, which may be any name. */
function placed({ format, main }: Output, files: readonly NamedBytes[]): readonly NamedBytes[] {
  if (format === "zip") return [{ name: main, bytes: zipFiles(files) }];
  return files.map((file, i) => (i === 0 ? { ...file, name: main } : file));
}

/**
 * Everything is on the disk before the first old file goes. The model's own file goes first and comes
 * last: whoever looks in between finds no network, never half of one.
 */
async function replaceFiles({ folder, main }: Output, files: readonly NamedBytes[]): Promise<void> {
  const parts = files.map(({ name }) => join(folder, `${name}.part`));
  try {
    for (const [i, { bytes }] of files.entries()) await writeFile(parts[i] ?? "", bytes);
    if (files.length > 1) await rm(join(folder, main), { force: true });
    if (main === MODEL_JSON) await removeOldShards(folder, files);
    for (const [i, { name }] of [...files.entries()].reverse()) {
      await rename(parts[i] ?? "", join(folder, name));
    }
  } catch (error) {
    for (const part of parts) await rm(part, { force: true });
    throw error;
  }
}

/** An older network's shards would be strays in the new one's folder. */
async function removeOldShards(folder: string, files: readonly NamedBytes[]): Promise<void> {
  const now = new Set(files.map(({ name }) => name));
  for (const name of await readdir(folder)) {
    if (OUR_SHARDS.test(name) && !now.has(name)) await rm(join(folder, name));
  }
}

/** The name of a report beside the network: where it is written, and where it is looked for. */
export function reportName({ main }: Pick<Output, "main">): string {
  return WHOLE_FOLDER.has(main) ? "report.json" : `${stemOf(main)}.report.json`;
}

/** Where the files lie and how they were proved, for a person. */
export function showWritten({ folder }: Output, written: Written): string[] {
  const { files, readBack, folded, contains } = written;
  return [
    `wrote ${files.map(({ name }) => name).join(", ")} in ${resolve(folder)}`,
    `read back: weights ${readBack.weights}, logits of ${readBack.images} images ${readBack.logits} on ${readBack.backend}`,
    ...(folded === null
      ? []
      : [`folded: logits within ${folded.largestDifference.toPrecision(2)} of the network's`]),
    ...(contains.length === 0
      ? []
      : [`inside, each read back too: ${contains.map(({ format }) => format).join(", ")}`]),
    ...files.map(({ name, sha256 }) => `sha256 ${sha256}  ${name}`),
  ];
}

/**
 * Writes one file whole or not at all.
 * @throws what the system throws
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
