/**
 * @file A network while it is being read: nodes and weights that grow one by one, each checked when
 * it comes, so that a refusal names the node of the file that is wrong.
 */
import { AppError, invariant, known, type Shape, showShape, sizeOf } from "../../core/index.ts";
import {
  definitionOf,
  type Graph,
  type Node,
  type NodeName,
  type Op,
  type Tensor,
  type TensorName,
  tensorName,
} from "../../model/index.ts";
import { at } from "../bytes.ts";
import { Names } from "../names.ts";

/** A node about to be added. */
export interface Addition {
  readonly wanted: string;
  readonly op: Op;
  readonly inputs: readonly NodeName[];
  /** Values by slot, in our layouts. */
  readonly weights?: Readonly<Record<string, Float32Array>>;
  /** The place in the file, for a refusal. */
  readonly where: string;
}

/** What was made of an addition. */
export interface Added {
  readonly node: NodeName;
  readonly shape: Shape;
}

/** Multiplies and shifts each channel: `scale · x + shift`. */
export interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

export class NetworkDraft {
  readonly #nodes = new Map<NodeName, Node>();
  readonly #shapes = new Map<NodeName, Shape>();
  readonly #places = new Map<NodeName, string>();
  readonly #names = new Names();
  /** MACs of each node, in their order. */
  readonly #macs: number[] = [];
  readonly tensors = new Map<TensorName, Tensor>();

  /** How many nodes there are. */
  get size(): number {
    return this.#nodes.size;
  }

  /** MACs of all nodes but the first `start`. */
  macsFrom(start: number): number {
    return this.#macs.slice(start).reduce((sum, macs) => sum + macs, 0);
  }

  /** @throws model/bad-attribute, model/shape-mismatch, files/shape-mismatch naming the place */
  add({ wanted, op, inputs, weights = {}, where }: Addition): Added {
    const definition = definitionOf(op);
    const shapes = inputs.map((source) => known(this.#shapes.get(source), source));
    const [fewest, most] = definition.arity;
    if (inputs.length < fewest || inputs.length > most) {
      throw new AppError("files/bad-field", {
        where: at(where, "inputs"),
        expected: `${fewest} to ${most}`,
        found: String(inputs.length),
      });
    }
    const bad = definition.check(op);
    if (bad !== undefined) throw complaint("model/bad-attribute", bad, where);
    const shape = definition.inferShape(op, shapes);
    if ("field" in shape) throw complaint("model/shape-mismatch", shape, where);
    const node = this.#names.take(wanted);
    for (const [slot, spec] of Object.entries(definition.weights(op, shapes))) {
      const values = known(weights[slot], `${wanted}/${slot}`);
      if (values.length !== sizeOf(spec.shape)) {
        throw new AppError("files/shape-mismatch", {
          where: at(where, slot),
          expected: `${sizeOf(spec.shape)} values for ${showShape(spec.shape)}`,
          found: String(values.length),
        });
      }
      this.tensors.set(tensorName(node, slot), { shape: spec.shape, values });
    }
    this.#nodes.set(node, { name: node, op, inputs });
    this.#macs.push(definition.macs(op, shapes, shape));
    this.#shapes.set(node, shape);
    this.#places.set(node, where);
    return { node, shape };
  }

  /** The op of a node that has been added. */
  op(node: NodeName): Op {
    return known(this.#nodes.get(node), node).op;
  }

  /** True of a node whose weights can take up a factor and a shift for each of its channels. */
  folds(node: NodeName): boolean {
    return ["conv2d", "dense", "batchNorm"].includes(this.op(node).kind);
  }

  /** Multiplies and shifts what a node that {@link NetworkDraft.folds} computes, by its weights. */
  fold(node: NodeName, { scale, shift }: Affine): void {
    const { op, inputs } = known(this.#nodes.get(node), node);
    if (op.kind === "batchNorm") {
      this.#rescale(tensorName(node, "gamma"), scale);
      this.#rescale(tensorName(node, "beta"), scale, shift);
      return;
    }
    invariant(op.kind === "conv2d" || op.kind === "dense", `${node} takes up no factor`);
    const bias = tensorName(node, "bias");
    if (!op.bias) {
      this.tensors.set(bias, { shape: [scale.length], values: new Float32Array(scale.length) });
      this.#nodes.set(node, { name: node, op: { ...op, bias: true }, inputs });
    }
    this.#rescale(tensorName(node, "kernel"), scale);
    this.#rescale(bias, scale, shift);
  }

  /** Every weight that is scaled has its output channels innermost. */
  #rescale(name: TensorName, scale: Float64Array, shift?: Float64Array): void {
    const { shape, values } = known(this.tensors.get(name), name);
    const channels = scale.length;
    invariant(values.length % channels === 0, `${name} does not have ${channels} channels`);
    const changed = values.map((value, i) => {
      const channel = i % channels;
      return value * (scale[channel] as number) + (shift?.[channel] ?? 0);
    });
    this.tensors.set(name, { shape, values: changed });
  }

  /**
   * The graph as it stands.
   * @throws files/unsupported for a node that does not lead to the output, or a softmax before it
   */
  finish(name: string, output: NodeName): Graph {
    const nodes = [...this.#nodes.values()];
    const used = new Set<NodeName>([output]);
    for (const node of nodes.toReversed()) {
      const where = known(this.#places.get(node.name), node.name);
      if (!used.has(node.name)) {
        throw new AppError("files/unsupported", {
          where,
          expected: "a node that leads to the output",
          found: "a node that nothing reads",
        });
      }
      if (node.op.kind === "softmax" && node.name !== output) {
        throw new AppError("files/unsupported", {
          where,
          expected: "a softmax at the network's end",
          found: "a softmax that a node reads",
        });
      }
      for (const input of node.inputs) used.add(input);
    }
    return { name, nodes, output };
  }
}

function complaint(
  code: "model/bad-attribute" | "model/shape-mismatch",
  { field, ...rest }: { readonly field: string; readonly expected: string; readonly found: string },
  where: string,
): AppError {
  return new AppError(code, { where: at(where, field), ...rest });
}
