/**
 * @file Whatever a person drops together, opened: networks with their shards in any order, CIFAR-10
 * shards and archives, our own downloads. Every file is told by its bytes. Either all of it opens or
 * nothing does: a drop with one broken file is refused with that file's name.
 */
import { AppError, toPlainError } from "../core/index.ts";
import { baseName, folderOf, showCount, startsWith } from "./bytes.ts";
import { CifarReader, type CifarShard } from "./cifar/read.ts";
import { inflate } from "./containers/inflate.ts";
import { readTarShards } from "./containers/tar.ts";
import { refuseKind, refuseLonelyShard } from "./impostors.ts";
import { checkInputSize, checkSize } from "./input-size.ts";
import { parseJson } from "./json.ts";
import { LIMITS, unpackedLimit } from "./limits.ts";
import { isCompanion, isLeftAlone } from "./left-alone.ts";
import { openNetwork, type Beside } from "./open-network.ts";
import { unpackZips, withoutBundles } from "./open-zips.ts";
import type { Opened } from "./opened.ts";
import { UnrunnableNetwork } from "./sketch.ts";
import { CIFAR100_RECORD, CIFAR10_RECORD, sniff, type Sniffed } from "./sniff.ts";
import { readPictures } from "./pictures/read.ts";
import { fileSource, type Dropped, type OpenOptions, ReadProgress, type Source } from "./source.ts";
import { isTfjsModel, readModelJson, readTfjsModel, type TfjsModel } from "./tfjs/read.ts";

/** Sources with what they are. */
interface Item {
  readonly source: Source;
  readonly sniffed: Sniffed;
}

/** What the drop amounts to so far. */
interface Found {
  readonly options: OpenOptions;
  readonly progress: ReadProgress;
  readonly networks: Opened[];
  readonly models: { readonly model: TfjsModel; readonly folder: string }[];
  readonly cifar: CifarReader;
  readonly pictures: Source[];
  readonly notes: string[];
}

/**
 * Opens files that were dropped together. Networks come first, all images together last.
 * @throws any `files/*` code and `model/*` for a broken graph, naming the file; the signal's reason
 *   when aborted
 */
export async function openFiles(
  files: readonly Dropped[],
  options: OpenOptions = {},
): Promise<readonly Opened[]> {
  const dropped = files.map((one) =>
    one instanceof File ? { file: one, path: one.webkitRelativePath || one.name } : one,
  );
  if (files.length === 0) {
    throw new AppError("files/missing-part", { where: "the drop", found: "no file" });
  }
  if (files.length > LIMITS.pictures) {
    throw new AppError("files/over-limit", {
      where: "the drop",
      expected: `at most ${showCount(LIMITS.pictures)} files`,
      found: showCount(files.length),
      hint: "drop only the files of one network or dataset",
    });
  }
  if (options.inputSize !== undefined) checkSize(options.inputSize);
  const progress = new ReadProgress(
    dropped.reduce((sum, { file }) => sum + file.size, 0),
    options,
  );
  const sources = dropped.map((one) => fileSource(one, progress));
  const opened = await openSources(sources, progress, options).catch((error: unknown) =>
    sketched(error, options),
  );
  progress.finish();
  return opened;
}

/** A network that cannot be run is all that is opened of a drop. */
function sketched(error: unknown, { sketches = false }: OpenOptions): Opened[] {
  if (!sketches || !(error instanceof UnrunnableNetwork)) throw error;
  return [{ kind: "sketch", sketch: error.sketch, refusal: toPlainError(error), notes: [] }];
}

async function openSources(
  sources: readonly Source[],
  progress: ReadProgress,
  options: OpenOptions,
): Promise<Opened[]> {
  const found: Found = {
    options,
    progress,
    networks: [],
    models: [],
    cifar: new CifarReader(),
    pictures: [],
    notes: [],
  };
  // First of all: an unpacked bundle has archives of its own, PyTorch's, which are not another network.
  const loose = await withoutBundles(sources, found);
  const items = await sniffAll(await unpackZips(loose, found));
  const others: Item[] = [];
  for (const item of items) {
    const isModel = item.sniffed.kind === "json" && (await openJson(item.source, found));
    if (!isModel) others.push(item);
  }
  // The bytes of a tfjs shard can look like anything, so models take theirs first.
  await openRest(await openModels(found, others), found);
  const names = sources.map(({ path }) => baseName(path)).join(", ");
  checkSaid(found, names);
  checkAlone(found, names);
  if (found.cifar.firstName !== undefined || found.pictures.length > 0) {
    const { notes, ...images } = await openImages(found, options.decodePicture);
    return [...found.networks, { kind: "images", ...images, notes: [...notes, ...found.notes] }];
  }
  if (found.networks.length > 0) return withNotes(found);
  throw new AppError("files/wrong-kind", {
    where: names,
    found: "nothing but accompanying files",
  });
}

