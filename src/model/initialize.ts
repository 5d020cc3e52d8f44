/**
 * @file Fresh weights. Convolutions: N(0, √(2 / (kh·kw·cout))), He et al. 2015 by fan-out; dense:
 * N(0, 0.01); γ as given, β and biases 0, running mean 0 and variance 1. These are Network
 * Slimming's starting values (Liu et al. 2017, §4, and the authors' code), which also fit every other
 * network here.
 */
import { makeRandom, sizeOf } from "../core/index.ts";
import type { Graph, Metadata, Network, Tensor, TensorName } from "./network.ts";
import { tensorName } from "./network.ts";
import type { WeightSpec } from "./op.ts";
import { factsOf } from "./shapes.ts";

export interface InitializeOptions {
  readonly seed: number;
  /** Where BN scales start; Network Slimming takes 0.5, most others 1. */
  readonly gamma?: number;
  readonly metadata?: Metadata;
}

/** Gives every weight of the graph its starting value; a function of (graph, options). */
export function initialize(graph: Graph, options: InitializeOptions): Network {
  const weights = new Map<TensorName, Tensor>();
  let index = 0;
  for (const { node, weights: specs } of factsOf(graph).values()) {
    const groups = node.op.kind === "conv2d" ? node.op.groups : 1;
    for (const [slot, spec] of Object.entries(specs)) {
      const random = makeRandom(options.seed, index++);
      const fill = starting(slot, spec, groups, options.gamma ?? 0.5);
      const values = new Float32Array(sizeOf(spec.shape));
      for (let i = 0; i < values.length; i++)
        values[i] = fill.mean + fill.deviation * random.normal();
      weights.set(tensorName(node.name, slot), { shape: spec.shape, values });
    }
  }
  return { ...graph, weights, metadata: options.metadata ?? {} };
}

interface Normal {
  readonly mean: number;
  readonly deviation: number;
}

function starting(slot: string, spec: WeightSpec, groups: number, gamma: number): Normal {
  if (slot === "kernel") {
    const [kh = 1, kw = 1, , cout = 1] = spec.shape;
    const deviation = spec.shape.length === 4 ? Math.sqrt(2 / ((kh * kw * cout) / groups)) : 0.01;
    return { mean: 0, deviation };
  }
  if (slot === "gamma") return { mean: gamma, deviation: 0 };
  return { mean: slot === "variance" ? 1 : 0, deviation: 0 };
}
