/**
 * @file What a translation has made so far: nodes with their shapes, and for each weight that the
 * nodes need, which weight of Keras fills it. Names of layers are kept; further nodes of a layer get
 * names beside it.
 */
import { AppError, channelsOf, type Shape } from "../../core/index.ts";
import {
  definitionOf,
  type Node,
  type NodeName,
  type Op,
  type Padding,
  tensorName,
  type TensorName,
} from "../../model/index.ts";
import { at } from "../bytes.ts";
import { Names } from "../names.ts";
import { isNonNegative, type Signs } from "../tfjs/signs.ts";
import type { KerasLayer } from "./config.ts";
import { type Affine, IDENTITY } from "./normalization.ts";
import type { KerasWeights, WantedWeight } from "./weights.ts";

/** What a layer hands on. */
export interface Value {
  readonly node: NodeName;
  /** Before `pad`. */
  readonly shape: Shape;
  /** Zeros that a ZeroPadding2D has announced and the next window must take in. */
  readonly pad: Padding;
  /** What Rescaling and Normalization make of the pixels, while nothing else has touched them. */
  readonly affine: Affine;
  /** True while this is still the input itself. */
  readonly isInput: boolean;
}

const UNPADDED: Padding = [0, 0, 0, 0];

/** A weight that the graph needs, filled from Keras or, where Keras leaves it out, with one number. */
export interface Slot {
  readonly tensor: TensorName;
  /** As our graph wants it; theirs holds the same values in the same order. */
  readonly shape: Shape;
  readonly source: WantedWeight | { readonly fill: number };
}

/** The growing translation of one model. */
export class Scope {
  readonly nodes: Node[] = [];
  readonly slots: Slot[] = [];
  readonly signs: Signs = new Map();
  /** Layers that act in training only, by name. */
  readonly idle: string[] = [];
  /** What the readers of the input make of the pixels first; they must agree. */
  readonly affines = new Set<Affine>();
  readonly #layers: ReadonlyMap<string, NodeName>;
  readonly #names: Names;

  constructor(
    layers: readonly KerasLayer[],
    readonly weights: KerasWeights,
  ) {
    this.#layers = nodeNames(layers);
    this.#names = new Names(this.#layers.values());
  }

  /** The node's name that stands for a layer: its own, unless a layer outside has it already. */
  nameOf(layer: KerasLayer): NodeName {
    return this.#layers.get(layer.key) ?? layer.key;
  }

  /** A name that nothing else has. */
  fresh(wanted: NodeName): NodeName {
    return this.#names.take(wanted);
  }

  /**
   * Adds a node.
   * @throws model/bad-attribute, model/shape-mismatch, files/unsupported for padding that the op
   *   cannot take in
   */
  emit(name: NodeName, op: Op, inputs: readonly Value[], where: string): Value {
    for (const { pad } of inputs) refusePad(pad, where);
    const definition = definitionOf(op);
    const complaint = definition.check(op);
    if (complaint !== undefined) {
      const { field, ...rest } = complaint;
      throw new AppError("model/bad-attribute", { where: at(where, field), ...rest });
    }
    const shape = definition.inferShape(
      op,
      inputs.map((input) => input.shape),
    );
    if ("field" in shape) {
      const { field, ...rest } = shape;
      throw new AppError("model/shape-mismatch", { where: at(where, field), ...rest });
    }
    const node = { name, op, inputs: inputs.map((input) => input.node) };
    for (const input of inputs) if (input.isInput) this.affines.add(input.affine);
    this.nodes.push(node);
    this.signs.set(name, isNonNegative(node, this.signs));
    return { node: name, shape, pad: UNPADDED, affine: IDENTITY, isInput: op.kind === "input" };
  }

  /** Says which weight of a layer fills a node's slot. */
  wants(node: NodeName, slot: string, shape: Shape, source: Slot["source"]): void {
    this.slots.push({ tensor: tensorName(node, slot), shape, source });
  }
}

/** The value with its padding handed over to whoever took it in. */
export function withoutPad(value: Value): Value {
  return { ...value, pad: UNPADDED };
}

/** True when zeros were announced around the value. */
export function isPadded({ pad }: Value): boolean {
  return pad.some((side) => side > 0);
}

/** @throws files/unsupported */
function refusePad(pad: Padding, where: string): void {
  if (pad.every((side) => side === 0)) return;
  throw new AppError("files/unsupported", {
    where,
    expected: "zero padding in front of a convolution, or of max pooling behind a ReLU",
    found: `padding [${pad.join(",")}] in front of this layer`,
  });
}

/** Channels of a value. */
export function channelsIn({ shape }: Value): number {
  return channelsOf(shape);
}

/** Outer layers keep their names; one inside a model gives way to them. */
function nodeNames(layers: readonly KerasLayer[]): ReadonlyMap<string, NodeName> {
  const names = new Map<string, NodeName>();
  const taken = new Set<NodeName>();
  const nested = (layer: KerasLayer): number => layer.path.length;
  for (const layer of layers.toSorted((a, b) => nested(a) - nested(b))) {
    const own = layer.path.at(-1) ?? layer.key;
    const name = taken.has(own) ? layer.key : own;
    names.set(layer.key, name);
    taken.add(name);
  }
  return names;
}
