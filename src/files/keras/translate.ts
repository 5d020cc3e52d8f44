/**
 * @file A Keras model as a Network, whichever file it came in. First the plan, from the config alone:
 * everything that cannot be said is refused here, all at once. Then the network, once the file's
 * weights can be asked for.
 *
 * Computed exactly as Keras computes it at inference: "same" becomes explicit pads, fused
 * activations become nodes, layers that act in training only are left out, and scaling in front of
 * the network goes into its metadata.
 */
import { AppError, channelsOf, printable, sameShape, showShape, sizeOf } from "../../core/index.ts";
import {
  endsOf,
  type Graph,
  type Metadata,
  type Tensor,
  type TensorName,
} from "../../model/index.ts";
import { assembleNetwork } from "../assemble.ts";
import { at } from "../bytes.ts";
import { graphToJson, readGraph, readMetadata } from "../graph.ts";
import type { Imported } from "../imported.ts";
import type { InputSize } from "../input-size.ts";
import { type KerasLayer, readKerasModel } from "./config.ts";
import { readLayer, withInputSize } from "./layers.ts";
import { IDENTITY, toNormalization } from "./normalization.ts";
import { Refusal, Refusals } from "./refusals.ts";
import { type Sketch, sketching } from "../sketch.ts";
import { sketchKeras } from "./sketch.ts";
import { isPadded, Scope, type Slot, type Value } from "./scope.ts";
import type { KerasWeights } from "./weights.ts";
import type { Build } from "./windows.ts";

/** A model whose every layer can be translated, as far as the config tells. */
export interface KerasPlan {
  readonly name: string;
  readonly where: string;
  readonly steps: readonly { readonly layer: KerasLayer; readonly build: Build }[];
  readonly output: string;
  /** What can be understood of it where building is refused. */
  readonly draw: () => Sketch;
}

/**
 * Reads a model's config.
 * @param json — `{"class_name": …, "config": …}`, parsed
 * @param size — of images, for a model that leaves it open
 * @param weights — for the sketch of a model that is refused
 * @throws files/unsupported listing every layer and setting that cannot be translated, with a sketch;
 *   files/open-size, files/bad-field, files/duplicate-name, files/over-limit, model/bad-graph
 */
export function planKeras(
  json: unknown,
  where: string,
  size?: InputSize,
  weights?: () => KerasWeights,
): KerasPlan {
  const draw = (): Sketch => sketchKeras(json, where, size, weights?.());
  return sketching(() => ({ ...planLayers(json, where, size), draw }), draw);
}

function planLayers(
  json: unknown,
  where: string,
  size: InputSize | undefined,
): Omit<KerasPlan, "draw"> {
  const refusals = new Refusals();
  const { name, layers, output } = readKerasModel(json, where, refusals);
  let open: AppError | undefined;
  const steps = layers.flatMap((given) => {
    const layer = size === undefined ? given : withInputSize(given, size);
    try {
      return [{ layer, build: readLayer(layer) }];
    } catch (error) {
      if (error instanceof Refusal) refusals.add(error.what, layer.path.join("/"));
      // Nobody should be asked for the size of a model that cannot be opened anyway.
      else if (error instanceof AppError && error.code === "files/open-size") open = error;
      else throw error;
      return [];
    }
  });
  const inputs = layers.filter(({ className }) => className === "InputLayer");
  if (inputs.length > 1) refusals.add(`${inputs.length} inputs`, name);
  refusals.throwIfAny(where);
  if (open !== undefined) throw open;
  return { name, where, steps, output };
}

/**
 * Builds the network of a plan.
 * @param weights — asked once for each weight
 * @throws what {@link assembleNetwork} and the ops throw, naming file and layer; files/unsupported
 *   for what only shapes can tell, with a sketch
 */
export function buildKeras(plan: KerasPlan, weights: KerasWeights): Imported {
  return sketching(() => build(plan, weights), plan.draw);
}

