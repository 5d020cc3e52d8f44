/**
 * @file Network → safetensors. Weights under `node/slot` in graph order, our layouts; graph and
 * metadata as JSON text in `__metadata__`, where other readers see but do not need them.
 */
import { known } from "../../core/index.ts";
import { type Network, weightSpecs } from "../../model/index.ts";
import type { NamedBytes } from "../containers/zip-write.ts";
import { GRAPH_VERSION, graphToJson, metadataToJson } from "../graph.ts";
import { bytesOf, encodeSafetensors, type EncodedTensor } from "./encode.ts";

/** Writes a network that has been validated. Equal networks give equal bytes. */
export function writeSafetensors(network: Network, name: string): NamedBytes {
  const tensors = [...weightSpecs(network).keys()].map((tensor): EncodedTensor => {
    const { shape, values } = known(network.weights.get(tensor), tensor);
    return { name: tensor, dtype: "F32", shape, bytes: bytesOf(values) };
  });
  const metadata = {
    format: "espalier",
    version: String(GRAPH_VERSION),
    graph: JSON.stringify(graphToJson(network)),
    metadata: JSON.stringify(metadataToJson(network.metadata)),
  };
  return encodeSafetensors(name, metadata, tensors);
}
