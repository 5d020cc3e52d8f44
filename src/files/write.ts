/**
 * @file Network → files. Whatever is written is read back and compared, bit for bit, before it is
 * handed out.
 */
import { invariant, sameBits } from "../core/index.ts";
import { type Network, validateNetwork } from "../model/index.ts";
import { readZip } from "./containers/zip-read.ts";
import type { NamedBytes } from "./containers/zip-write.ts";
import { networkFromTorch } from "./families/from-torch.ts";
import { nameForTorch } from "./families/name-for-torch.ts";
import { pythonFor } from "./families/python-for.ts";
import { readTorchSafetensors, writeTorchSafetensors } from "./families/torch-safetensors.ts";
import { checkMetadata, sameNetwork } from "./graph.ts";
import { parseJson } from "./json.ts";
import { fileName, moduleName } from "./names.ts";
import { readOnnx } from "./onnx/read.ts";
import { writeOnnx } from "./onnx/write.ts";
import { readSafetensors } from "./safetensors/read.ts";
import { writeSafetensors } from "./safetensors/write.ts";
import { readModelJson, readTfjs } from "./tfjs/read.ts";
import { writeTfjs } from "./tfjs/write.ts";
import { readTorchZip } from "./torch/read-zip.ts";
import { writeTorch } from "./torch/write.ts";

/** The ways to write one network; two of them are PyTorch's names, as a checkpoint and as safetensors. */
export type NetworkFormat = "tfjs" | "safetensors" | "onnx" | "torch" | "torch-safetensors";

/** A network as files, with remarks on what the format could not say directly. */
export interface Exported {
  readonly format: NetworkFormat;
  /** The network's own file first. */
  readonly files: readonly NamedBytes[];
  readonly notes: readonly string[];
  /** What the files read back as: the same graph, and the same bits. */
  readonly readBack: Network;
}

/** What the files are called. */
export interface ExportNames {
  /** Without an ending; the network's own by default. */
  readonly name?: string | undefined;
  /** In front of a layers model's shards, so that two models can share a folder; nothing by default. */
  readonly shards?: string | undefined;
}

/**
 * Writes a network and verifies what was written.
 * @throws files/not-finite, files/bad-field, model/* for a network that is not sound,
 *   files/unsupported for a graph that the format cannot say
 */
export async function exportNetwork(
  network: Network,
  format: NetworkFormat,
  names: ExportNames = {},
): Promise<Exported> {
  validateNetwork(network);
  checkMetadata(network, network.metadata, network.name);
  const written = { format, ...write(network, format, names) };
  return { ...written, readBack: await verifyExport(network, written) };
}

function write(
  network: Network,
  format: NetworkFormat,
  { name = network.name, shards }: ExportNames,
): Pick<Exported, "files" | "notes"> {
  switch (format) {
    case "tfjs":
      return writeTfjs(network, shards);
    case "safetensors":
      return { files: [writeSafetensors(network, `${fileName(name)}.safetensors`)], notes: [] };
    case "onnx":
      return { files: [writeOnnx(network, `${fileName(name)}.onnx`)], notes: [] };
    case "torch":
    case "torch-safetensors": {
      // Python imports the module by its file's name.
      const module = moduleName(name);
      const { tensors, notes } = nameForTorch(network);
      const weights =
        format === "torch"
          ? writeTorch(tensors, `${module}.pth`)
          : writeTorchSafetensors(network, tensors, `${module}.safetensors`);
      const code = new TextEncoder().encode(pythonFor(network));
      return { files: [weights, { name: `${module}.py`, bytes: code }], notes };
    }
    default:
      return format satisfies never;
  }
}

/**
 * Reads files back and compares graph, metadata and every bit of the weights; of a PyTorch checkpoint,
 * which has no graph, names and every bit of the tensors.
 * @returns the network as it was read
 * @throws Error (internal) when they differ, which would be a bug of the writer
 */
export async function verifyExport(
  network: Network,
  { format, files }: Pick<Exported, "format" | "files">,
): Promise<Network> {
  const [first, ...others] = files;
  invariant(first !== undefined, "an export without files");
  const back =
    format === "torch" ? await readBackTorch(network, first) : readBack(format, first, others);
  const isSame = back !== undefined && sameNetwork(network, back);
  invariant(isSame, `${first.name} does not read back as it was written`);
  return back;
}

function readBack(
  format: Exclude<NetworkFormat, "torch">,
  { name, bytes }: NamedBytes,
  others: readonly NamedBytes[],
): Network {
  switch (format) {
    case "safetensors":
      return readSafetensors(bytes, name).network;
    case "torch-safetensors":
      return readTorchSafetensors(bytes, name).network;
    case "onnx":
      return readOnnx(bytes, name).network;
    case "tfjs":
      return readTfjs(
        readModelJson(parseJson(bytes, name), name),
        others.map((shard) => shard.bytes),
      );
    default:
      return format satisfies never;
  }
}

/** Nothing when a tensor has another name, shape or bit. */
async function readBackTorch(
  network: Network,
  { name, bytes }: NamedBytes,
): Promise<Network | undefined> {
  const { tensors } = nameForTorch(network);
  const back = (await readTorchZip(readZip(bytes, name), name)).tensors;
  const isEach = [...tensors].every(([key, { shape, values }]) => {
    const found = back.get(key);
    return found?.shape.join() === shape.join() && sameBits(found.values, values);
  });
  if (!isEach || back.size !== tensors.size) return undefined;
  return networkFromTorch({ graph: network, metadata: network.metadata }, back, name);
}
