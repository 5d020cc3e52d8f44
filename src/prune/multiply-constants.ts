/** @file A kernel times what its input channels say at every pixel: the arithmetic of `constants.ts`. */
import { channelsOf, known, sizeOf, type Shape } from "../core/index.ts";
import { tensorName, type Network, type Node } from "../model/index.ts";
import {
  asPoint,
  borderOf,
  merged,
  spreadUnevenness,
  type Bordered,
  type Unevenness,
} from "./borders.ts";

/** What one node's channels say. */
export interface Constants extends Unevenness {
  /** By channel: the value where the map is even; NaN where it is no constant. */
  readonly values: Float64Array;
  /** By channel: 1 for a constant beyond doubt, 0 where a small γ is taken for 0. */
  readonly isExact: Uint8Array;
  /** By channel: how far it may be off where the map is uneven. */
  readonly deviations: Float64Array;
}

/** What a multiplication makes of constants. */
export interface Product extends Bordered {
  /** By output channel: 1 where a constant that it stands on is not exact. */
  readonly isDoubtful: Uint8Array;
}

/**
 * Multiplies constants by a node's kernel, without its bias. A channel that gives weight to a NaN is
 * NaN; a weight of 0 forgives it.
 * @param x — by input channel; a value and a deviation of 0 leave one out
 */
export function multiply(
  network: Network,
  { name, op }: Node,
  [input, output]: readonly [input: Shape, output: Shape],
  x: Constants,
): Product {
  const kernel = known(network.weights.get(tensorName(name, "kernel")), "kernel");
  const filters = channelsOf(kernel.shape);
  const width = channelsOf(kernel.shape.slice(0, -1));
  const count = sizeOf(kernel.shape) / (filters * width);
  const perGroup = op.kind === "conv2d" ? filters / op.groups : filters;
  const firstOf = Int32Array.from({ length: filters }, (_, j) => Math.floor(j / perGroup) * width);
  const taps = new Float64Array(count * filters);
  const reach = new Float64Array(filters);
  const isDoubtful = new Uint8Array(filters);
  let at = 0;
  for (let t = 0; t < count; t++) {
    for (let slot = 0; slot < width; slot++) {
      for (let j = 0; j < filters; j++) {
        const weight = kernel.values[at++] as number;
        const i = (firstOf[j] as number) + slot;
        const [value, by] = [x.values[i] as number, x.deviations[i] as number];
        if (weight === 0 || (value === 0 && by === 0)) continue;
        taps[t * filters + j] = (taps[t * filters + j] as number) + weight * value;
        reach[j] = (reach[j] as number) + Math.abs(weight) * by;
        if (x.isExact[i] !== 1) isDoubtful[j] = 1;
      }
    }
  }
  if (op.kind !== "conv2d") {
    return { ...asPoint(x), constant: taps, worst: reach, isDoubtful };
  }
  const bordered = borderOf(op, input, output, taps);
  return {
    ...merged([bordered, spreadUnevenness(op, x, output)]),
    constant: bordered.constant,
    worst: bordered.worst.map((worst, j) => worst + (reach[j] as number)),
    isDoubtful,
  };
}