/**
 * What a person has said must have been heard: a file that speaks for itself is not overruled, but
 * neither is anything dropped without a word.
 * @throws files/bad-field
 */
function checkSaid({ networks, options }: Found, where: string): void {
  const { inputSize, reading } = options;
  for (const opened of networks) {
    if (opened.kind !== "network") continue;
    if (inputSize !== undefined) checkInputSize(opened.network, inputSize, where);
    if (reading === undefined || opened.readings !== undefined) continue;
    throw new AppError("files/bad-field", {
      where,
      expected: "the network that the file describes itself",
      found: `the reading ${reading}`,
      hint: "leave the reading out",
    });
  }
}

/**
 * A project takes the place of everything, so nothing comes with it.
 * @throws files/bad-field
 */
function checkAlone({ networks, cifar, pictures }: Found, where: string): void {
  const isProject = networks.some(({ kind }) => kind === "project");
  const images = cifar.firstName === undefined && pictures.length === 0 ? 0 : 1;
  if (!isProject || networks.length + images === 1) return;
  throw new AppError("files/bad-field", {
    where,
    expected: "a project alone",
    found: "a project and other things",
    hint: "drop the project by itself",
  });
}

/** One set of images: CIFAR, or pictures in folders. */
async function openImages(
  { cifar, pictures }: Found,
  decode: OpenOptions["decodePicture"],
): Promise<Omit<Extract<Opened, { kind: "images" }>, "kind">> {
  if (cifar.firstName === undefined) return readPictures(pictures, decode);
  if (pictures.length === 0) return cifar.finish();
  throw new AppError("files/bad-field", {
    where: cifar.firstName,
    expected: "one set of images",
    found: "CIFAR and pictures",
    hint: "drop one set of images at a time",
  });
}

function withNotes({ networks, notes }: Found): Opened[] {
  return networks.map((opened, i) =>
    i === 0 ? { ...opened, notes: [...opened.notes, ...notes] } : opened,
  );
}

async function sniffAll(sources: readonly Source[]): Promise<Item[]> {
  const items: Item[] = [];
  for (const source of sources) {
    items.push({ source, sniffed: sniff(await source.head(), source.size) });
  }
  return items;
}

/** @returns false for JSON that is no model: a companion, an impostor or, by chance, a shard */
async function openJson(source: Source, found: Found): Promise<boolean> {
  if (isCompanion(baseName(source.path))) return false;
  const json = parseJson(await source.read(), source.where);
  if (!isTfjsModel(json)) return false;
  const model = readModelJson(json, source.where, found.options.inputSize);
  found.models.push({ model, folder: folderOf(source.path) });
  return true;
}

/** Unpacks the shards of an archive while it is read. */
async function openTar(source: Source, kind: "tar" | "gzip", found: Found): Promise<void> {
  const { where } = source;
  const limit = Math.min(LIMITS.imageBytes, unpackedLimit(source.size));
  const tar =
    kind === "tar"
      ? source.chunks()
      : requireTar(inflate(source.chunks(), "gzip", { where, limit }), where);
  for await (const { path, bytes } of readTarShards(tar, where)) {
    found.cifar.add({ name: baseName(path), bytes });
    await found.progress.rest(bytes.length);
  }
}

const TAR_MAGIC = Array.from("ustar", (c) => c.charCodeAt(0));
const TAR_MAGIC_AT = 257;

/** Looks at the first 512 bytes, so that a gzip of something else is not called a damaged tar. */
async function* requireTar(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of chunks) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    const joined: Uint8Array = new Uint8Array(start.length + chunk.length);
    joined.set(start);
    joined.set(chunk, start.length);
    start = joined;
    if (joined.length < 512) continue;
    if (!startsWith(joined, TAR_MAGIC, TAR_MAGIC_AT)) break;
    start = undefined;
    yield joined;
  }
  if (start === undefined) return;
  throw new AppError("files/wrong-kind", {
    where,
    found: "a gzip archive without a tar inside",
    hint: "unpack it and drop what is inside",
  });
}

