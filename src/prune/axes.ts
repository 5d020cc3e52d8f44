/**
 * @file The closure over the coupling rules of `model/ops`. Every node that opens a channel axis gets
 * fresh *atoms*, one a channel; every other node's channels are atoms of its inputs, shared, repeated
 * or laid side by side; ties make atoms equal. What results is, for every node, which atom each of its
 * channels is, and which atoms must live or die together. It knows ops by what they declare, but for
 * softmax, whose outputs are no channels that could go.
 *
 * Example: a = conv(2), b = conv(2), c = conv(4), d = add(concat(a, b), c). Atoms: a 0 1, b 2 3,
 * c 4 5 6 7; the add ties 0~4, 1~5, 2~6, 3~7; d's axis is 0 1 2 3. Channel 1 of b and channel 3 of c
 * go together.
 */
import { AppError, channelsOf, known } from "../core/index.ts";
import {
  definitionOf,
  factsOf,
  type Graph,
  type Node,
  type NodeFacts,
  type NodeName,
} from "../model/index.ts";
import { UnionFind } from "./union-find.ts";

/** Why a channel may never go: it is the image's, the answer's, or weighed against all its peers. */
export type FixedReason = "input" | "output" | "mixed";

/** All axes of a graph before they are sorted into groups. */
export interface Closure {
  /** Atoms by channel; nodes that pass channels on unchanged share one axis. */
  readonly axes: readonly Int32Array[];
  readonly axisOf: ReadonlyMap<NodeName, number>;
  /** The nodes that open an axis, in forward order. */
  readonly layers: readonly NodeName[];
  /** Atom → index into `layers`. */
  readonly ownerOf: Int32Array;
  readonly sets: UnionFind;
  readonly fixed: readonly { readonly axis: number; readonly reason: FixedReason }[];
  /** Atoms at which an addition meets channels of two different layers. */
  readonly summed: readonly number[];
  /** The nodes that bind channels to each other, each with one of the atoms that it binds. */
  readonly joints: readonly Joint[];
}

export interface Joint {
  readonly node: NodeName;
  readonly atom: number;
}

/**
 * Closes over the coupling rules; cost O(channels of all nodes).
 * @param ties — false to leave apart what additions tie: each layer then speaks for itself alone
 * @throws prune/unknown-coupling naming the node
 */
export function closeAxes(graph: Graph, ties = true): Closure {
  const facts = factsOf(graph);
  const atomCount = [...facts.values()].reduce((sum, { shape }) => sum + channelsOf(shape), 0);
  const builder = new AxisBuilder(atomCount, ties);
  for (const node of facts.values()) builder.visit(node);
  return builder.finish(graph.output);
}

class AxisBuilder {
  readonly #axes: Int32Array[] = [];
  readonly #axisOf = new Map<NodeName, number>();
  readonly #layers: NodeName[] = [];
  readonly #owner: number[] = [];
  readonly #sets: UnionFind;
  readonly #fixed: { axis: number; reason: FixedReason }[] = [];
  readonly #summed: number[] = [];
  readonly #joints: Joint[] = [];
  readonly #ties: boolean;

  /** @param atoms — an upper bound of how many will be opened */
  constructor(atoms: number, ties: boolean) {
    this.#sets = new UnionFind(atoms);
    this.#ties = ties;
  }

