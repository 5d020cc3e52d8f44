/**
 * @file The Network value: a graph of named nodes and the weights they need. Plain, immutable and
 * structured-cloneable; it knows nothing of TensorFlow.js, files or React.
 *
 * Layouts: activations NHWC, conv kernels `[kh, kw, cin/groups, cout]`, dense `[in, out]`, float32.
 * A node's weight is stored under `node/slot`, such as `conv1/kernel` or `bn1/gamma`.
 */
import type { Shape } from "../core/index.ts";
import type { Op } from "./ops/index.ts";
import type { SurgeryRecord } from "./surgery-record.ts";

/** A node's name, unique in its graph. */
export type NodeName = string;
/** `node/slot`. */
export type TensorName = string;

/** One operation, with the nodes it reads in order. */
export interface Node {
  readonly name: NodeName;
  readonly op: Op;
  readonly inputs: readonly NodeName[];
}

/** The structure alone. */
export interface Graph {
  /** A name for people, such as `vgg16:width=0.25`. */
  readonly name: string;
  /** In topological order; the first is the one `input`. */
  readonly nodes: readonly Node[];
  /** The node whose values leave the network: logits, or probabilities after a softmax. */
  readonly output: NodeName;
}

/** Numbers with a shape; `values.length` is the product of `shape`. */
export interface Tensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** Per-channel scaling of pixels in 0…1: `(x − mean) / std`. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** What a network carries beside its arithmetic. */
export interface Metadata {
  readonly classes?: readonly string[];
  readonly normalization?: Normalization;
  /** How it came to be: recipe, figures, lineage. Plain JSON. */
  readonly provenance?: Readonly<Record<string, unknown>>;
  /** Absent where nothing was ever cut or masked. */
  readonly surgery?: SurgeryRecord;
}

/** A graph with all its weights. */
export interface Network extends Graph {
  readonly weights: ReadonlyMap<TensorName, Tensor>;
  readonly metadata: Metadata;
}

/** The same network, saying how its pixels are normalized. */
export function withNormalization(network: Network, normalization: Normalization): Network {
  return { ...network, metadata: { ...network.metadata, normalization } };
}

/** The name under which a node's weight is stored. */
export function tensorName(node: NodeName, slot: string): TensorName {
  return `${node}/${slot}`;
}
