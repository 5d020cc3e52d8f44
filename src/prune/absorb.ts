/**
 * @file What removed channels still said, given to those who will miss it: b_next += Σ W·act(β) at every
 * reader (docs/methods/network-slimming.md). Exact inside a map; where a reader pads with zeros its
 * border comes out wrong, and by how much is part of the answer.
 *
 * A reader without a bias passes on what it got, through whatever is linear, until somebody can keep it:
 * a batch norm subtracts it from its running mean (the same in inference; in training the batch's own
 * mean takes its place anyway), a bias takes it. Where an activation comes first, the reader gets a bias
 * of its own, which is the only case in which the cut network costs more than the plan said.
 */
import { known, type Shape } from "../core/index.ts";
import {
  factsOf,
  readersOf,
  tensorName,
  type Network,
  type Node,
  type NodeFacts,
  type NodeName,
  type Tensor,
  type TensorName,
} from "../model/index.ts";
import { checkTable } from "./apply.ts";
import { unevenShare, type Bordered } from "./borders.ts";
import { findConstants } from "./constants.ts";
import { classesOf, type GroupTable } from "./groups.ts";
import { multiply, type Constants } from "./multiply-constants.ts";
import { survivorsOf, type Plan } from "./plan.ts";

/** What one reader of removed channels has taken over. */
export interface Absorbed {
  readonly layer: NodeName;
  /** Removed channels that it read and that said anything but 0. */
  readonly channels: number;
  /** The largest change of one of its output channels. */
  readonly shift: number;
  /** False when a small γ was taken for 0. */
  readonly isExact: boolean;
  /** Where the change went: its own bias, means and biases behind it, a bias that it got, or nowhere. */
  readonly into: "bias" | "behind" | "new-bias" | "nothing";
  /** Share of its map's pixels where zero-padding makes the change wrong, in 0…1. */
  readonly touched: number;
  /** The most that it is wrong by there, in the units of its output. */
  readonly error: number;
}

/** A network that misses nothing, and what had to be done for it. */
export interface Absorption {
  /** With the removed channels still in it: to be masked or cut by the same plan. */
  readonly network: Network;
  /** In forward order. */
  readonly absorbed: readonly Absorbed[];
}

/**
 * Readies a network for a plan, so that its readers make up for the constants that go.
 * @throws prune/plan-mismatch
 */
export function absorbDead(network: Network, table: GroupTable, plan: Plan): Absorption {
  checkTable(network, table);
  const survives = survivorsOf(table, plan);
  const constants = findConstants(network, table, survives);
  const absorber = new Absorber(network, table, survives);
  const absorbed = [...factsOf(network).values()].flatMap((facts) => {
    const [source] = facts.node.inputs;
    if (source === undefined) return [];
    return absorber.visit(facts, known(constants.get(source), source));
  });
  return { network: absorber.finish(), absorbed };
}

class Absorber {
  readonly #network: Network;
  readonly #table: GroupTable;
  readonly #survives: Uint8Array;
  readonly #weights: Map<TensorName, Tensor>;
  readonly #readers: ReadonlyMap<NodeName, readonly Node[]>;
  /** Nodes that passed on what their outputs lack, by channel. */
  readonly #lacks = new Map<NodeName, Float64Array>();
  readonly #biased = new Set<NodeName>();
  readonly #passing = new Map<NodeName, boolean>();

  constructor(network: Network, table: GroupTable, survives: Uint8Array) {
    this.#network = network;
    this.#table = table;
    this.#survives = survives;
    this.#weights = new Map(network.weights);
    this.#readers = readersOf(network);
  }

