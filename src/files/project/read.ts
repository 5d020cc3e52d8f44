/**
 * @file A project's networks, out of its archive or out of the browser's storage: each is read once, must
 * have the fingerprint that it is named by, and is given to every run of it under the run's own name and
 * metadata. What else the project says is handed on unread.
 */
import { AppError } from "../../core/index.ts";
import { digestNetwork, type Network } from "../../model/index.ts";
import { at } from "../bytes.ts";
import type { ZipEntry } from "../containers/zip-read.ts";
import { readMetadata } from "../graph.ts";
import { parseJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { readSafetensors } from "../safetensors/read.ts";
import { isProject, networkPath, PROJECT, readOutline } from "./outline.ts";

/** A project whose networks are sound; the document has yet to be read by whoever knows it. */
export interface ReadProject {
  /** All that `project.json` says. */
  readonly document: unknown;
  /** For messages: the document's place. */
  readonly where: string;
  /** One a run, in their order; runs of one fingerprint share their weights. */
  readonly networks: readonly Network[];
}

/** The bytes of a network by its fingerprint, with their place; nothing when they are not there. */
export type FindNetwork = (
  key: string,
) => Promise<{ readonly bytes: Uint8Array; readonly where: string } | undefined>;

/**
 * Reads the network of every run.
 * @param where — of the document
 * @throws project/newer, files/bad-field, files/missing-part, files/checksum, and what a network's file
 *   or its metadata is refused for
 */
export async function readProject(
  document: unknown,
  where: string,
  find: FindNetwork,
): Promise<ReadProject> {
  const { runs } = readOutline(document, where);
  const found = new Map<string, Network>();
  const networks: Network[] = [];
  for (const [i, { network: key, name, metadata }] of runs.entries()) {
    const own = found.get(key) ?? (await readOne(key, where, find));
    found.set(key, own);
    const place = at(where, "runs", String(i), "metadata");
    networks.push({ ...own, name, metadata: readMetadata(metadata, own, place) });
  }
  return { document, where, networks };
}

async function readOne(key: string, where: string, find: FindNetwork): Promise<Network> {
  const source = await find(key);
  if (source === undefined) {
    throw new AppError("files/missing-part", {
      where,
      expected: networkPath(key),
      found: "no such network",
      hint: "save the project again where it was made",
    });
  }
  const { network } = readSafetensors(source.bytes, source.where);
  const digest = await digestNetwork(network);
  if (digest === key) return network;
  throw new AppError("files/checksum", {
    where: source.where,
    expected: `a network with the fingerprint ${key.slice(0, 8)}`,
    found: digest.slice(0, 8),
    hint: "save the project again where it was made",
  });
}

/**
 * Opens an archive that is a project.
 * @returns nothing for any other archive
 * @throws what {@link readProject} throws
 */
export async function openProjectZip(
  entries: readonly ZipEntry[],
  where: string,
): Promise<ReadProject | undefined> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const own = byPath.get(PROJECT);
  if (own === undefined || own.size > LIMITS.jsonBytes) return undefined;
  const place = at(where, PROJECT);
  const document = parseJson(await own.read(), place);
  if (!isProject(document)) return undefined;
  return readProject(document, place, async (key) => {
    const path = networkPath(key);
    const entry = byPath.get(path);
    return entry && { bytes: await entry.read(), where: at(where, path) };
  });
}
