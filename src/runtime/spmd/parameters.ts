/**
 * @file The order of a network's numbers in the arena: all trained tensors, then running statistics,
 * then what no living node reads. Gradients and velocities repeat the order of the first part. Each
 * tensor starts at a multiple of 8 floats, and what fills it up to the next is always zero: a bias may
 * be read in whole vectors.
 */
import { sizeOf, type Shape } from "../../core/index.ts";
import {
  factsOf,
  livingNodes,
  tensorName,
  type Network,
  type NodeName,
  type TensorName,
} from "../../model/index.ts";

export interface ParameterPlace {
  readonly shape: Shape;
  /** Floats from the arena's start. */
  readonly start: number;
  readonly size: number;
  readonly isTrained: boolean;
}

export interface ParameterOrder {
  readonly places: ReadonlyMap<TensorName, ParameterPlace>;
  /** Floats of the trained part. */
  readonly trained: number;
  /** Floats of the running statistics behind it. */
  readonly statistics: number;
  /** Floats of everything. */
  readonly total: number;
  /** [start, end) of each BN scale: what L1 works on. */
  readonly scales: readonly number[];
}

const ALIGNMENT = 8;

/**
 * Lays out a network's numbers.
 * @param wanted — the node whose value training asks for; only what it depends on is trained
 */
export function orderParameters(network: Network, wanted: NodeName): ParameterOrder {
  const living = new Set(livingNodes(network, wanted).map(({ name }) => name));
  const parts: [name: TensorName, shape: Shape][][] = [[], [], []];
  for (const { node, weights } of factsOf(network).values()) {
    for (const [slot, { shape, trainable }] of Object.entries(weights)) {
      const part = !living.has(node.name) ? 2 : trainable ? 0 : 1;
      parts[part]?.push([tensorName(node.name, slot), shape]);
    }
  }
  const places = new Map<TensorName, ParameterPlace>();
  const ends: number[] = [];
  const scales: number[] = [];
  let end = 0;
  parts.forEach((tensors, part) => {
    for (const [name, shape] of tensors) {
      const size = sizeOf(shape);
      const isTrained = part === 0;
      places.set(name, { shape, start: end, size, isTrained });
      if (isTrained && name.endsWith("/gamma")) scales.push(end, end + size);
      end += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    }
    ends.push(end);
  });
  const [trained = 0, behind = 0, total = 0] = ends;
  return { places, trained, statistics: behind - trained, total, scales };
}