  /** @param said — by the node's first input */
  visit(facts: NodeFacts, said: Constants): readonly Absorbed[] {
    const { node, inputs } = facts;
    const lacking = node.inputs.map((name) => this.#lacks.get(name));
    const { op } = node;
    switch (op.kind) {
      case "conv2d":
      case "dense":
        return this.#multiply(facts, said);
      case "channelSelect":
        return this.#select(node, op.indices, said);
      case "batchNorm":
        this.#shift(tensorName(node.name, "mean"), lacking[0], -1);
        return [];
      case "add":
        this.#pass(node, lacking.filter((lack) => lack !== undefined).reduce(sum, undefined));
        return [];
      case "concat":
        if (lacking.some((lack) => lack !== undefined)) {
          const parts = node.inputs.map((name, i) => lacking[i] ?? this.#nothing(name));
          this.#pass(node, Float64Array.from(parts.flatMap((part) => [...part])));
        }
        return [];
      case "flatten": {
        const [lack, [h = 1, w = 1] = []] = [lacking[0], inputs[0]];
        const pixels = inputs[0]?.length === 3 ? h * w : 1;
        if (lack !== undefined) {
          this.#pass(
            node,
            Float64Array.from(Array.from({ length: pixels }, () => [...lack]).flat()),
          );
        }
        return [];
      }
      case "maxPool":
      case "averagePool":
      case "globalAveragePool":
        this.#pass(node, lacking[0]);
        return [];
      case "input":
      case "relu":
      case "relu6":
      case "elu":
      case "leakyRelu":
      case "swish":
      case "tanh":
      case "softmax":
        // Never asked to pass anything on.
        return [];
      default:
        return op satisfies never;
    }
  }

  finish(): Network {
    const nodes = this.#network.nodes.map((node): Node => {
      if (!this.#biased.has(node.name) || !("bias" in node.op)) return node;
      return { ...node, op: { ...node.op, bias: true } };
    });
    return {
      ...this.#network,
      nodes: this.#biased.size > 0 ? nodes : this.#network.nodes,
      weights: this.#weights,
    };
  }