function build(plan: KerasPlan, weights: KerasWeights): Imported {
  const { name, where, steps } = plan;
  const scope = new Scope(
    steps.map(({ layer }) => layer),
    weights,
  );
  const values = new Map<string, Value>();
  for (const { layer, build: make } of steps) {
    // The plan's order puts every layer behind what it reads.
    const inputs = layer.inputs.map((key) => values.get(key) as Value);
    values.set(layer.key, make(scope, inputs));
  }
  const output = values.get(plan.output) as Value;
  const graph = finish(scope, { name, output, where });
  const { metadata, notes } = describe(scope, graph, where);
  const tensors = fill(scope.slots, weights, where);
  const stray = weights.stray();
  if (stray !== undefined) {
    throw new AppError("files/bad-field", {
      where: at(where, stray),
      expected: "a weight of the network",
      found: "a weight that no layer uses",
    });
  }
  return { network: assembleNetwork({ graph, metadata, tensors }, where), notes };
}

function finish(
  scope: Scope,
  model: { readonly name: string; readonly output: Value; readonly where: string },
): Graph {
  const { name, output, where } = model;
  const early = scope.nodes.find(
    ({ op, name: node }) => op.kind === "softmax" && node !== output.node,
  );
  if (early !== undefined || isPadded(output)) {
    throw new AppError("files/unsupported", {
      where: at(where, early?.name ?? output.node),
      expected: early === undefined ? "an output without padding" : "softmax only at the end",
      found: early === undefined ? "zero padding at the end" : "softmax further inside",
    });
  }
  return readGraph(graphToJson({ name, nodes: scope.nodes, output: output.node }), where);
}

/** Metadata and notes. */
function describe(
  { affines, idle, nodes }: Scope,
  graph: Graph,
  where: string,
): { readonly metadata: Metadata; readonly notes: readonly string[] } {
  const notes: string[] = [];
  if (idle.length > 0) {
    const [first = "", ...others] = idle;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    notes.push(`${printable(first)}${more} only act in training and were left out`);
  }
  const [affine = IDENTITY, ...different] = affines;
  if (different.length > 0) {
    throw new AppError("files/unsupported", {
      where: at(where, nodes[0]?.name ?? "input"),
      expected: "one scaling of the input for all that read it",
      found: `${affines.size} different ones`,
    });
  }
  if (affine === IDENTITY) return { metadata: {}, notes };
  const { normalization, largest } = toNormalization(affine, channelsOf(endsOf(graph).input));
  notes.push(
    "the scaling in front of the network became its normalization, for a model that takes pixels " +
      `from 0 to ${largest}`,
  );
  return { metadata: readMetadata({ normalization }, graph, where), notes };
}

/** Takes each weight; what Keras leaves out is filled last, when all sizes have been confirmed. */
function fill(
  slots: readonly Slot[],
  weights: KerasWeights,
  where: string,
): ReadonlyMap<TensorName, Tensor> {
  const tensors = new Map<TensorName, Tensor>();
  for (const { tensor, shape, source } of slots) {
    if ("fill" in source) continue;
    const found = weights.take(source);
    const place = at(where, source.layer.path.join("/"), source.names[0] ?? "");
    if (found === undefined) {
      throw new AppError("files/missing-part", {
        where: place,
        expected: `${showShape(source.shape)} float32`,
        found: "nothing",
        hint: "export the model together with its weights",
      });
    }
    if (!sameShape(found.shape, source.shape)) {
      throw new AppError("files/shape-mismatch", {
        where: place,
        expected: showShape(source.shape),
        found: showShape(found.shape),
      });
    }
    tensors.set(tensor, { shape, values: found.values });
  }
  for (const { tensor, shape, source } of slots) {
    if (!("fill" in source)) continue;
    tensors.set(tensor, { shape, values: new Float32Array(sizeOf(shape)).fill(source.fill) });
  }
  return tensors;
}
