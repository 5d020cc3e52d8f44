/**
 * @file MODEL on the command line: a path to anything that `files/` opens, or an architecture's name.
 * What lies on the disk goes before a name.
 */
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize, sep } from "node:path";
import { AppError } from "../core/index.ts";
import { cifar10Metadata } from "../data/index.ts";
import {
  type DroppedFile,
  type InputSize,
  MOST_PIXELS_A_SIDE,
  openFiles,
  type Opened,
  type OpenOptions,
  partsNamedIn,
  type ReadFormat,
} from "../files/index.ts";
import { buildArchitecture, parseArchitecture, type Network } from "../model/index.ts";
import { soundProject, type SoundProject } from "../storage/index.ts";
import type { Args } from "./args.ts";
import { say, type Io } from "./io.ts";
import { badArgument, systemCode, systemReason } from "./refusal.ts";

export interface OpenedModel {
  readonly network: Network;
  readonly format: ReadFormat | "zip" | "zoo";
  /** The file that was opened, links followed; nothing for fresh weights. */
  readonly file: string | undefined;
}

export interface OpenModelOptions {
  /** Of fresh weights; `--seed`, or 1, when it is left out. */
  readonly seed?: number;
  /** Which argument names it; the first. */
  readonly position?: number;
  /** What stands in place of an argument. */
  readonly text?: string;
  /** Whether `--size` and `--reading` are about this one; they are. */
  readonly flags?: boolean;
}

/**
 * Opens the network, or makes it when the text names an architecture.
 * @throws files/*, model/*, cli/bad-argument
 */
export async function openModel(
  args: Args,
  io: Io,
  { seed, position = 0, text = args.at(position), flags = true }: OpenModelOptions = {},
): Promise<OpenedModel> {
  const path = await locate(text);
  const size = flags ? sizeOf(args) : undefined;
  const reading = flags ? args.text("reading") : undefined;
  const id = flags ? args.whole("run", 1) : undefined;
  if (path === undefined) {
    const said = { size, reading, run: id };
    const flag = Object.entries(said).find(([, value]) => value !== undefined)?.[0];
    if (flag !== undefined) throw badArgument(`--${flag}`, { expected: "a file", found: text });
    return fresh(text, seed ?? args.whole("seed", 0) ?? 1);
  }
  const opened = await openPath(path, { inputSize: size, reading });
  const [first, ...rest] = opened;
  if (first?.kind === "project") {
    const network = runOf(soundProject(first), id);
    return { network, format: "zip", file: await realpath(path) };
  }
  if (id !== undefined) throw badArgument("--run", { expected: "a project", found: path });
  if (first?.kind !== "network") {
    throw new AppError("files/wrong-kind", {
      where: path,
      expected: "a network",
      found: "a set of images",
      hint: "name a model.json, a .safetensors file, a zip of one or an architecture",
    });
  }
  if (rest.length > 0) {
    throw badArgument(path, { expected: "one network", found: `${opened.length} of them` });
  }
  for (const note of first.notes) say(io, note);
  const others = first.readings?.filter(({ key }) => key !== first.reading) ?? [];
  for (const { key, title } of others) say(io, `--reading ${key} reads it as a ${title}`);
  const format = /\.zip$/i.test(path) ? "zip" : first.format;
  return { network: first.network, format, file: await realpath(path) };
}

/**
 * The network of a run, by default of the one that was on the page.
 * @throws cli/bad-argument
 */
function runOf({ document, networks }: SoundProject, id = document.shown): Network {
  const at = document.runs.findIndex((run) => run.id === id);
  const network = networks[at];
  if (network !== undefined) return network;
  const all = document.runs.map((run) => `${run.id} (${run.label})`).join(", ");
  throw badArgument("--run", { expected: `one of ${all}`, found: String(id) });
}

/** @throws cli/bad-argument */
function sizeOf(args: Args): InputSize | undefined {
  const text = args.text("size");
  if (text === undefined) return undefined;
  const [, height = "", width = height] =
    /^(\d{1,5})(?:\s*[x×]\s*(\d{1,5}))?$/i.exec(text.trim()) ?? [];
  const size = { height: Number(height), width: Number(width) };
  const isSound = [size.height, size.width].every((n) => n >= 1 && n <= MOST_PIXELS_A_SIDE);
  if (isSound) return size;
  throw badArgument("--size", {
    expected: `height and width from 1 to ${MOST_PIXELS_A_SIDE}, such as 32x32`,
    found: text,
  });
}

