/**
 * @file Network → files. Whatever is written is read back and compared, bit for bit, before it is
 * handed out.
 */
import { invariant } from "../core/index.ts";
import { type Network, validateNetwork } from "../model/index.ts";
import { readZip } from "./containers/zip-read.ts";
import type { NamedBytes } from "./containers/zip-write.ts";
import { nameForTorch } from "./families/name-for-torch.ts";
import { pythonFor } from "./families/python-for.ts";
import { checkMetadata, sameBits, sameNetwork } from "./graph.ts";
import { parseJson } from "./json.ts";
import { readOnnx } from "./onnx/read.ts";
import { writeOnnx } from "./onnx/write.ts";
import { readSafetensors } from "./safetensors/read.ts";
import { writeSafetensors } from "./safetensors/write.ts";
import { readModelJson, readTfjs } from "./tfjs/read.ts";
import { writeTfjs } from "./tfjs/write.ts";
import { readTorchZip } from "./torch/read-zip.ts";
import { writeTorch } from "./torch/write.ts";

export type ExportFormat = "tfjs" | "safetensors" | "onnx" | "torch";

/** A network as files, with remarks on what the format could not say directly. */
export interface Exported {
  readonly format: ExportFormat;
  /** The network's own file first. */
  readonly files: readonly NamedBytes[];
  readonly notes: readonly string[];
}

/**
 * Writes a network and verifies what was written.
 * @throws files/not-finite, files/bad-field, model/* for a network that is not sound,
 *   files/unsupported for a graph that the format cannot say
 */
export async function exportNetwork(network: Network, format: ExportFormat): Promise<Exported> {
  validateNetwork(network);
  checkMetadata(network, network.metadata, network.name);
  const exported = { format, ...write(network, format) };
  await verifyExport(network, exported);
  return exported;
}

function write(network: Network, format: ExportFormat): Omit<Exported, "format"> {
  const name = fileName(network.name);
  switch (format) {
    case "tfjs":
      return writeTfjs(network);
    case "safetensors":
      return { files: [writeSafetensors(network, `${name}.safetensors`)], notes: [] };
    case "onnx":
      return { files: [writeOnnx(network, `${name}.onnx`)], notes: [] };
    case "torch": {
      const { tensors, notes } = nameForTorch(network);
      const code = new TextEncoder().encode(pythonFor(network));
      return {
        files: [writeTorch(tensors, `${name}.pth`), { name: `${name}.py`, bytes: code }],
        notes,
      };
    }
    default:
      return format satisfies never;
  }
}

/**
 * Reads files back and compares graph, metadata and every bit of the weights; of a PyTorch file, which
 * has no graph, names and every bit of the weights.
 * @throws Error (internal) when they differ, which would be a bug of the writer
 */
export async function verifyExport(
  network: Network,
  { format, files }: Pick<Exported, "format" | "files">,
): Promise<void> {
  const [first, ...others] = files;
  invariant(first !== undefined, "an export without files");
  const isSame =
    format === "torch"
      ? await isSameTorch(network, first)
      : sameNetwork(network, readBack(format, first, others));
  invariant(isSame, `${first.name} does not read back as it was written`);
}

function readBack(
  format: Exclude<ExportFormat, "torch">,
  { name, bytes }: NamedBytes,
  shards: readonly NamedBytes[],
): Network {
  switch (format) {
    case "safetensors":
      return readSafetensors(bytes, name).network;
    case "onnx":
      return readOnnx(bytes, name).network;
    case "tfjs":
      return readTfjs(
        readModelJson(parseJson(bytes, name), name),
        shards.map((shard) => shard.bytes),
      );
    default:
      return format satisfies never;
  }
}

async function isSameTorch(network: Network, { name, bytes }: NamedBytes): Promise<boolean> {
  const { tensors } = nameForTorch(network);
  const back = (await readTorchZip(readZip(bytes, name), name)).tensors;
  const isEach = [...tensors].every(([key, { shape, values }]) => {
    const found = back.get(key);
    return found?.shape.join() === shape.join() && sameBits(found.values, values);
  });
  return isEach && back.size === tensors.size;
}

/** A network's name as a file's: `vgg16:width=0.25` → `vgg16-width-0.25`. */
export function fileName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return safe.slice(0, 100) || "network";
}
