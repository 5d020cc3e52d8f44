/**
 * @file The choices of normalization for a network and what the evidence says about them. Pure: nothing
 * here changes what a network is fed.
 */
import { AppError } from "../core/index.ts";
import { readNormalization, sameNormalization, usualNormalizations } from "./engine.ts";
import type { Evaluation, Normalization } from "./engine.ts";

/** How a network came by its normalization. */
export interface SessionNormalization {
  readonly value: Normalization;
  /**
   * `said` by the network itself, `assumed` because it says nothing, `chosen` by the person in this
   * visit, `remembered` from one before.
   */
  readonly source: "said" | "assumed" | "chosen" | "remembered";
  /** True where the file has figures of its own, which count again when it is opened the next time. */
  readonly isSaid: boolean;
}

/** One choice; `present` is what the network has now, where that has no name of its own. */
export interface Candidate {
  readonly name: string;
  readonly title: string;
  readonly normalization: Normalization;
}

/** The name of the choice whose figures are typed. */
export const OWN = "own";

/** Every choice with known figures, those that the network has now included. */
export function candidatesOf(now: SessionNormalization): readonly Candidate[] {
  const usual = usualNormalizations(now.value.mean.length);
  if (presentOf(now) !== "present") return usual;
  return [{ name: "present", title: "As it is now", normalization: now.value }, ...usual];
}

/** What was measured so far, by {@link figuresOf}. */
export type Trials = ReadonlyMap<string, Evaluation>;

/** Figures as the name of what was measured under them. */
export function figuresOf({ mean, std }: Normalization): string {
  return `${mean.join()}/${std.join()}`;
}

/** The name of the choice that the network is fed by now. */
export function presentOf({ value }: SessionNormalization): string {
  const usual = usualNormalizations(value.mean.length);
  return usual.find((one) => sameNormalization(one.normalization, value))?.name ?? "present";
}

/**
 * The candidates that the evidence speaks for: the best and those that it cannot be told from, because
 * their 95 % intervals overlap. None until every candidate is measured, and none when all are alike.
 * @returns their names, the best first
 */
export function likelyOf(candidates: readonly Candidate[], trials: Trials): readonly string[] {
  const measured = candidates.flatMap(({ name, normalization }) => {
    const trial = trials.get(figuresOf(normalization));
    return trial === undefined ? [] : [{ name, trial }];
  });
  if (measured.length < candidates.length) return [];
  const ranked = measured.toSorted((a, b) => b.trial.accuracy - a.trial.accuracy);
  const low = ranked[0]?.trial.interval[0] ?? 0;
  const likely = ranked.filter(({ trial }) => trial.interval[1] >= low);
  return likely.length === candidates.length ? [] : likely.map(({ name }) => name);
}

/**
 * The choice to begin with: what the network is fed now, unless that was only assumed and the evidence
 * is clearly for another.
 */
export function preselected(now: SessionNormalization, trials: Trials): string {
  const present = presentOf(now);
  const likely = likelyOf(candidatesOf(now), trials);
  const [best] = likely;
  const isClear = now.source === "assumed" && best !== undefined && !likely.includes(present);
  return isClear ? best : present;
}

/** What is wrong with typed figures: a sentence under its field. */
export interface FiguresProblem {
  readonly field: "mean" | "deviation";
  readonly text: string;
}

/** Beyond these a figure is one for pixels in 0…255, or a slip. */
const MOST = { mean: 2, deviation: 4 };

/** Reads figures of one's own. */
export function readOwn(
  typed: { readonly mean: string; readonly deviation: string },
  channels: number,
): { readonly normalization: Normalization } | { readonly problem: FiguresProblem } {
  try {
    const normalization = readNormalization({ mean: typed.mean, std: typed.deviation }, channels);
    const { mean, std } = normalization;
    for (const [field, figures] of [["mean", mean] as const, ["deviation", std] as const]) {
      const large = figures.find((figure) => Math.abs(figure) > MOST[field]);
      if (large === undefined) continue;
      const text = `${large} is for pixels in 0…255; divide it by 255, since pixels are 0…1 here.`;
      return { problem: { field, text } };
    }
    return { normalization };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const field = error.where === "mean" ? "mean" : "deviation";
    return { problem: { field, text: `Write ${error.expected ?? "numbers"}.` } };
  }
}
