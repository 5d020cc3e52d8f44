/**
 * @file Everything that was measured during this visit, by network, criterion, ratio and number of
 * images. The largest sample of each position wins; smaller ones are never shown again.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { MeasuredEvaluation, NetworkKey } from "./engine.ts";
import type { CurveSample } from "./sensitivity-curve.ts";

/** One position of the slider on one network. */
export interface Position {
  readonly key: NetworkKey;
  readonly criterion: string;
  /** A whole step of the slider. */
  readonly ratio: number;
}

export interface MeasuredState {
  /** The largest sample of each position, by its name. */
  readonly evaluations: ReadonlyMap<string, MeasuredEvaluation>;
  /** Milliseconds an image, by the position's name. */
  readonly latencies: ReadonlyMap<string, number>;
  /** The position that is being evaluated, and on how many images. */
  readonly measuring: { readonly name: string; readonly count: number } | null;
  /** Why nothing can be measured, in a sentence. */
  readonly problem: string | null;
}

export type MeasuredStore = StoreApi<MeasuredState>;

/** The name of a position. At ratio 0 nothing is cut, so the criterion does not matter. */
export function positionName({ key, criterion, ratio }: Position): string {
  return ratio === 0 ? `${key}|0` : `${key}|${criterion}|${ratio.toFixed(3)}`;
}

export function createMeasured(): MeasuredStore {
  return createStore<MeasuredState>(() => ({
    evaluations: new Map(),
    latencies: new Map(),
    measuring: null,
    problem: null,
  }));
}

/** A measured point above the slider. */
export interface Dot extends CurveSample {
  readonly evaluation: MeasuredEvaluation;
}

/** The measured points of one network and criterion, ascending by ratio. */
export function dotsOf(state: MeasuredState, key: NetworkKey, criterion: string): readonly Dot[] {
  const dots: Dot[] = [];
  for (const [name, evaluation] of state.evaluations) {
    const [owner, method, ratio] = name.split("|");
    if (owner !== key) continue;
    if (ratio === undefined) dots.push({ ratio: 0, accuracy: evaluation.accuracy, evaluation });
    else if (method === criterion) {
      dots.push({ ratio: Number(ratio), accuracy: evaluation.accuracy, evaluation });
    }
  }
  return dots.sort((a, b) => a.ratio - b.ratio);
}

/** The map with one more evaluation, unless a larger one is there. */
export function remember(store: MeasuredStore, name: string, evaluation: MeasuredEvaluation): void {
  const before = store.getState().evaluations.get(name);
  if (before !== undefined && before.count > evaluation.count) return;
  store.setState({ evaluations: new Map(store.getState().evaluations).set(name, evaluation) });
}