/** Opens what lies there, with what an ONNX model keeps in files beside itself. */
async function openPath(path: string, options: OpenOptions): Promise<readonly Opened[]> {
  const files = await filesOf(path);
  for (;;) {
    try {
      return await openFiles(files, options);
    } catch (error) {
      const beside = missingData(error, path);
      const isNew = beside !== undefined && files.every(({ file }) => file.name !== beside);
      if (!isNew || !(await isFile(beside))) throw atCommandLine(error);
      files.push({ file: toFile(beside, await readPart(beside)), path: basename(beside) });
    }
  }
}

/** Where the data lies that the model misses; its reader has made sure that it names no other folder. */
function missingData(error: unknown, path: string): string | undefined {
  if (!(error instanceof AppError) || error.code !== "files/missing-part") return undefined;
  const { where, expected } = error;
  return where.endsWith("external_data") && expected !== undefined
    ? join(dirname(path), expected)
    : undefined;
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** Weights as an architecture starts with, for CIFAR-10 where it has that many outputs. */
function fresh(text: string, seed: number): OpenedModel {
  const architecture = parseArchitecture(text);
  if (architecture === undefined) {
    throw new AppError("files/read-failed", {
      where: text,
      found: "no such file, and no architecture of that name",
      hint: "check the path, or name an architecture such as vgg16:width=0.25 or resnet-56",
    });
  }
  const metadata = cifar10Metadata(architecture.graph);
  return { network: buildArchitecture(text, seed, metadata), format: "zoo", file: undefined };
}

/** What an unpacked bundle is known by; the archives and models inside are only parts of it. */
const BUNDLE = "bundle.json";

/** The file to open, for a path to it or to its folder; nothing when there is neither. */
async function locate(text: string): Promise<string | undefined> {
  const found = await stat(text).catch((error: unknown) => {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new AppError("files/read-failed", { where: text, found: systemReason(error) });
  });
  if (found?.isDirectory() !== true) return found === undefined ? undefined : text;
  const names = await readdir(text);
  const known = ["model.json", BUNDLE].find((name) => names.includes(name));
  if (known !== undefined) return join(text, known);
  const [only, ...others] = names.filter((name) => /\.(?:safetensors|zip)$/i.test(name));
  if (only !== undefined && others.length === 0) return join(text, only);
  throw new AppError("files/missing-part", {
    where: text,
    expected: "a folder with a model.json",
    found: only === undefined ? "none" : "several networks",
    hint: "name the network's file",
  });
}

/**
 * The file itself and, for a layers model or an unpacked bundle, the parts that it names and that are
 * there, under the paths by which it names them.
 */
async function filesOf(path: string): Promise<DroppedFile[]> {
  const main = await readPart(path);
  const files = [{ file: toFile(path, main), path: basename(path) }];
  if (!/\.json$/i.test(path)) return files;
  for (const part of partsNamedIn(main)) {
    const name = normalize(part);
    // A file that names its parts elsewhere does not make this program read there.
    const inside = !isAbsolute(name) && name !== ".." && !name.startsWith(`..${sep}`);
    const beside = join(dirname(path), inside ? name : basename(name));
    if (!(await isFile(beside))) continue;
    files.push({
      file: toFile(beside, await readPart(beside)),
      path: inside ? name.replaceAll(sep, "/") : basename(name),
    });
  }
  return files;
}

/** @throws files/read-failed */
export async function readPart(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new AppError("files/read-failed", {
      where: path,
      found: systemReason(error),
      hint: "check the path",
    });
  });
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A file as `files/` wants it, under the path that the person knows. */
export function toFile(path: string, bytes: Uint8Array<ArrayBuffer>): File {
  return new File([bytes], path);
}

/** On the command line nothing is dropped. */
export function atCommandLine(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const { code, where, expected, found, hint } = error;
  const facts = {
    where,
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
  };
  if (code === "files/missing-part" && hint?.startsWith("drop model.json") === true) {
    return new AppError(code, { ...facts, hint: "put the shards beside model.json" });
  }
  if (code === "files/open-size") {
    return new AppError(code, { ...facts, hint: "say it with --size, such as --size 32x32" });
  }
  if (code === "files/wrong-kind") {
    return new AppError(code, {
      ...facts,
      hint: hint?.replace(/\bdrop\b/g, "give") ?? "give a tfjs model.json or a .safetensors file",
    });
  }
  return hint === undefined
    ? error
    : new AppError(code, { ...facts, hint: hint.replace(/\bdrop\b/g, "give") });
}
