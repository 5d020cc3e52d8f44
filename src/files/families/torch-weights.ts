/**
 * @file How PyTorch calls and lays out the weights of any network: `module.weight`,
 * `module.running_mean`, conv `[out, in, h, w]`, linear `[out, in]`. Reading and writing share this
 * list, so that what one says the other understands.
 *
 * A dense layer behind a flattened map is where layouts meet: PyTorch flattens `[c, h, w]`, we
 * `[h, w, c]`. Its weight is that of a convolution over the whole map, and is turned like one.
 */
import { invariant, known, type Shape } from "../../core/index.ts";
import {
  factsOf,
  factsOfNode,
  type Graph,
  type NodeFacts,
  type NodeName,
  readersOf,
  type Tensor,
  tensorName,
  type TensorName,
} from "../../model/index.ts";
import { reverseAxes } from "../reversal.ts";
import type { TorchTensor } from "../torch/state-dict.ts";

/** Output channels, input channels, height, width. */
export type Oihw = readonly [out: number, input: number, height: number, width: number];

/** One weight as PyTorch has it. */
export interface TorchWeight {
  /** Where it stands in a `Network`. */
  readonly tensor: TensorName;
  /** PyTorch's name of it, `module.weight`. */
  readonly name: string;
  /** Its shape in PyTorch. */
  readonly shape: Shape;
  /** Its shape in a `Network`. */
  readonly ours: Shape;
  /** The order of its values; nothing for a vector, whose order is the same everywhere. */
  readonly oihw: Oihw | undefined;
}

/** What PyTorch calls the weights that we call by the key. */
const SUFFIXES: Readonly<Record<string, string>> = {
  kernel: "weight",
  bias: "bias",
  gamma: "weight",
  beta: "bias",
  mean: "running_mean",
  variance: "running_var",
};

/** What PyTorch calls a slot of ours; nothing for what is none. */
export function torchSlot(slot: string): string | undefined {
  return Object.hasOwn(SUFFIXES, slot) ? SUFFIXES[slot] : undefined;
}

/**
 * Every weight of a graph, in graph order.
 * @param moduleOf — the module that a node becomes; its own name by default
 */
export function torchWeights(
  graph: Graph,
  moduleOf: (node: NodeName) => string = (node) => node,
): TorchWeight[] {
  return [...factsOf(graph).values()].flatMap((facts) =>
    Object.entries(facts.weights).map(([slot, { shape }]) => {
      const oihw = orderOf(graph, facts, shape);
      return {
        tensor: tensorName(facts.node.name, slot),
        name: `${moduleOf(facts.node.name)}.${known(SUFFIXES[slot], slot)}`,
        shape: shape.length === 4 ? (oihw ?? shape) : shape.toReversed(),
        ours: shape,
        oihw,
      };
    }),
  );
}

function orderOf(graph: Graph, facts: NodeFacts, shape: Shape): Oihw | undefined {
  if (shape.length === 1) return undefined;
  if (shape.length === 4) {
    const [height = 0, width = 0, input = 0, out = 0] = shape;
    return [out, input, height, width];
  }
  invariant(shape.length === 2, `a weight of ${shape.length} axes`);
  const [input = 0, out = 0] = shape;
  const source = factsOfNode(graph, known(facts.node.inputs[0], "input"));
  if (!flattensChannelsFirst(graph, source)) return [out, input, 1, 1];
  const [height = 0, width = 0, channels = 0] = source.inputs[0] ?? [];
  return [out, channels, height, width];
}

/** True for a map's flatten that only dense layers read: PyTorch may then keep its own order. */
export function flattensChannelsFirst(graph: Graph, { node, inputs }: NodeFacts): boolean {
  if (node.op.kind !== "flatten" || inputs[0]?.length !== 3) return false;
  if (node.name === graph.output) return false;
  const readers = readersOf(graph).get(node.name) ?? [];
  return readers.every(({ op }) => op.kind === "dense");
}

/** Our tensor of PyTorch's, whose shape has been checked. A copy. */
export function readWeight({ ours, oihw }: TorchWeight, { values }: TorchTensor): Tensor {
  return { shape: ours, values: oihw === undefined ? values.slice() : fromOihw(values, oihw) };
}

/** A tensor that has our order already, under PyTorch's name and shape. A copy. */
export function copyWeight({ ours }: TorchWeight, { values }: TorchTensor): Tensor {
  return { shape: ours, values: values.slice() };
}

/** PyTorch's tensor of ours. A copy. */
export function writeWeight({ shape, oihw }: TorchWeight, { values }: Tensor): TorchTensor {
  const turned = oihw === undefined ? values.slice() : toOihw(values, oihw);
  return { shape, values: turned, dtype: "float32" };
}

function fromOihw(values: Float32Array, [out, input, height, width]: Oihw): Float32Array {
  return reverseAxes(values, [out, input, height * width]);
}

function toOihw(values: Float32Array, [out, input, height, width]: Oihw): Float32Array {
  return reverseAxes(values, [height * width, input, out]);
}
