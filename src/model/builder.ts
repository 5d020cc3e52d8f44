/** @file A small writer of graphs: adds nodes in order and remembers shapes, so zoo code reads as a recipe. */
import { channelsOf, known, type Shape } from "../core/index.ts";
import type { Graph, Node, NodeName } from "./network.ts";
import { isComplaint } from "./op.ts";
import { definitionOf, type Op } from "./ops/index.ts";
import type { Pair, Padding } from "./ops/window.ts";

/** Square convolution settings; everything but `filters` has the usual default. */
export interface ConvOptions {
  readonly filters: number;
  /** Side of the window; 3. */
  readonly size?: number;
  readonly stride?: number;
  /** On all sides; by default what keeps the size at stride 1. */
  readonly padding?: number;
  readonly groups?: number;
  readonly bias?: boolean;
}

/** Adds one node at a time; every method returns the new node's name. */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #shapes = new Map<NodeName, Shape>();

  add(name: NodeName, op: Op, ...inputs: NodeName[]): NodeName {
    const shapes = inputs.map((source) => known(this.#shapes.get(source), source));
    const shape = definitionOf(op).inferShape(op, shapes);
    this.#nodes.push({ name, op, inputs });
    // A misfit is reported by `factsOf` with its place; here it must only not derail the builder.
    this.#shapes.set(name, isComplaint(shape) ? [] : shape);
    return name;
  }

  input(shape: Shape): NodeName {
    return this.add("input", { kind: "input", shape });
  }

  conv(name: NodeName, from: NodeName, options: ConvOptions): NodeName {
    const { filters, size = 3, stride = 1, groups = 1, bias = false } = options;
    const pad = options.padding ?? Math.floor(size / 2);
    return this.add(
      name,
      { kind: "conv2d", filters, groups, bias, ...square(size, stride, pad) },
      from,
    );
  }

  bn(name: NodeName, from: NodeName): NodeName {
    return this.add(name, { kind: "batchNorm", epsilon: 1e-5, momentum: 0.1 }, from);
  }

  relu(name: NodeName, from: NodeName): NodeName {
    return this.add(name, { kind: "relu" }, from);
  }

  maxPool(name: NodeName, from: NodeName, size = 2, stride = size): NodeName {
    return this.add(name, { kind: "maxPool", ...square(size, stride, 0) }, from);
  }

  averagePool(name: NodeName, from: NodeName, size = 2): NodeName {
    return this.add(name, { kind: "averagePool", ...square(size, size, 0) }, from);
  }

  /** A selection of all channels, ready to be pruned. */
  select(name: NodeName, from: NodeName): NodeName {
    const indices = Array.from({ length: this.channels(from) }, (_, i) => i);
    return this.add(name, { kind: "channelSelect", indices }, from);
  }

  channels(name: NodeName): number {
    return channelsOf(known(this.#shapes.get(name), name));
  }

  finish(name: string, output: NodeName): Graph {
    return { name, nodes: [...this.#nodes], output };
  }
}

function square(size: number, stride: number, pad: number) {
  const pair = (n: number): Pair => [n, n];
  const padding: Padding = [pad, pad, pad, pad];
  return { size: pair(size), stride: pair(stride), padding };
}
