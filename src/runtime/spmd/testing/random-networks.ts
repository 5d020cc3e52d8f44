/**
 * @file Random graphs with everything that makes placing results hard: shared inputs, sums of sums,
 * concats of concats, selections, groups, and layouts with gaps.
 */
import * as fc from "fast-check";
import { known } from "../../../core/index.ts";
import {
  endsOf,
  GraphBuilder,
  type Network,
  type NodeName,
  type Op,
} from "../../../model/index.ts";
import { convOp, fill } from "../../testing/cases.ts";

/** What becomes one more node, or a few: which kind, on which results, and how. */
export interface Choice {
  readonly kind: number;
  readonly first: number;
  readonly second: number;
  readonly how: number;
}

export const choices = fc.array(
  fc.record({
    // Sums and concats share gradients, so they are what is drawn most.
    kind: fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 6, 7, 7, 7, 7, 8, 9, 10, 11),
    first: fc.nat(100),
    second: fc.nat(100),
    how: fc.nat(1000),
  }),
  { minLength: 1, maxLength: 14 },
);

interface Result {
  readonly name: NodeName;
  readonly shape: readonly number[];
}

const CLASSES = 3;

const ACTIVATIONS: readonly Op[] = [
  { kind: "relu" },
  { kind: "relu6" },
  { kind: "elu", alpha: 0.7 },
  { kind: "leakyRelu", alpha: 0.1 },
  { kind: "swish" },
  { kind: "tanh" },
];

/** The graph that those choices make. */
export function networkOf(list: readonly Choice[]): Network {
  const maker = new Maker();
  for (const choice of list) maker.add(choice);
  return maker.finish();
}

class Maker {
  readonly #builder = new GraphBuilder();
  readonly #results: Result[] = [];
  readonly #read = new Set<NodeName>();

  constructor() {
    this.#results.push({ name: this.#builder.input([6, 5, 3]), shape: [6, 5, 3] });
  }

  add({ kind, first, second, how }: Choice): void {
    const a = this.#pick(this.#results, first);
    const [h = 1, w = 1, c = 1] = a.shape;
    const isSmall = h < 3 || w < 3;
    switch (kind) {
      case 0:
        return this.#conv(a, { filters: 1 + (how % 9), size: 1 });
      case 1:
        return this.#conv(a, { filters: 1 + (how % 13), size: 3, padding: 1, bias: how % 2 === 0 });
      case 2:
        if (isSmall) return this.#conv(a, { filters: 5, size: 1 });
        return this.#conv(a, { filters: 1 + (how % 7), size: 3, padding: [1, 0, 2, 1], stride: 2 });
      case 3:
        return this.#node({ kind: "batchNorm", epsilon: 1e-2, momentum: 0.1 }, a);
      case 4:
        return this.#node(known(ACTIVATIONS[how % ACTIVATIONS.length], "activation"), a);
      case 5: {
        const indices = Array.from(
          { length: 1 + (how % 6) },
          (_, i) => ((how + i * i) % (c + 1)) - 1,
        );
        return this.#node({ kind: "channelSelect", indices }, a);
      }
      case 6: {
        const like = this.#results.filter(({ shape }) => shape[0] === h && shape[1] === w);
        return this.#node({ kind: "concat" }, a, this.#pick(like, second), this.#pick(like, how));
      }
      case 7:
        return this.#sum(a, second, how);
      case 8:
        if (isSmall) return this.#node({ kind: "relu" }, a);
        return this.#pool(a, how);
      case 9: {
        const groups = [2, 3, c].find((n) => c % n === 0) ?? 1;
        const filters = groups * (1 + (how % 3));
        return this.#conv(a, { filters, groups, size: 3, padding: 1, bias: how % 2 === 0 });
      }
      case 10:
        return this.#conv(a, { filters: c * (1 + (how % 2)), groups: c, size: 3, padding: 1 });
      default:
        return this.#chain(a, how);
    }
  }

  /** Everything that nobody reads goes into the logits, by a mean or as it is. */
  finish(): Network {
    const b = this.#builder;
    const ends = this.#results.filter(({ name }) => !this.#read.has(name));
    const vectors = ends.map(({ name }, at) => {
      const kind = at % 2 === 0 ? "flatten" : "globalAveragePool";
      return b.add(`end ${name}`, { kind }, name);
    });
    const all = vectors.length > 1 ? b.add("ends", { kind: "concat" }, ...vectors) : vectors[0];
    const logits = b.add(
      "logits",
      { kind: "dense", units: CLASSES, bias: true },
      known(all, "end"),
    );
    return fill(b.finish("random", logits));
  }

  #pick(from: readonly Result[], at: number): Result {
    // The newest are taken more often, so that graphs get deep.
    const back = Math.floor((at / 101) ** 2 * from.length);
    return known(from[from.length - 1 - (back % from.length)], "result");
  }

  #node(op: Op, ...inputs: readonly Result[]): void {
    const names = inputs.map(({ name }) => name);
    const name = this.#builder.add(`${op.kind}${this.#results.length}`, op, ...names);
    for (const input of names) this.#read.add(input);
    const graph = this.#builder.finish("part", name);
    this.#results.push({ name, shape: endsOf({ ...graph }).output });
  }

  #conv(a: Result, setting: Parameters<typeof convOp>[0]): void {
    this.#node(convOp(setting), a);
  }

  /** Of results that are there, or of one and a branch of it; sometimes of the same one twice. */
  #sum(a: Result, second: number, how: number): void {
    const alike = this.#results.filter(({ shape }) => shape.join() === a.shape.join());
    let b = this.#pick(alike, second);
    if (b === a && how % 4 !== 0) {
      this.#conv(a, { filters: a.shape[2] ?? 1, size: 3, padding: 1 });
      b = this.#last();
    }
    const more = how % 5 === 0 ? [this.#pick(alike, how % 101)] : [];
    this.#node({ kind: "add" }, ...(how % 2 === 0 ? [a, b] : [b, a]), ...more);
    if (how % 3 === 0) this.#node({ kind: "relu" }, this.#last());
  }

  #pool(a: Result, how: number): void {
    const kind = how % 2 === 0 ? "maxPool" : "averagePool";
    const half = { size: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0] } as const;
    const blur = { size: [3, 3], stride: [1, 1], padding: [1, 1, 1, 1] } as const;
    this.#node({ kind, ...(how % 4 < 2 ? half : blur) }, a);
  }

  /** What runs along with a batch norm. */
  #chain(a: Result, how: number): void {
    this.#node({ kind: "batchNorm", epsilon: 1e-2, momentum: 0.1 }, a);
    const [h = 1, w = 1, c = 1] = a.shape;
    if (how % 2 === 0) {
      const indices = Array.from({ length: c }, (_, i) => (i % 3 === how % 3 ? -1 : c - 1 - i));
      this.#node({ kind: "channelSelect", indices }, this.#last());
    }
    this.#node({ kind: "relu" }, this.#last());
    if (how % 3 === 0 && h > 1 && w > 1) this.#pool(this.#last(), 0);
  }

  #last(): Result {
    return known(this.#results.at(-1), "result");
  }
}
