/**
 * @file What can be understood of a Keras model with layers that are not ours. Layers are built one by one, as for a
 * network; one that cannot be hands on its input's shape where its class keeps it, and nothing otherwise.
 */
import { AppError, type Shape, sizeOf } from "../../core/index.ts";
import { definitionOf, type Node } from "../../model/index.ts";
import type { InputSize } from "../input-size.ts";
import { noSuchOp, reasonOf, type Sketch, type SketchLayer } from "../sketch.ts";
import { type KerasLayer, readKerasModel } from "./config.ts";
import { readLayer, withInputSize } from "./layers.ts";
import { Refusal, Refusals } from "./refusals.ts";
import { Scope, type Value } from "./scope.ts";
import type { KerasWeights } from "./weights.ts";
import type { Build } from "./windows.ts";

/** Classes whose output has their input's shape, by Keras' definition. */
const KEEPS_SHAPE = new Set(
  "Activation GaussianNoise GroupNormalization LayerNormalization Normalization PReLU RMSNormalization Rescaling SpectralNormalization ThresholdedReLU UnitNormalization".split(
    " ",
  ),
);

/** Classes of ours with weights: where they were not built, these were not counted. */
const WEIGHTED = new Set(
  "BatchNormalization Conv2D Dense DepthwiseConv2D SeparableConv2D".split(" "),
);

/** A file whose weights are not at hand. */
const NO_WEIGHTS: KerasWeights = { take: () => undefined, stray: () => undefined };

/**
 * Draws a model.
 * @param weights — asked for batch norms' scales alone; without them there are none
 * @throws AppError where the layers cannot even be laid out
 */
export function sketchKeras(
  json: unknown,
  where: string,
  size: InputSize | undefined,
  weights: KerasWeights = NO_WEIGHTS,
): Sketch {
  const { name, layers } = readKerasModel(json, where, new Refusals());
  const scope = new Scope(layers, weights);
  const shapes = new Map<string, Shape>();
  const values = new Map<string, Value>();
  const drawn = layers.map((given): SketchLayer => {
    const layer = size === undefined ? given : withInputSize(given, size);
    const start = scope.nodes.length;
    const inputs = layer.inputs.map((key) => values.get(key));
    const { value, problem } = buildOf(layer, inputs, scope);
    const handed = value ?? (KEEPS_SHAPE.has(layer.className) ? inputs[0] : undefined);
    if (handed !== undefined) values.set(layer.key, handed);
    const cost = value === undefined ? null : costOf(scope.nodes.slice(start), shapes);
    const isUncounted = problem !== null || WEIGHTED.has(layer.className);
    const uncounted = isUncounted ? null : 0;
    return {
      name: layer.path.join("/"),
      op: layer.className,
      shape: handed?.shape ?? null,
      parameters: cost?.parameters ?? uncounted,
      macs: cost?.macs ?? uncounted,
      problem,
    };
  });
  return { name, layers: drawn, scales: scalesOf(scope, weights) };
}

interface Built {
  readonly value?: Value;
  readonly problem: string | null;
}

/** A layer as for a network. What only lacks its inputs, or weights, is no problem of its own. */
function buildOf(layer: KerasLayer, inputs: readonly (Value | undefined)[], scope: Scope): Built {
  try {
    const build: Build = readLayer(layer);
    const known = inputs.filter((input) => input !== undefined);
    if (known.length < inputs.length) return { problem: null };
    return { value: build(scope, known), problem: null };
  } catch (error) {
    if (error instanceof Refusal) return { problem: noSuchOp(error.what) };
    if (!(error instanceof AppError)) throw error;
    const isOpen = error.code === "files/open-size" || error.code === "files/missing-part";
    return { problem: isOpen ? null : reasonOf(error) };
  }
}

/** Parameters and MACs of nodes in order; `shapes` gets theirs. */
function costOf(
  nodes: readonly Node[],
  shapes: Map<string, Shape>,
): { readonly parameters: number; readonly macs: number } {
  let [parameters, macs] = [0, 0];
  for (const { name, op, inputs } of nodes) {
    const from = inputs.map((input) => shapes.get(input) ?? []);
    const definition = definitionOf(op);
    const shape = definition.inferShape(op, from);
    if ("field" in shape) continue;
    shapes.set(name, shape);
    macs += definition.macs(op, from, shape);
    for (const spec of Object.values(definition.weights(op, from))) {
      if (spec.trainable) parameters += sizeOf(spec.shape);
    }
  }
  return { parameters, macs };
}

function scalesOf({ slots }: Scope, weights: KerasWeights): Float32Array {
  const scales: number[] = [];
  for (const { tensor, source } of slots) {
    if (!tensor.endsWith("/gamma") || "fill" in source) continue;
    for (const value of weights.take(source)?.values ?? []) {
      if (Number.isFinite(value)) scales.push(Math.abs(value));
    }
  }
  return Float32Array.from(scales);
}
