/**
 * @file Network → tfjs layers model: a `model.json` that plain `tf.loadLayersModel` opens, and
 * weights in shards. Our own graph and metadata ride along in `userDefinedMetadata`, which tfjs
 * keeps, so that Espalier reads back exactly what it wrote.
 */
import type { Network } from "../../model/index.ts";
import type { NamedBytes } from "../containers/zip-write.ts";
import { ownToJson } from "../own-json.ts";
import { lower, type LoweredLayer, type LoweredModel } from "./lower.ts";
import { fillWeight } from "./weights.ts";

/** What browsers keep in their cache as one entry; the tfjs converter's own figure. */
const SHARD_BYTES = 4 * 1024 * 1024;

/** Files, model.json first, and remarks on the translation. */
export interface WrittenModel {
  readonly files: readonly NamedBytes[];
  readonly notes: readonly string[];
}

/**
 * Writes a network that has been validated. Equal networks give equal bytes.
 * @param stem — in front of the shards' names; nothing by default
 * @throws files/unsupported for what tfjs layers cannot say
 */
export function writeTfjs(network: Network, stem?: string): WrittenModel {
  const model = lower(network);
  const weights = model.layers.flatMap((layer) => layer.weights);
  const shards = cut(
    weights.map((weight) => fillWeight(weight, network)),
    stem === undefined ? "" : `${stem}-`,
  );
  const json = {
    format: "layers-model",
    generatedBy: "Espalier",
    convertedBy: null,
    modelTopology: topology(model),
    weightsManifest: [
      {
        paths: shards.map(({ name }) => name),
        weights: weights.map(({ name, shape }) => ({ name, shape, dtype: "float32" })),
      },
    ],
    userDefinedMetadata: {
      espalier: ownToJson(network),
    },
  };
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  return { files: [{ name: "model.json", bytes }, ...shards], notes: model.notes };
}

function topology({ name, layers, input, output }: LoweredModel): unknown {
  return {
    class_name: "Model",
    config: {
      name,
      layers: layers.map(layerConfig),
      input_layers: [[input, 0, 0]],
      output_layers: [[output, 0, 0]],
    },
    keras_version: "tfjs-layers 4.22.0",
    backend: "tensor_flow.js",
  };
}

function layerConfig({ name, className, config, inputs }: LoweredLayer): unknown {
  return {
    name,
    class_name: className,
    config: { name, trainable: true, ...config },
    inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])],
  };
}

/** All values one after the other, cut into shards without regard to where a weight ends. */
function cut(weights: readonly Float32Array[], lead: string): NamedBytes[] {
  const total = weights.reduce((sum, values) => sum + values.byteLength, 0);
  const whole = new Uint8Array(total);
  let offset = 0;
  for (const values of weights) {
    whole.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  const count = Math.max(1, Math.ceil(total / SHARD_BYTES));
  return Array.from({ length: count }, (_, i) => ({
    name: `${lead}group1-shard${i + 1}of${count}.bin`,
    bytes: whole.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES),
  }));
}
