/**
 * @file Network → safetensors. Weights under `node/slot` in graph order, our layouts; graph and
 * metadata as JSON text in `__metadata__`, where other readers see but do not need them.
 */
import { known } from "../../core/index.ts";
import { type Network, weightSpecs } from "../../model/index.ts";
import type { NamedBytes } from "../containers/zip-write.ts";
import { GRAPH_VERSION, graphToJson } from "../graph.ts";

/** Data begins on a multiple of this, so that readers may map float64 in place. */
const ALIGNMENT = 8;

/** Writes a network that has been validated. Equal networks give equal bytes. */
export function writeSafetensors(network: Network, name: string): NamedBytes {
  const tensors = [...weightSpecs(network).keys()].map(
    (tensor) => [tensor, known(network.weights.get(tensor), tensor)] as const,
  );
  const metadata = {
    format: "espalier",
    version: String(GRAPH_VERSION),
    graph: JSON.stringify(graphToJson(network)),
    metadata: JSON.stringify(network.metadata),
  };
  let offset = 0;
  const entries = tensors.map(([tensor, { shape, values }]) => {
    const begin = offset;
    offset += values.byteLength;
    return [tensor, { dtype: "F32", shape, data_offsets: [begin, offset] }] as const;
  });
  const text = JSON.stringify(Object.fromEntries([["__metadata__", metadata], ...entries]));
  const header = new TextEncoder().encode(text);
  const start = Math.ceil((8 + header.length) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.fill(0x20, 8, start);
  bytes.set(header, 8);
  let to = start;
  for (const [, { values }] of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), to);
    to += values.byteLength;
  }
  return { name, bytes };
}
