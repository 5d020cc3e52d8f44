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
  const groups = op.kind === "conv2d" ? op.groups : 1;
  const perGroup = filters / groups;
  const taps = new Float64Array(count * filters);
  const reach = new Float64Array(filters);
  const [isDoubtful, isUnknown] = [new Uint8Array(filters), new Uint8Array(filters)];
  let unknown = 0;
  for (let run = 0; run < count * width * groups && unknown < filters; run++) {
    const [group, row] = [run % groups, Math.floor(run / groups)];
    const i = group * width + (row % width);
    const [value, by] = [x.values[i] as number, x.deviations[i] as number];
    if (value === 0 && by === 0) continue;
    const tap = Math.floor(row / width) * filters;
    for (let j = group * perGroup; j < (group + 1) * perGroup; j++) {
      const weight = kernel.values[row * filters + j] as number;
      if (weight === 0 || isUnknown[j] === 1) continue;
      if (Number.isNaN(value)) {
        isUnknown[j] = 1;
        unknown += 1;
      }
      taps[tap + j] = (taps[tap + j] as number) + weight * value;
      reach[j] = (reach[j] as number) + Math.abs(weight) * by;
      if (x.isExact[i] !== 1) isDoubtful[j] = 1;
    }
  }
  const bordered =
    op.kind === "conv2d"
      ? borderOf(op, input, output, taps)
      : { ...asPoint(x), constant: taps, worst: new Float64Array(filters) };
  const uneven = op.kind === "conv2d" ? spreadUnevenness(op, x, output) : asPoint(x);
  return {
    ...merged([bordered, uneven]),
    constant: bordered.constant.map((value, j) => (isUnknown[j] === 1 ? NaN : value)),
    worst: bordered.worst.map((worst, j) => worst + (reach[j] as number)),
    isDoubtful,
  };
}