  visit({ node, inputs, shape }: NodeFacts): void {
    const axes = node.inputs.map((name) => known(this.#axisOf.get(name), `axis of ${name}`));
    const sources = axes.map((axis) => known(this.#axes[axis], "axis"));
    const [first = new Int32Array(0)] = sources;
    const coupling = definitionOf(node.op).coupling(node.op, inputs);
    switch (coupling.kind) {
      case "fixed":
        this.#fixed.push({ axis: this.#axes.length, reason: "input" });
        this.#put(node.name, this.#open(node.name, channelsOf(shape)));
        break;
      case "opens": {
        const opened = this.#open(node.name, channelsOf(shape));
        this.#tieSlots(node.name, first, coupling.groups);
        this.#tieSlots(node.name, opened, coupling.groups);
        this.#put(node.name, opened);
        break;
      }
      case "passes":
        this.#axisOf.set(node.name, known(axes[0], "input axis"));
        break;
      case "ties":
        if (this.#ties) for (const other of sources) this.#tie(node.name, first, other);
        this.#axisOf.set(node.name, known(axes[0], "input axis"));
        break;
      case "repeats":
        this.#put(
          node.name,
          Int32Array.from({ length: first.length * coupling.each }, (_, j) =>
            known(first[Math.floor(j / coupling.each)], "channel"),
          ),
        );
        break;
      case "tiles":
        this.#put(
          node.name,
          Int32Array.from({ length: channelsOf(shape) }, (_, j) =>
            known(first[j % first.length], "channel"),
          ),
        );
        break;
      case "joins":
        this.#put(node.name, Int32Array.from(sources.flatMap((source) => [...source])));
        break;
      default:
        throw unknownCoupling(node, coupling, this.#layersOn(sources));
    }
    // A softmax weighs every channel against all others, so a channel of zeros is not as good as none.
    if (node.op.kind === "softmax") {
      this.#fixed.push({ axis: known(axes[0], "input axis"), reason: "mixed" });
    }
  }

  finish(output: NodeName): Closure {
    const answer = known(this.#axisOf.get(output), "output axis");
    return {
      axes: this.#axes,
      axisOf: this.#axisOf,
      layers: this.#layers,
      ownerOf: Int32Array.from(this.#owner),
      sets: this.#sets,
      // In front, so that logits below a softmax are "output" and not "mixed".
      fixed: [{ axis: answer, reason: "output" }, ...this.#fixed],
      summed: this.#summed,
      joints: this.#joints,
    };
  }

  /** The layers whose channels these axes carry. */
  #layersOn(axes: readonly Int32Array[]): readonly NodeName[] {
    const owners = new Set(axes.flatMap((axis) => [...axis]).map((atom) => this.#owner[atom]));
    return this.#layers.filter((_, layer) => owners.has(layer));
  }

  #put(name: NodeName, axis: Int32Array): void {
    this.#axisOf.set(name, this.#axes.length);
    this.#axes.push(axis);
  }

  #open(name: NodeName, channels: number): Int32Array {
    const from = this.#owner.length;
    for (let i = 0; i < channels; i++) this.#owner.push(this.#layers.length);
    this.#layers.push(name);
    return Int32Array.from({ length: channels }, (_, i) => from + i);
  }

  #tie(node: NodeName, first: Int32Array, other: Int32Array): void {
    first.forEach((atom, j) => {
      const partner = known(other[j], "tied channel");
      this.#sets.union(atom, partner);
      if (this.#owner[atom] === this.#owner[partner]) return;
      this.#summed.push(atom);
      this.#joints.push({ node, atom });
    });
  }

  /** Ties channel s of every group of a grouped convolution, so that all groups stay equally wide. */
  #tieSlots(node: NodeName, axis: Int32Array, groups: number): void {
    const slots = axis.length / groups;
    if (groups > 1) for (const atom of axis) this.#joints.push({ node, atom });
    for (let j = slots; j < axis.length; j++) {
      this.#sets.union(known(axis[j % slots], "slot"), known(axis[j], "slot"));
    }
  }
}

/**
 * What only a coupling that this file has not heard of can meet. A guess would cut the wrong channels,
 * so nothing is planned.
 */
function unknownCoupling(
  { name, op }: Node,
  coupling: never,
  layers: readonly NodeName[],
): AppError {
  const { kind } = coupling as { readonly kind: unknown };
  return new AppError("prune/unknown-coupling", {
    where: `group of ${layers.join(", ")} › ${name}`,
    expected: "an op that passes, opens, ties, joins, repeats or tiles channels",
    found: `${op.kind}, which couples them by "${String(kind)}"`,
  });
}