/**
 * Reads each model with its shards.
 * @returns what no model has claimed
 */
async function openModels(found: Found, items: readonly Item[]): Promise<readonly Item[]> {
  if (found.models.length === 0) return items;
  const byName = new Map<string, Item[]>();
  for (const item of items) {
    const name = baseName(item.source.path);
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [item]);
    else same.push(item);
  }
  const claimed = new Set<Item>();
  for (const { model, folder } of found.models) {
    const shards: Uint8Array[] = [];
    for (const path of model.paths) {
      const item = findShard(path, folder, byName.get(baseName(path)) ?? [], model.file);
      claimed.add(item);
      shards.push(await item.source.read());
    }
    found.networks.push({ kind: "network", format: "tfjs", ...readTfjsModel(model, shards) });
    await found.progress.rest(shards.reduce((sum, { length }) => sum + length, 0));
  }
  return items.filter((item) => !claimed.has(item));
}

/** Of the files that have the shard's name, the one in the model's own folder. */
function findShard(path: string, folder: string, candidates: readonly Item[], file: string): Item {
  const near = candidates.filter(({ source }) => folderOf(source.path) === folder);
  const [only, ...others] = candidates.length > 1 && near.length > 0 ? near : candidates;
  if (only === undefined) {
    throw new AppError("files/missing-part", {
      where: file,
      expected: `the shard ${baseName(path)}`,
      found: "no file of that name",
      hint: "drop model.json and all its .bin files together",
    });
  }
  if (others.length > 0) {
    throw new AppError("files/duplicate-name", {
      where: file,
      expected: `one shard ${baseName(path)}`,
      found: `${candidates.length} files of that name`,
      hint: "drop one network at a time",
    });
  }
  return only;
}

/** Files that no model.json has claimed: networks with what lies beside them, and everything else. */
async function openRest(items: readonly Item[], found: Found): Promise<void> {
  const { beside, claimed } = filesBeside(items);
  const others: Item[] = [];
  for (const item of items) {
    const network = isLeftAlone(item.source)
      ? undefined
      : await openNetwork(item.source, item.sniffed.kind, beside, found.options);
    if (network === undefined) {
      others.push(item);
      continue;
    }
    found.networks.push({ kind: "network", ...network });
    await found.progress.rest(item.source.size);
  }
  for (const item of others) if (!claimed.has(item.source)) await openOther(item, found);
}

/** What an ONNX model may keep outside of itself, read when it names it. */
function filesBeside(items: readonly Item[]): {
  readonly beside: Beside;
  readonly claimed: ReadonlySet<Source>;
} {
  const claimed = new Set<Source>();
  const byName = new Map<string, Source>();
  for (const { source, sniffed } of items) {
    if (sniffed.kind !== "onnx") byName.set(baseName(source.path), source);
  }
  const beside: Beside = async (path) => {
    const source = byName.get(baseName(path));
    if (source === undefined) return undefined;
    claimed.add(source);
    return await source.read();
  };
  return { beside, claimed };
}

/** Images, companions, or a refusal. */
async function openOther({ source, sniffed }: Item, found: Found): Promise<void> {
  const name = baseName(source.path);
  const { kind } = sniffed;
  if (isCompanion(name)) {
    found.notes.push(`${name} was left aside`);
  } else if (isLeftAlone(source)) {
    return;
  } else if (kind === "picture") {
    found.pictures.push(source);
  } else if (kind === "gzip" || kind === "tar") {
    await openTar(source, kind, found);
  } else {
    found.cifar.add(await openShard(source, sniffed));
    await found.progress.rest(source.size);
  }
}

/** A file that is CIFAR by its bytes, or that was meant to be by its size or name. */
async function openShard(source: Source, sniffed: Sniffed): Promise<CifarShard> {
  const name = baseName(source.path);
  if (sniffed.kind !== "cifar10" && sniffed.kind !== "cifar100") {
    const records = [CIFAR10_RECORD, CIFAR100_RECORD];
    const wholeRecords = records.some((record) => source.size % record === 0);
    const meant = sniffed.kind === "unknown" && (wholeRecords || /\.bin$/i.test(name));
    if (!meant) refuseKind(sniffed, source.where);
    refuseLonelyShard(name, source.where);
  }
  return { name, bytes: await source.read() };
}
