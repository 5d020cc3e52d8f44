/**
 * @file Archives and bundles of a drop: a network that is one as a whole is opened, all others are replaced
 * by what is inside.
 */
import { takeBundles } from "./bundle/read.ts";
import { readZip, type ZipEntry } from "./containers/zip-read.ts";
import { refuseForeignZip } from "./impostors.ts";
import { isLeftAlone } from "./left-alone.ts";
import { openNetworkZip } from "./open-network.ts";
import type { Opened } from "./opened.ts";
import { openProjectZip } from "./project/read.ts";
import { sniff } from "./sniff.ts";
import {
  entrySource,
  type OpenOptions,
  type ReadProgress,
  restful,
  type Source,
} from "./source.ts";

/** Where networks go, and what was said about them. */
interface Found {
  readonly options: OpenOptions;
  readonly progress: ReadProgress;
  readonly networks: Opened[];
}

/** Replaces each zip archive by its entries, unless it is a network as a whole. */
export async function unpackZips(sources: readonly Source[], found: Found): Promise<Source[]> {
  const unpacked: Source[] = [];
  for (const source of sources) {
    const { kind } = sniff(await source.head(), source.size);
    if (kind !== "zip") {
      unpacked.push(source);
      continue;
    }
    const entries = readZip(await source.read(), source.where);
    const project = await openProjectZip(restful(entries, found.progress), source.where);
    if (project !== undefined) {
      found.networks.push({ kind: "project", ...project, notes: [] });
      continue;
    }
    if (await openWholeZip(entries, source.where, found)) continue;
    refuseForeignZip(
      entries.map(({ path }) => path),
      source.where,
    );
    const inside = entries.map((entry) => entrySource(entry, source.where, found.progress));
    for (const inner of await withoutBundles(inside, found)) {
      if (!(await openInnerZip(inner, source, found))) unpacked.push(inner);
    }
  }
  return unpacked;
}

/** Opens the bundles among files that lie together. */
export async function withoutBundles(
  sources: readonly Source[],
  found: Found,
): Promise<readonly Source[]> {
  const { networks, rest } = await takeBundles(sources);
  for (const one of networks) found.networks.push({ kind: "network", ...one, notes: [] });
  return rest;
}

/** @returns false for an archive that is no network as a whole */
async function openWholeZip(
  entries: readonly ZipEntry[],
  where: string,
  found: Found,
): Promise<boolean> {
  const network = await openNetworkZip(restful(entries, found.progress), where, found.options);
  if (network === undefined) return false;
  found.networks.push({ kind: "network", ...network });
  return true;
}

/**
 * Opens a network that is an archive itself, such as the `.pth` of a download; all other archives inside
 * archives stay closed, and so does one that is larger than what it came in.
 */
async function openInnerZip(inner: Source, outer: Source, found: Found): Promise<boolean> {
  if (inner.size > outer.size || isLeftAlone(inner)) return false;
  if (sniff(await inner.head(), inner.size).kind !== "zip") return false;
  return openWholeZip(readZip(await inner.read(), inner.where), inner.where, found);
}
