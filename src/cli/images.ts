/**
 * @file `--data`: CIFAR-10 from a folder of its official binary shards, or from the archive. Only the
 * shards that a command needs are read.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkFit, type Images } from "../analyze/index.ts";
import { AppError, channelsOf } from "../core/index.ts";
import {
  countOf,
  normalizationOf,
  readNormalization,
  titleOf,
  type Dataset,
} from "../data/index.ts";
import { openFiles } from "../files/index.ts";
import { endsOf, type Network, type Normalization } from "../model/index.ts";
import type { Args } from "./args.ts";
import { say, type Io } from "./io.ts";
import { atCommandLine, readPart, toFile } from "./open-model.ts";
import { badArgument, systemCode, systemReason } from "./refusal.ts";

export type Role = "test" | "training";

const SHARDS: Readonly<Record<Role, RegExp>> = {
  test: /test.*\.bin$/i,
  training: /(?:^data_batch|train).*\.bin$/i,
};
/** What the folder may hold instead: an archive, or the shards of the Python version. */
const OTHERWISE = /(?:\.tar\.gz|\.tgz|\.tar)$|^(?:data_batch_\d+|test_batch)$/i;

/**
 * Reads the images of one role.
 * @throws data/missing, files/*
 */
export async function openImages(args: Args, io: Io, role: Role): Promise<Dataset> {
  const folder = args.text("data") ?? join(io.projectFolder, "data", "cifar-10");
  const paths = await choose(folder, role);
  const files: File[] = [];
  for (const path of paths) files.push(toFile(path, await readPart(path)));
  const opened = await openFiles(files).catch((error: unknown) => {
    throw atCommandLine(error);
  });
  for (const part of opened) {
    if (part.kind !== "images") continue;
    for (const note of part.notes) say(io, note);
    const dataset = part[role];
    if (dataset !== undefined) return dataset;
  }
  throw missing(folder, role);
}

async function choose(folder: string, role: Role): Promise<string[]> {
  const entry = await stat(folder).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") throw missing(folder, role, "no such folder");
    throw new AppError("files/read-failed", { where: folder, found: systemReason(error) });
  });
  if (!entry.isDirectory()) return [folder];
  const names = (await readdir(folder)).toSorted();
  const shards = names.filter((name) => SHARDS[role].test(name));
  const chosen = shards.length > 0 ? shards : names.filter((name) => OTHERWISE.test(name));
  if (chosen.length === 0) throw missing(folder, role);
  return chosen.map((name) => join(folder, name));
}

function missing(folder: string, role: Role, found = `no ${role} images`): AppError {
  const shard = role === "test" ? "test_batch.bin" : "data_batch_1.bin … data_batch_5.bin";
  return new AppError("data/missing", {
    where: folder,
    expected: shard,
    found,
    hint: "run `npm run setup`, which fetches CIFAR-10, or name its folder with --data",
  });
}

/**
 * The first images of the test set in file order, as that network wants them.
 * @param usual — how many when `--limit` does not say; all by default
 * @throws data/shape-mismatch, cli/bad-argument
 */
export async function testImages(
  args: Args,
  io: Io,
  network: Network,
  usual = Infinity,
): Promise<Images> {
  const limit = args.whole("limit", 1) ?? usual;
  const normalization = normalizationFor(args, network, io);
  const dataset = await openImages(args, io, "test");
  checkFit(network, dataset);
  const indices = Uint32Array.from(
    { length: Math.min(limit, countOf(dataset)) },
    (_, index) => index,
  );
  return { dataset, indices, normalization };
}

/**
 * `--normalize`, else what the network says, else what is assumed of it, which is said on `io`.
 * @throws cli/bad-argument
 */
export function normalizationFor(args: Args, network: Network, io: Io): Normalization {
  const text = args.text("normalize");
  if (text === undefined) {
    const normalization = normalizationOf(network);
    const assumed = titleOf(normalization) ?? "own figures";
    if (network.metadata.normalization === undefined) {
      say(
        io,
        `the file does not say its normalization: ${assumed} assumed, --normalize says otherwise`,
      );
    }
    return normalization;
  }
  const channels = channelsOf(endsOf(network).input);
  const [mean = "", std = "", ...rest] = text.split("/");
  try {
    if (rest.length === 0) return readNormalization({ mean, std }, channels);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  throw badArgument("--normalize", {
    expected: `${channels} means, a slash and ${channels} deviations above 0, such as 0.5,0.5,0.5/0.25,0.25,0.25`,
    found: text,
  });
}
