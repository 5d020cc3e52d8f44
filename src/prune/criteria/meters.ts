/**
 * @file The sums behind evidence: fed batch by batch by whoever runs the network, they keep a few numbers
 * a channel and none of the maps. In double precision.
 */
import { channelsOf, known } from "../../core/index.ts";
import {
  factsOf,
  tensorName,
  type Network,
  type NodeName,
  type Tensor,
  type TensorName,
} from "../../model/index.ts";
import { findGroups } from "../groups.ts";
import { activationsOf } from "./activations.ts";
import type {
  ActivationEvidence,
  GradientEvidence,
  KernelFigures,
  ResponseEvidence,
} from "./evidence.ts";
import { kernelsOf } from "./kernels.ts";

/** Counts zeros and adds up what activations say. */
export class ActivationMeter {
  /** The nodes to watch. */
  readonly nodes: readonly NodeName[];
  readonly #sums = new Map<NodeName, { zeros: Float64Array; sum: Float64Array; places: number }>();

  constructor(network: Network) {
    const facts = factsOf(network);
    this.nodes = activationsOf(network, findGroups(network)).map(({ name }) => name);
    for (const name of this.nodes) {
      const width = channelsOf(known(facts.get(name), name).shape);
      const empty = { zeros: new Float64Array(width), sum: new Float64Array(width), places: 0 };
      this.#sums.set(name, empty);
    }
  }

  /** @param values — `[n, …, channels]` for each node; borrowed */
  take(values: ReadonlyMap<NodeName, Float32Array>): void {
    for (const [name, sums] of this.#sums) {
      const map = known(values.get(name), name);
      const width = sums.sum.length;
      for (let at = 0; at < map.length; at += width) {
        for (let c = 0; c < width; c++) {
          const value = map[at + c] as number;
          if (value === 0) sums.zeros[c] = (sums.zeros[c] as number) + 1;
          else sums.sum[c] = (sums.sum[c] as number) + value;
        }
      }
      sums.places += map.length / width;
    }
  }

  evidence(): ActivationEvidence {
    return {
      kind: "activations",
      byNode: new Map(
        [...this.#sums].map(([name, { zeros, sum, places }]) => [
          name,
          { zeros: zeros.map((n) => n / places), mean: sum.map((total) => total / places) },
        ]),
      ),
    };
  }
}

/** Multiplies weights by their gradients, and averages over the steps. */
export class GradientMeter {
  readonly #network: Network;
  readonly #byKernel = new Map<TensorName, KernelFigures>();
  readonly #byNorm = new Map<NodeName, Float64Array>();
  #steps = 0;

  constructor(network: Network) {
    this.#network = network;
  }

  /** @param gradients — of one step's loss; a weight that the loss does not depend on may be missing */
  take(gradients: ReadonlyMap<TensorName, Tensor>): void {
    const network = this.#network;
    this.#steps += 1;
    for (const { name, tensor } of kernelsOf({ network, table: findGroups(network) })) {
      const found = productsOf(tensor, gradients.get(name));
      const before = this.#byKernel.get(name);
      this.#byKernel.set(name, before === undefined ? found : added(before, found));
    }
    for (const { name, op } of network.nodes) {
      if (op.kind !== "batchNorm") continue;
      const found = gatesOf(network, name, gradients);
      this.#byNorm.set(name, sumOf(this.#byNorm.get(name), found));
    }
  }

  evidence(): GradientEvidence {
    const mean = (sums: Float64Array): Float64Array => sums.map((sum) => sum / this.#steps);
    return {
      kind: "gradients",
      byKernel: new Map(
        [...this.#byKernel].map(([name, figures]) => [name, mapFigures(figures, mean)]),
      ),
      byNorm: new Map([...this.#byNorm].map(([name, sums]) => [name, mean(sums)])),
    };
  }
}

/** Averages, image by image, how much activations pull at the loss. */
export class ResponseMeter {
  readonly #sums = new Map<NodeName, Float64Array>();
  #images = 0;

  /**
   * @param pulls — Σ over places of a·∂L/∂a for one image's own loss, by activation and channel
   * @param places — of the activation's map
   */
  take(pulls: ReadonlyMap<NodeName, Float32Array>, places: (node: NodeName) => number): void {
    this.#images += 1;
    for (const [name, pull] of pulls) {
      const own = Float64Array.from(pull, (value) => Math.abs(value) / places(name));
      this.#sums.set(name, sumOf(this.#sums.get(name), own));
    }
  }

  evidence(): ResponseEvidence {
    const means = [...this.#sums].map(
      ([name, sums]) => [name, sums.map((sum) => sum / this.#images)] as const,
    );
    return { kind: "responses", byNode: new Map(means) };
  }
}

/** The four sums over each filter, for one step. */
function productsOf({ shape, values }: Tensor, gradient: Tensor | undefined): KernelFigures {
  const width = shape.at(-1) ?? 1;
  const [absolute, squared, plain] = [0, 1, 2].map(() => new Float64Array(width)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const slope = gradient?.values ?? new Float32Array(values.length);
  for (let at = 0; at < values.length; at += width) {
    for (let c = 0; c < width; c++) {
      const product = (values[at + c] as number) * (slope[at + c] as number);
      absolute[c] = (absolute[c] as number) + Math.abs(product);
      squared[c] = (squared[c] as number) + product * product;
      plain[c] = (plain[c] as number) + product;
    }
  }
  return {
    absolute,
    squared,
    multivariable: plain.map(Math.abs),
    multivariableSquared: plain.map((sum) => sum * sum),
  };
}

/** (γ·∂L/∂γ + β·∂L/∂β)² by channel. */
function gatesOf(
  { weights }: Network,
  bn: NodeName,
  gradients: ReadonlyMap<TensorName, Tensor>,
): Float64Array {
  const [gamma, beta] = [tensorName(bn, "gamma"), tensorName(bn, "beta")];
  const pull = (name: TensorName, c: number): number =>
    (known(weights.get(name), name).values[c] ?? 0) * (gradients.get(name)?.values[c] ?? 0);
  const { length } = known(weights.get(gamma), gamma).values;
  return Float64Array.from({ length }, (_, c) => (pull(gamma, c) + pull(beta, c)) ** 2);
}

function added(a: KernelFigures, b: KernelFigures): KernelFigures {
  return {
    absolute: sumOf(a.absolute, b.absolute),
    squared: sumOf(a.squared, b.squared),
    multivariable: sumOf(a.multivariable, b.multivariable),
    multivariableSquared: sumOf(a.multivariableSquared, b.multivariableSquared),
  };
}

function mapFigures(figures: KernelFigures, of: (sums: Float64Array) => Float64Array) {
  return {
    absolute: of(figures.absolute),
    squared: of(figures.squared),
    multivariable: of(figures.multivariable),
    multivariableSquared: of(figures.multivariableSquared),
  };
}

function sumOf(before: Float64Array | undefined, more: Float64Array): Float64Array {
  return before === undefined ? more : before.map((sum, i) => sum + (more[i] as number));
}
