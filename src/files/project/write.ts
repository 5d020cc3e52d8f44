/**
 * @file A project as one archive: `project.json` first, then every network once, as the safetensors file
 * that it would be alone. Entries are stored with a fixed date, so that equal projects are equal bytes.
 * What was written is opened again and compared before anybody gets it.
 */
import { AppError, invariant, known } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";
import { showBytes } from "../bytes.ts";
import { type NamedBytes, zipFiles } from "../containers/zip-write.ts";
import { sameNetwork } from "../graph.ts";
import { LIMITS } from "../limits.ts";
import { openFiles } from "../open.ts";
import { writeSafetensors } from "../safetensors/write.ts";
import { networkPath, PROJECT, type ProjectOutline } from "./outline.ts";

/** What is written: a document whose runs name their networks, and the networks, one a run. */
export interface ProjectParts {
  readonly document: ProjectOutline;
  readonly networks: readonly Network[];
}

/** The bytes of a network as projects hold it. Equal networks give equal bytes. */
export function encodeNetwork(network: Network, key: string): Uint8Array {
  return writeSafetensors(network, key).bytes;
}

/**
 * Writes a project and reads it back.
 * @param name — of the file
 * @throws files/over-limit for what no browser would open again
 */
export async function writeProject(parts: ProjectParts, name: string): Promise<NamedBytes> {
  const { document, networks } = parts;
  const entries: NamedBytes[] = [
    { name: PROJECT, bytes: new TextEncoder().encode(`${JSON.stringify(document, null, 1)}\n`) },
  ];
  const written = new Set<string>();
  let total = 0;
  for (const [i, { network: key }] of document.runs.entries()) {
    if (written.has(key)) continue;
    written.add(key);
    const bytes = encodeNetwork(known(networks[i], key), key);
    total += bytes.length;
    if (total > LIMITS.fileBytes) {
      throw new AppError("files/over-limit", {
        where: name,
        expected: `networks of at most ${showBytes(LIMITS.fileBytes)} together`,
        found: showBytes(total),
        hint: "export the networks one by one",
      });
    }
    entries.push({ name: networkPath(key), bytes });
  }
  const file = { name, bytes: zipFiles(entries) };
  await verifyProject(parts, file);
  return file;
}

/** @throws Error (internal) when it does not read back as it was, which would be a bug of the writer */
async function verifyProject(
  { document, networks }: ProjectParts,
  { name, bytes }: NamedBytes,
): Promise<void> {
  const [first] = await openFiles([new File([bytes as Uint8Array<ArrayBuffer>], name)]);
  const isSame =
    first?.kind === "project" &&
    JSON.stringify(first.document) === JSON.stringify(document) &&
    first.networks.length === networks.length &&
    first.networks.every((network, i) => sameNetwork(network, known(networks[i], "network")));
  invariant(isSame, `${name} does not read back as it was written`);
}
