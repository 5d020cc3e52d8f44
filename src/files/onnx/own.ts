/**
 * @file ONNX files that Espalier wrote: our exact graph stands in `metadata_props`, and the weights
 * are taken back along the same translation that wrote them, once the file's own graph has been found
 * to be that translation, node by node. A file that another tool has changed meanwhile is no longer
 * ours, and is read as any other.
 */
import { invariant, known, sameShape } from "../../core/index.ts";
import { type Graph, type Tensor } from "../../model/index.ts";
import { assembleNetwork } from "../assemble.ts";
import { at } from "../bytes.ts";
import { readGraph, readMetadata } from "../graph.ts";
import type { Imported } from "../imported.ts";
import { parseJsonText } from "../json.ts";
import { readOwnJson } from "../own-json.ts";
import type { Budget } from "./budget.ts";
import { importModel } from "./import.ts";
import { lower, type LoweredGraph, WRITTEN_OPSET } from "./lower.ts";
import type { Outside } from "./outside.ts";
import { permute, permuteShape } from "./permute.ts";
import { DATA_TYPES, type ModelProto, type NodeProto, type TensorProto } from "./schema.ts";
import { readTensor } from "./tensors.ts";
import { OWN_KEY } from "./write.ts";

/**
 * Reads a model that Espalier wrote.
 * @param text — what stands under {@link OWN_KEY}
 * @throws files/bad-json, files/bad-field, files/unsupported for a newer version, and what
 *   {@link importModel} and {@link assembleNetwork} throw
 */
export function readOwn(
  model: ModelProto,
  text: string,
  where: string,
  budget: Budget,
  outside: Outside,
): Imported {
  const place = at(where, "metadata_props", OWN_KEY);
  const own = readOwnJson(parseJsonText(text, place), place);
  const graph = readGraph(own.graph, at(place, "graph"));
  const tensors = restore(model, graph, where, outside);
  if (tensors !== undefined) {
    const metadata = readMetadata(own.metadata, graph, at(place, "metadata"));
    return { network: assembleNetwork({ graph, metadata, tensors }, where), notes: [] };
  }
  const { network, notes } = importModel(model, where, budget, outside);
  const metadata = readMetadata(own.metadata, network, at(place, "metadata"));
  const note =
    "the file was changed after Espalier wrote it, so it was read as any other ONNX file";
  return { network: { ...network, metadata }, notes: [note, ...notes] };
}

/**
 * Our weights out of a file's initializers.
 * @returns nothing when the file's graph is not the one that Espalier writes for ours
 */
function restore(
  model: ModelProto,
  graph: Graph,
  where: string,
  outside: Outside,
): Map<string, Tensor> | undefined {
  const lowered = lower(graph);
  if (!sameStructure(model, lowered)) return undefined;
  const tensors = new Map<string, Tensor>();
  for (const [i, { name, source, dims }] of lowered.tensors.entries()) {
    const proto = known(model.graph.initializers[i], name);
    const found = readTensor(proto, at(where, name), outside);
    if (source.kind !== "weight") {
      const values = found.kind === "floats" ? found.values : found.entries;
      if (values.length !== source.values.length) return undefined;
      if (!source.values.every((value, j) => value === values[j])) return undefined;
      continue;
    }
    invariant(found.kind === "floats" && sameShape(found.dims, dims), `${name} was compared`);
    const theirs = permuteShape(source.view, source.order);
    const inverse = source.order.map((_, axis) => source.order.indexOf(axis));
    const values = permute(found.values, theirs, inverse);
    const shape = graphShape(source.view, dims);
    tensors.set(source.tensor, { shape, values });
  }
  return tensors;
}

/** A view of a dense kernel splits its rows by pixel and channel; ours does not. */
function graphShape(view: readonly number[], dims: readonly number[]): readonly number[] {
  return dims.length === 2 ? [dims[1] as number, dims[0] as number] : view;
}

function sameStructure({ graph, opsets }: ModelProto, lowered: LoweredGraph): boolean {
  if (opsets.get("") !== WRITTEN_OPSET || graph.strangers.length > 0) return false;
  const theirs = graph.initializers.map(signature);
  const ours = lowered.tensors.map(({ name, dims, source }) =>
    signature({
      name,
      dims,
      dataType: DATA_TYPES.indexOf(source.kind === "integers" ? "int64" : "float32"),
    }),
  );
  return (
    JSON.stringify(theirs) === JSON.stringify(ours) &&
    JSON.stringify([graph.inputs, graph.outputs]) ===
      JSON.stringify([[lowered.input], [lowered.output]]) &&
    JSON.stringify(graph.nodes.map(plain)) === JSON.stringify(lowered.nodes.map(plain))
  );
}

const signature = ({ name, dims, dataType }: Omit<TensorProto, "payload">): unknown => [
  name,
  dims,
  dataType,
];

const plain = ({ name, domain, opType, inputs, outputs, attributes }: NodeProto): unknown => [
  name,
  domain,
  opType,
  inputs,
  outputs,
  [...attributes].toSorted(([a], [b]) => (a < b ? -1 : 1)),
];
