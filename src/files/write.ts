/**
 * @file Network → files. Whatever is written is read back and compared, bit for bit, before it is
 * handed out.
 */
import { invariant } from "../core/index.ts";
import { type Network, validateNetwork } from "../model/index.ts";
import type { NamedBytes } from "./containers/zip-write.ts";
import { checkMetadata, sameNetwork } from "./graph.ts";
import { parseJson } from "./json.ts";
import { readSafetensors } from "./safetensors/read.ts";
import { writeSafetensors } from "./safetensors/write.ts";
import { readModelJson, readTfjs } from "./tfjs/read.ts";
import { writeTfjs } from "./tfjs/write.ts";

export type ExportFormat = "tfjs" | "safetensors";

/** A network as files, with remarks on what the format could not say directly. */
export interface Exported {
  readonly format: ExportFormat;
  readonly files: readonly NamedBytes[];
  readonly notes: readonly string[];
}

/**
 * Writes a network and verifies what was written.
 * @throws files/not-finite, files/bad-field, model/* for a network that is not sound,
 *   files/unsupported for a graph that the format cannot say
 */
export function exportNetwork(network: Network, format: ExportFormat): Exported {
  validateNetwork(network);
  checkMetadata(network, network.metadata, network.name);
  const exported: Exported =
    format === "tfjs"
      ? { format, ...writeTfjs(network) }
      : {
          format,
          files: [writeSafetensors(network, `${fileName(network.name)}.safetensors`)],
          notes: [],
        };
  verifyExport(network, exported);
  return exported;
}

/**
 * Reads files back and compares graph, metadata and every bit of the weights.
 * @throws Error (internal) when they differ, which would be a bug of the writer
 */
export function verifyExport(network: Network, { format, files }: Exported): void {
  const [first, ...shards] = files;
  invariant(first !== undefined, "an export without files");
  const back =
    format === "safetensors"
      ? readSafetensors(first.bytes, first.name).network
      : readTfjs(
          readModelJson(parseJson(first.bytes, first.name), first.name),
          shards.map(({ bytes }) => bytes),
        );
  invariant(sameNetwork(network, back), `${first.name} does not read back as it was written`);
}

/** A network's name as a file's: `vgg16:width=0.25` → `vgg16-width-0.25`. */
export function fileName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return safe.slice(0, 100) || "network";
}
