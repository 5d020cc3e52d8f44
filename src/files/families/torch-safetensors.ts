/**
 * @file safetensors under PyTorch's names and in its layout, so that any module of those names takes
 * them. Our graph and metadata ride along in `__metadata__`, so that Espalier opens every network of
 * its own again, whether its names are those of a family or not.
 */
import type { Network } from "../../model/index.ts";
import { at } from "../bytes.ts";
import type { NamedBytes } from "../containers/zip-write.ts";
import { readGraph, readMetadata } from "../graph.ts";
import type { Imported } from "../imported.ts";
import { parseJsonText } from "../json.ts";
import { ownToJson, readOwnJson } from "../own-json.ts";
import { bytesOf, encodeSafetensors } from "../safetensors/encode.ts";
import { readHeader } from "../safetensors/header.ts";
import { readSafetensorsWeights } from "../safetensors/state-dict.ts";
import type { StateDict } from "../torch/state-dict.ts";
import { networkFromTorch } from "./from-torch.ts";

/** The key in `__metadata__` under which our graph stands. */
const OWN_KEY = "espalier";

/**
 * Writes a network's state dict. Equal networks give equal bytes.
 * @param tensors — what `nameForTorch` makes of the network; borrowed
 */
export function writeTorchSafetensors(
  network: Network,
  tensors: StateDict,
  name: string,
): NamedBytes {
  return encodeSafetensors(
    name,
    // By "pt" other programs know whose names these are.
    { format: "pt", [OWN_KEY]: JSON.stringify(ownToJson(network)) },
    [...tensors].map(([tensor, { shape, values, dtype }]) =>
      dtype === "int64"
        ? { name: tensor, dtype: "I64", shape, bytes: bytesOf(BigInt64Array.from(values, BigInt)) }
        : { name: tensor, dtype: "F32", shape, bytes: bytesOf(values) },
    ),
  );
}

/** True for a file that {@link writeTorchSafetensors} wrote. */
export function carriesTorchGraph(bytes: Uint8Array, file: string): boolean {
  return readHeader(bytes, file).metadata.has(OWN_KEY);
}

/**
 * Reads a file that {@link writeTorchSafetensors} wrote.
 * @param bytes — borrowed; the weights are copies
 * @throws files/* and model/* naming the file and the tensor
 */
export function readTorchSafetensors(bytes: Uint8Array, file: string): Imported {
  const place = at(file, "__metadata__", OWN_KEY);
  const text = readHeader(bytes, file).metadata.get(OWN_KEY) ?? "";
  const own = readOwnJson(parseJsonText(text, place), place);
  const graph = readGraph(own.graph, at(place, "graph"));
  const metadata = readMetadata(own.metadata, graph, at(place, "metadata"));
  const { tensors, notes } = readSafetensorsWeights(bytes, file);
  return { network: networkFromTorch({ graph, metadata }, tensors, file), notes };
}
