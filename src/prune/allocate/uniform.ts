/**
 * @file The same share of every group. Tools differ in how a share becomes a number of channels:
 *
 * - "floor": keep ⌊n · (1 − p)⌋, at least one. Li et al. 2017 as in the code of Rethinking (Liu et
 *   al. 2019), and Torch-Pruning: 16 · .9 → 14, 64 · .3 → 19.
 * - "round": keep the nearest number, a half upward, at least one. PocketFlow's code for He et al. 2017.
 * - "ceil": keep ⌈n · (1 − p)⌉, that is, remove ⌊n · p⌋: never more than was asked for.
 *
 * Deviates: products within 1e-9 of a whole number count as that number, so that 10 channels at p = .9
 * keep 1; in plain doubles 10 · (1 − .9) is a hair below it.
 */
import { countAll, planRemoval, removeCounts } from "../cut.ts";
import type { Plan } from "../plan.ts";
import type { PreparedPruning } from "../prepare.ts";
import { checkRatio } from "./global-threshold.ts";

export type CountRule = "floor" | "round" | "ceil";

export const COUNT_RULES: readonly CountRule[] = ["floor", "round", "ceil"];

export interface Uniform {
  readonly kind: "uniform";
  /** In [0, 1), of every group. */
  readonly ratio: number;
  /** How many of n stay; "floor" unless said otherwise. */
  readonly keep?: CountRule | undefined;
}

const SLACK = 1e-9;

const KEPT: Readonly<Record<CountRule, (exact: number) => number>> = {
  floor: (exact) => Math.floor(exact + SLACK),
  round: (exact) => Math.floor(exact + 0.5 + SLACK),
  ceil: (exact) => Math.ceil(exact - SLACK),
};

/** How many of `size` channels stay at a ratio; may be 0, which is the guard's affair. */
export function keptOfSize(size: number, ratio: number, rule: CountRule = "floor"): number {
  return KEPT[rule](size * (1 - ratio));
}

/**
 * Plans the same share for all.
 * @throws prune/bad-ratio
 */
export function planUniform({ lines, criterion }: PreparedPruning, { ratio, keep }: Uniform): Plan {
  checkRatio(ratio);
  const counts = lines.map(({ size }) => size - keptOfSize(size, ratio, keep));
  const removal = removeCounts(lines, counts);
  return planRemoval(lines, removal, { criterion, requested: ratio });
}

/** The share that so many channels of each line are: what a plan by numbers asked for. */
export function shareOf({ lines }: PreparedPruning, counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0) / countAll(lines);
}
