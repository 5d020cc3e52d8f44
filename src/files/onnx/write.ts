/**
 * @file Network → ONNX: a file that other runtimes open, with our own graph and metadata beside it in
 * `metadata_props`, so that Espalier reads back exactly what it wrote.
 */
import { known } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";
import type { NamedBytes } from "../containers/zip-write.ts";
import { ownToJson } from "../own-json.ts";
import { lower, type NamedTensor, WRITTEN_OPSET } from "./lower.ts";
import { permute } from "./permute.ts";
import { DATA_TYPES, encodeModel, type TensorProto } from "./schema.ts";

/** The first version of the file format that opset 13 goes with. */
const IR_VERSION = 7;

/** The key in `metadata_props` under which our graph stands. */
export const OWN_KEY = "espalier";

/** Writes a network that has been validated. Equal networks give equal bytes. */
export function writeOnnx(network: Network, name: string): NamedBytes {
  const { nodes, tensors, input, output } = lower(network);
  const bytes = encodeModel({
    irVersion: IR_VERSION,
    producer: "Espalier",
    graph: {
      name: network.name,
      nodes,
      initializers: tensors.map((tensor) => fill(tensor, network)),
      inputs: [input],
      outputs: [output],
      strangers: [],
    },
    opsets: new Map([["", WRITTEN_OPSET]]),
    metadata: new Map([[OWN_KEY, JSON.stringify(ownToJson(network))]]),
  });
  return { name, bytes };
}

function fill({ name, dims, source }: NamedTensor, { weights }: Network): TensorProto {
  const type = source.kind === "integers" ? "int64" : "float32";
  return {
    name,
    dims,
    dataType: DATA_TYPES.indexOf(type),
    payload: { kind: "raw", bytes: bytesOf(source, weights) },
  };
}

function bytesOf(source: NamedTensor["source"], weights: Network["weights"]): Uint8Array {
  if (source.kind === "integers") {
    return new Uint8Array(BigInt64Array.from(source.values, BigInt).buffer);
  }
  if (source.kind === "floats") return new Uint8Array(Float32Array.from(source.values).buffer);
  const { values } = known(weights.get(source.tensor), source.tensor);
  return new Uint8Array(permute(values, source.view, source.order).buffer);
}
