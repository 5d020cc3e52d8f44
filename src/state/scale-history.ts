/**
 * @file What becomes of the BN scales in a training: how many are dead and how large they are by step, and a
 * few moments of all of them, so that one sees two humps part.
 */
import { thin, type Thinned } from "./series.ts";

/** All |γ| at a step. */
export interface ScaleMoment {
  readonly step: number;
  readonly scales: Float32Array;
}

export interface ScalePoint {
  readonly step: number;
  /** Share of the scales below {@link DEAD_SCALE}. */
  readonly dead: number;
  /** Mean |γ|: the L1 penalty by scale, without its strength. */
  readonly mean: number;
}

export interface ScaleHistory {
  readonly curve: Thinned<ScalePoint>;
  readonly moments: Thinned<ScaleMoment>;
  /** The last look, which the thinned moments may lack. */
  readonly newest: ScaleMoment | null;
}

/** Below this a scale counts as dead; ours: sparse training leaves nothing near it. */
export const DEAD_SCALE = 1e-2;

const MOST_POINTS = 500;
const MOST_MOMENTS = 32;

export const NO_SCALES: ScaleHistory = {
  curve: { points: [], every: 1, seen: 0 },
  moments: { points: [], every: 1, seen: 0 },
  newest: null,
};

/** How many scales are dead. */
export function countDead(scales: Float32Array): number {
  return scales.reduce((sum, scale) => sum + (Math.abs(scale) < DEAD_SCALE ? 1 : 0), 0);
}

/**
 * The history with one more look at the scales; one without any, or with one that is no number, is left out.
 * @param moment — kept
 */
export function look(history: ScaleHistory, moment: ScaleMoment): ScaleHistory {
  const { curve, moments } = history;
  const { step, scales } = moment;
  const mean = scales.reduce((sum, scale) => sum + Math.abs(scale), 0) / scales.length;
  if (!Number.isFinite(mean)) return history;
  const point = { step, dead: countDead(scales) / scales.length, mean };
  return {
    curve: thin(curve, point, MOST_POINTS),
    moments: thin(moments, moment, MOST_MOMENTS),
    newest: moment,
  };
}