  #multiply({ node, inputs, shape }: NodeFacts, said: Constants): readonly Absorbed[] {
    const source = known(node.inputs[0], "input");
    const shapes = [known(inputs[0], "input"), shape] as const;
    const removed = this.#removed(source, said);
    const lack = this.#lacks.get(source);
    if (removed.channels === 0 && lack === undefined) return [];
    const product = multiply(this.#network, node, shapes, { ...said, ...removed });
    const passed = lack === undefined ? undefined : this.#multiplyLack(node, shapes, said, lack);
    const shift = this.#surviving(node.name, known(sum(passed, product.constant), "shift"));
    const into = this.#keep(node, shift);
    const own = this.#surviving(node.name, product.constant);
    const found = figures(removed, own, into, product, this.#stays(node.name));
    return found.shift === 0 && found.error === 0 ? [] : [{ layer: node.name, ...found }];
  }

  /** Without padding, which is what may be asked to pass something on. */
  #multiplyLack(
    node: Node,
    shapes: readonly [Shape, Shape],
    said: Constants,
    lack: Float64Array,
  ): Float64Array {
    const values = lack;
    const deviations = new Float64Array(lack.length);
    return multiply(this.#network, node, shapes, { ...said, values, deviations }).constant;
  }

  /** A selection reads zeros where its source goes. */
  #select(node: Node, indices: readonly number[], said: Constants): readonly Absorbed[] {
    const source = known(node.inputs[0], "input");
    const removed = this.#removed(source, said);
    const lack = this.#lacks.get(source);
    const of = (values: Float64Array | undefined, index: number): number => values?.[index] ?? 0;
    const own = this.#surviving(
      node.name,
      Float64Array.from(indices, (index) => of(removed.values, index)),
    );
    const passed = this.#surviving(
      node.name,
      Float64Array.from(indices, (i) => of(lack, i)),
    );
    const isMissed = own.some((value) => value !== 0);
    const isKept = !isMissed || this.#passesOn(node.name);
    const all = isKept ? known(sum(own, passed), "sum") : passed;
    if (all.some((value) => value !== 0)) this.#pass(node, all);
    if (!isMissed) return [];
    const reach = Float64Array.from(indices, (index) => of(removed.deviations, index));
    const into = isKept ? "behind" : "nothing";
    const product = { ...said, worst: reach };
    return [{ layer: node.name, ...figures(removed, own, into, product, this.#stays(node.name)) }];
  }

  /** The constants that go and say something; 0 elsewhere. */
  #removed(source: NodeName, { values, deviations, isExact }: Constants) {
    const classes = classesOf(this.#table, source);
    const goes = (i: number): boolean =>
      this.#survives[classes[i] as number] === 0 &&
      !Number.isNaN(values[i]) &&
      (values[i] !== 0 || deviations[i] !== 0);
    return {
      values: values.map((value, i) => (goes(i) ? value : 0)),
      deviations: deviations.map((by, i) => (goes(i) ? by : 0)),
      channels: values.filter((_, i) => goes(i)).length,
      areExact: values.every((_, i) => !goes(i) || isExact[i] === 1),
    };
  }

  /** Puts a change where it lasts. */
  #keep(node: Node, shift: Float64Array): Absorbed["into"] {
    const { op, name } = node;
    const bias = tensorName(name, "bias");
    if ("bias" in op && op.bias) {
      this.#shift(bias, shift, 1);
      return "bias";
    }
    if (shift.every((value) => value === 0)) return "behind";
    if (this.#passesOn(name)) {
      this.#pass(node, shift);
      return "behind";
    }
    this.#biased.add(name);
    this.#weights.set(bias, { shape: [shift.length], values: Float32Array.from(shift) });
    return "new-bias";
  }

  /** True when everything behind a node passes a change on unchanged until somebody can keep it. */
  #passesOn(name: NodeName): boolean {
    const before = this.#passing.get(name);
    if (before !== undefined) return before;
    const readers = known(this.#readers.get(name), name);
    const found = name !== this.#network.output && readers.every((reader) => this.#accepts(reader));
    this.#passing.set(name, found);
    return found;
  }

  #accepts({ op, name }: Node): boolean {
    switch (op.kind) {
      case "batchNorm":
        return true;
      case "conv2d":
        return op.padding.every((pad) => pad === 0) && (op.bias || this.#passesOn(name));
      case "dense":
        return op.bias || this.#passesOn(name);
      case "add":
      case "concat":
      case "flatten":
      case "channelSelect":
      case "maxPool":
      case "averagePool":
      case "globalAveragePool":
        return this.#passesOn(name);
      case "input":
      case "relu":
      case "relu6":
      case "elu":
      case "leakyRelu":
      case "swish":
      case "tanh":
      case "softmax":
        return false;
      default:
        return op satisfies never;
    }
  }

  #pass(node: Node, lack: Float64Array | undefined): void {
    if (lack !== undefined) this.#lacks.set(node.name, lack);
  }

  #shift(name: TensorName, by: Float64Array | undefined, sign: 1 | -1): void {
    if (by === undefined) return;
    const { shape, values } = known(this.#weights.get(name), name);
    this.#weights.set(name, {
      shape,
      values: values.map((value, i) => value + sign * (by[i] as number)),
    });
  }

  #nothing(node: NodeName): Float64Array {
    return new Float64Array(classesOf(this.#table, node).length);
  }

  #stays(node: NodeName): readonly boolean[] {
    return Array.from(classesOf(this.#table, node), (c) => this.#survives[c] === 1);
  }

  /** What goes itself need not be put right. */
  #surviving(node: NodeName, values: Float64Array): Float64Array {
    const stays = this.#stays(node);
    return values.map((value, j) => (stays[j] === true ? value : 0));
  }
}

function sum(a: Float64Array | undefined, b: Float64Array | undefined): Float64Array | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.map((value, i) => value + (b[i] as number));
}

function figures(
  { channels, areExact }: { readonly channels: number; readonly areExact: boolean },
  shift: Float64Array,
  into: Absorbed["into"],
  { worst, ...uneven }: Pick<Bordered, "worst" | "rows" | "columns">,
  stays: readonly boolean[],
): Omit<Absorbed, "layer"> {
  const most = (values: Float64Array): number =>
    values.reduce(
      (largest, value, j) => (stays[j] ? Math.max(largest, Math.abs(value)) : largest),
      0,
    );
  const error = most(worst);
  return {
    channels,
    shift: most(shift),
    isExact: areExact,
    into,
    touched: error > 0 ? unevenShare(uneven) : 0,
    error,
  };
}
