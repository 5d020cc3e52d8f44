/**
 * @file A graph as layers of TensorFlow.js: what `tf.loadLayersModel` can say without any class of
 * ours. Pure structure; which of our weights fills which of theirs is said by `LoweredWeight`, which
 * the writer follows forwards and the reader backwards.
 *
 * Where the two vocabularies differ: explicit padding becomes "same" only where that word means the
 * very same pads, else a ZeroPadding2D in front; depthwise convolution becomes DepthwiseConv2D;
 * other grouped convolution becomes a plain one whose kernel is zero between groups; a channel
 * selection becomes a 1 × 1 convolution with a one-hot kernel.
 */
import { AppError } from "../../core/index.ts";
import { factsOf, type Graph, type NodeName, type Window } from "../../model/index.ts";
import { at } from "../bytes.ts";
import { Names } from "../names.ts";
import { lowerNode, type LoweredWeight } from "./layers.ts";
import { isNonNegative, type Signs } from "./signs.ts";

/** One layer of the functional model. */
export interface LoweredLayer {
  readonly name: string;
  readonly className: string;
  /** As Keras writes it, without the name. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of layers. */
  readonly inputs: readonly string[];
  readonly weights: readonly LoweredWeight[];
}

/** The whole model. */
export interface LoweredModel {
  readonly name: string;
  readonly layers: readonly LoweredLayer[];
  readonly input: string;
  readonly output: string;
  /** What a person should know about the translation. */
  readonly notes: readonly string[];
}

/**
 * Translates a graph.
 * @throws files/unsupported naming the node that tfjs layers cannot say
 */
export function lower(graph: Graph): LoweredModel {
  const facts = factsOf(graph);
  refuseUnused(graph);
  const names = layerNames(graph);
  const layers: LoweredLayer[] = [];
  const notes: string[] = [];
  const signs: Signs = new Map();
  for (const node of facts.values()) {
    const name = names.layer(node.node.name);
    signs.set(node.node.name, isNonNegative(node.node, signs));
    const draft = lowerNode({
      facts: node,
      where: at(graph.name, node.node.name),
      signs,
      notes,
    });
    let inputs = node.node.inputs.map((input) => names.layer(input));
    if (draft.pad !== undefined) {
      const padding = padLayer(names.fresh(`${name}_pad`), draft.pad, inputs);
      layers.push(padding);
      inputs = [padding.name];
    }
    const weights = Object.entries(draft.weights ?? {}).map(([slot, weight]) => ({
      name: `${name}/${slot}`,
      ...weight,
    }));
    layers.push({ name, className: draft.className, config: draft.config, inputs, weights });
  }
  const [first] = graph.nodes;
  return {
    name: safeName(graph.name),
    layers,
    input: names.layer(first?.name ?? ""),
    output: names.layer(graph.output),
    notes,
  };
}

function padLayer(
  name: string,
  [top, bottom, left, right]: Window["padding"],
  inputs: readonly string[],
): LoweredLayer {
  const config = {
    padding: [
      [top, bottom],
      [left, right],
    ],
    data_format: "channels_last",
  };
  return { name, className: "ZeroPadding2D", config, inputs, weights: [] };
}

/** tfjs drops layers that lead nowhere and then misses a home for their weights. */
function refuseUnused(graph: Graph): void {
  const used = new Set<NodeName>([graph.output]);
  for (const node of graph.nodes.toReversed()) {
    if (used.has(node.name)) {
      for (const input of node.inputs) used.add(input);
      continue;
    }
    throw new AppError("files/unsupported", {
      where: at(graph.name, node.name),
      expected: "a node that leads to the output",
      found: "a node that nothing reads",
      hint: "save the network as safetensors",
    });
  }
}

/** The characters that tfjs and Keras both allow in a name. */
function safeName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]/g, "_");
  return /^[A-Za-z0-9]/.test(safe) ? safe : `n${safe}`;
}

/** One safe name per node, ours where it is safe already, and further names beside them. */
function layerNames(graph: Graph) {
  const taken = new Names();
  const fresh = (wanted: string): string => taken.take(wanted);
  const names = new Map<NodeName, string>();
  // Names that need no change come first, so that nothing else can take them.
  for (const { name } of graph.nodes) if (safeName(name) === name) names.set(name, fresh(name));
  for (const { name } of graph.nodes) {
    if (!names.has(name)) names.set(name, fresh(safeName(name)));
  }
  return { layer: (node: NodeName): string => names.get(node) ?? node, fresh };
}
