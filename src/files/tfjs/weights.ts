/**
 * @file Our weights as theirs and back. Nothing is computed: values are only placed, so a weight
 * that went out comes back with the same bits.
 */
import { AppError, invariant, sizeOf } from "../../core/index.ts";
import type { Network, Tensor } from "../../model/index.ts";
import type { LoweredWeight } from "./layers.ts";

/** The values of one of their weights; may share memory with the network. */
export function fillWeight({ shape, source }: LoweredWeight, network: Network): Float32Array {
  if (source.kind === "one-hot") return oneHot(shape, source.indices);
  const values = network.weights.get(source.tensor)?.values;
  invariant(values !== undefined, `weight ${source.tensor} is missing`);
  if (source.kind === "ours") return values;
  const spread = new Float32Array(sizeOf(shape));
  eachGrouped(shape, source.groups, (theirs, own) => {
    if (own >= 0) spread[theirs] = values[own] as number;
  });
  return spread;
}

/**
 * Takes our weight out of theirs.
 * @param values — taken
 * @returns nothing for a weight that the graph itself determines
 * @throws files/bad-field when a value that must be zero or one is not
 */
export function restoreWeight(
  { shape, source }: LoweredWeight,
  values: Float32Array,
  where: string,
): Tensor | undefined {
  if (source.kind === "ours") return { shape: source.shape, values };
  if (source.kind === "one-hot") {
    const expected = oneHot(shape, source.indices);
    if (!expected.every((value, i) => value === values[i])) {
      throw new AppError("files/bad-field", {
        where,
        expected: "the network's channel selection",
        found: "other values",
      });
    }
    return undefined;
  }
  const own = new Float32Array(sizeOf(source.shape));
  eachGrouped(shape, source.groups, (theirs, ours) => {
    const value = values[theirs] as number;
    if (ours >= 0) own[ours] = value;
    else if (value !== 0) {
      throw new AppError("files/bad-field", {
        where,
        expected: "zeros between the groups",
        found: String(value),
      });
    }
  });
  return { shape: source.shape, values: own };
}

function oneHot(shape: readonly number[], indices: readonly number[]): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  indices.forEach((index, column) => {
    if (index >= 0) values[index * indices.length + column] = 1;
  });
  return values;
}

/**
 * Visits every place of a plain kernel `[kh, kw, cin, cout]` with its place in the grouped kernel
 * `[kh, kw, cin/groups, cout]`, or −1 between groups. Output channel j is in group ⌊j / (cout/groups)⌋.
 */
function eachGrouped(
  [kh = 0, kw = 0, cin = 0, cout = 0]: readonly number[],
  groups: number,
  visit: (theirs: number, ours: number) => void,
): void {
  const [inner, outer] = [cin / groups, cout / groups];
  for (let k = 0; k < kh * kw; k++) {
    for (let i = 0; i < cin; i++) {
      for (let j = 0; j < cout; j++) {
        const same = Math.floor(i / inner) === Math.floor(j / outer);
        visit((k * cin + i) * cout + j, same ? (k * inner + (i % inner)) * cout + j : -1);
      }
    }
  }
}
