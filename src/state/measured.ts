/**
 * @file Everything that was measured during this visit, by network, method, ratio and number of
 * images. The largest sample of each position is shown; the smaller ones stay, since two positions can
 * be compared only on the same images. Samples are nested, so equal counts are equal images.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Confusion, Latency, MeasuredEvaluation, NetworkKey, Spread } from "./engine.ts";
import { hasHands } from "./method.ts";
import { RATIO_STEP } from "./planning.ts";
import { interpolate, type CurveSample } from "./sensitivity-curve.ts";

/** One cut of one network. */
export interface Position {
  readonly key: NetworkKey;
  /** The text of the whole method, the slider's ratio aside; null for the network as it is. */
  readonly method: string | null;
  /** Where the slider's thumb stands: a whole step of it where one goes by ratio. */
  readonly ratio: number;
}

/** All positions of the slider over one network by one method. */
export interface Track {
  readonly key: NetworkKey;
  readonly method: string;
}

/** How a position was timed, turn by turn with the uncut network that it is compared with. */
export interface Timed {
  /** The name of that network; the position's own where it was timed alone. */
  readonly name: string;
  /** Milliseconds an image of that network. */
  readonly ms: number;
  /** Milliseconds an image of the position itself. */
  readonly own: Spread;
  /** The position's time over that of the network; null where it was timed alone. */
  readonly ratio: Spread | null;
}

export interface MeasuredState {
  /** The samples of each position by its name, ascending by count. All are of one set of images. */
  readonly evaluations: ReadonlyMap<string, readonly MeasuredEvaluation[]>;
  /** Milliseconds an image, by the position's name. */
  readonly latencies: ReadonlyMap<string, number>;
  /** What a position was timed in turns with, by its name: a machine is now quick and now slow. */
  readonly timedBeside: ReadonlyMap<string, Timed>;
  /** True where this browser's clock stands still, so that no latency can be measured. */
  readonly isClockStill: boolean;
  /** Positions of which samples that do not tell classes apart are measured again. */
  readonly dividing: ReadonlySet<string>;
  /** The position that is being evaluated, and on how many images. */
  readonly measuring: { readonly name: string; readonly count: number } | null;
  /** Why nothing can be measured, in a sentence. */
  readonly problem: string | null;
}

export type MeasuredStore = StoreApi<MeasuredState>;

/**
 * The name of a position. At ratio 0 nothing is cut, so the method does not matter, unless layers were set
 * by hand beside the ratio.
 */
export function positionName({ key, method, ratio }: Position): string {
  const isWhole = method === null || (ratio === 0 && !hasHands(method));
  return isWhole ? wholeName(key) : `${key}|${method}|${ratio.toFixed(3)}`;
}

/** The name of a network as it is. */
export function wholeName(key: NetworkKey): string {
  return `${key}|0`;
}

export function createMeasured(): MeasuredStore {
  return createStore<MeasuredState>(() => ({
    evaluations: new Map(),
    latencies: new Map(),
    timedBeside: new Map(),
    isClockStill: false,
    dividing: new Set(),
    measuring: null,
    problem: null,
  }));
}

/** The largest sample of a position. */
export function largestOf(state: MeasuredState, name: string): MeasuredEvaluation | undefined {
  return state.evaluations.get(name)?.at(-1);
}

/** Of a network as it is, as far as it is known. */
export function wholeAccuracy(
  state: MeasuredState,
  key: NetworkKey | undefined,
): number | undefined {
  return key === undefined ? undefined : largestOf(state, wholeName(key))?.accuracy;
}

/** Two positions on the same images. */
export interface Pair {
  readonly now: MeasuredEvaluation;
  readonly was: MeasuredEvaluation;
}

/**
 * The largest sample that two positions have in common.
 * @returns null when there is none, so that nothing can be said about their difference
 */
export function pairOf(
  state: Pick<MeasuredState, "evaluations">,
  name: string,
  base: string,
): Pair | null {
  const others = state.evaluations.get(base) ?? [];
  for (const now of (state.evaluations.get(name) ?? []).toReversed()) {
    const was = others.find(({ count }) => count === now.count);
    if (was !== undefined) return { now, was };
  }
  return null;
}

/** Two positions on the same images, class by class. */
export interface Confusions {
  readonly count: number;
  readonly before: Confusion;
  readonly after: Confusion;
}

/**
 * What each class is taken for at two positions, on the largest sample that both have been told apart by
 * class on; null when there is none.
 */
export function confusionsOf(
  { evaluations }: Pick<MeasuredState, "evaluations">,
  name: string,
  base: string,
): Confusions | null {
  for (const now of (evaluations.get(name) ?? []).toReversed()) {
    const was = evaluations.get(base)?.find(({ count }) => count === now.count);
    if (now.confusion !== undefined && was?.confusion !== undefined) {
      return { count: now.count, before: was.confusion, after: now.confusion };
    }
  }
  return null;
}

/**
 * Asks for samples of some positions that tell classes apart. Those that were kept from before do not; they stay
 * until they are measured again.
 */
export function wantDivided(store: MeasuredStore, names: readonly string[]): void {
  store.setState({ dividing: new Set([...store.getState().dividing, ...names]) });
}

/** The samples that need not be measured again. */
export function sufficient(state: MeasuredState): Pick<MeasuredState, "evaluations"> {
  if (state.dividing.size === 0) return state;
  const evaluations = new Map(state.evaluations);
  for (const name of state.dividing) {
    const samples = evaluations.get(name) ?? [];
    evaluations.set(
      name,
      samples.filter(({ confusion }) => confusion !== undefined),
    );
  }
  return { evaluations };
}

/** A measured point above the slider; `evaluation` is what was measured there. */
export interface Dot extends CurveSample {
  readonly evaluation: MeasuredEvaluation;
}

/**
 * The measured points of one network under one method, ascending by ratio. Points on fewer images than the
 * uncut network's best sample are placed by their distance to it on the images that both have seen:
 * otherwise the line through them would show the draw of the images and not the cut. The uncut network is
 * the point at 0, unless layers were set by hand: then even a ratio of 0 is a cut.
 */
export function dotsOf(state: MeasuredState, key: NetworkKey, method: string): readonly Dot[] {
  const lines = linesOf.get(state.evaluations) ?? new Map<string, readonly Dot[]>();
  linesOf.set(state.evaluations, lines);
  const own = `${key}|${method}|`;
  const dots = lines.get(own) ?? findDots(state, key, method);
  lines.set(own, dots);
  return dots;
}

/** A drag asks for them in every frame; a new measurement makes new evaluations. */
const linesOf = new WeakMap<MeasuredState["evaluations"], Map<string, readonly Dot[]>>();

function findDots(state: MeasuredState, key: NetworkKey, method: string): readonly Dot[] {
  const [whole, own] = [wholeName(key), `${key}|${method}|`];
  const dots: Dot[] = [];
  for (const [name, samples] of state.evaluations) {
    const evaluation = samples.at(-1);
    const isStart = name === whole && !hasHands(method);
    if (evaluation === undefined || (!isStart && !name.startsWith(own))) continue;
    const ratio = isStart ? 0 : Number(name.slice(own.length));
    const accuracy = placeBeside(state, name, whole) ?? evaluation.accuracy;
    dots.push({ ratio, accuracy, evaluation });
  }
  return dots.sort((a, b) => a.ratio - b.ratio);
}

type Counted = Pick<MeasuredEvaluation, "accuracy" | "count">;

/** The accuracy at a ratio. */
export interface Said {
  readonly accuracy: number;
  /** Null where it is no measurement but lies between two. */
  readonly evaluation: Counted | null;
  /** The same beside the uncut network's best figure, by which the two are compared. */
  readonly placed: number;
}

/**
 * What is said of a ratio wherever the page says an accuracy in figures: as it was measured where it was, on
 * however many images, for a figure without "≈" is one that somebody could count again. Being placed beside
 * the uncut network, as points on more images of that one are, makes an estimate of it; so that is only for what is
 * drawn, for what lies between two points, and for comparing.
 * @returns null outside the measured range
 */
export function saidAt(
  dots: readonly (CurveSample & { readonly evaluation: Counted })[],
  ratio: number,
): Said | null {
  const placed = interpolate(dots, ratio);
  if (placed === null) return null;
  const evaluation =
    dots.find((dot) => Math.abs(dot.ratio - ratio) < RATIO_STEP / 2)?.evaluation ?? null;
  return { accuracy: evaluation?.accuracy ?? placed, evaluation, placed };
}

/**
 * Where a position stands beside its base: at the base's best accuracy, moved by their difference on the
 * images that both have seen.
 * @returns null when there are none
 */
export function placeBeside(state: MeasuredState, name: string, base: string): number | null {
  const best = largestOf(state, base);
  const pair = pairOf(state, name, base);
  if (best === undefined || pair === null) return null;
  const accuracy = best.accuracy + (pair.now.accuracy - pair.was.accuracy);
  return Math.min(1, Math.max(0, accuracy));
}

/**
 * The largest measured ratio of a network at which enough of its accuracy is left, each compared with the uncut
 * network on the same images.
 * @param least — what must be left of the uncut network's accuracy
 */
export function ratioWithin(
  state: MeasuredState,
  position: Track,
  least: (was: number) => number,
): number | null {
  const base = wholeName(position.key);
  const best = dotsOf(state, position.key, position.method).findLast(({ ratio }) => {
    const pair = pairOf(state, positionName({ ...position, ratio }), base);
    return pair !== null && pair.now.accuracy >= least(pair.was.accuracy);
  });
  return best?.ratio ?? null;
}

/** Adds a sample; an older one of the same size is replaced. */
export function remember(store: MeasuredStore, name: string, evaluation: MeasuredEvaluation): void {
  const { evaluations, dividing } = store.getState();
  // Of so many classes none are told apart, and to ask again would help nothing.
  if (evaluation.confusion === undefined && dividing.has(name)) {
    store.setState({ dividing: new Set([...dividing].filter((one) => one !== name)) });
  }
  const others = (evaluations.get(name) ?? []).filter(({ count }) => count !== evaluation.count);
  const samples = [...others, evaluation].sort((a, b) => a.count - b.count);
  store.setState({ evaluations: new Map(evaluations).set(name, samples) });
}

/** Of a cut, and of the network that was made by it. */
export interface Inheritance {
  /** The name of the position. */
  readonly from: string;
  /** The name of the network. */
  readonly to: string;
  /** False where a pass through the network takes another time than through the position. */
  readonly isTimed: boolean;
}

/** Files what was measured of a cut under the network that was made by it too. */
export function inherit(store: MeasuredStore, { from, to, isTimed }: Inheritance): void {
  const { evaluations, latencies, timedBeside } = store.getState();
  const samples = evaluations.get(from);
  const latency = latencies.get(from);
  if (samples !== undefined) {
    store.setState({ evaluations: new Map(evaluations).set(to, samples) });
  }
  if (latency === undefined || !isTimed) return;
  store.setState({ latencies: new Map(latencies).set(to, latency) });
  const beside = timedBeside.get(from);
  if (beside !== undefined) store.setState({ timedBeside: new Map(timedBeside).set(to, beside) });
}

/**
 * Files what was found of a position and of the network beside it. Of a network that is timed again and again
 * the calmest look counts, so that its figure does not follow every other program on the machine.
 */
export function rememberLatency(
  store: MeasuredStore,
  { name, base }: { readonly name: string; readonly base: string },
  { own, beside }: Latency,
): void {
  const { latencies, timedBeside } = store.getState();
  const [ms, timed] = [new Map(latencies), new Map(timedBeside)];
  const baseline = beside?.own ?? own;
  const before = timed.get(base);
  // One that was timed beside another network is not what this one was compared with.
  if (before?.name !== base || unrest(baseline) <= unrest(before.own)) {
    ms.set(base, baseline.median);
    timed.set(base, { name: base, ms: baseline.median, own: baseline, ratio: null });
  }
  if (beside !== null) {
    ms.set(name, own.median);
    timed.set(name, { name: base, ms: baseline.median, own, ratio: beside.ratio });
  }
  store.setState({ latencies: ms, timedBeside: timed });
}

function unrest({ median, low, high }: Spread): number {
  return (high - low) / median;
}

/** How a position's time differs from that of the network beside which it was timed. */
export interface LatencyChange {
  /** Milliseconds an image of that network, then. */
  readonly was: number;
  /** The position's time over it, a median of turns. */
  readonly ratio: number;
  /** False where the interval of the ratio holds 1. */
  readonly isTold: boolean;
}

/** @returns null where the two were not timed together */
export function latencyChangeOf(
  { timedBeside }: Pick<MeasuredState, "timedBeside">,
  name: string,
  base: string,
): LatencyChange | null {
  const timed = timedBeside.get(name);
  if (timed === undefined || timed.ratio === null || timed.name !== base) return null;
  const { median, low, high } = timed.ratio;
  return { was: timed.ms, ratio: median, isTold: low > 1 || high < 1 };
}

/** Drops every latency: another backend computes now. */
export function forgetLatencies(store: MeasuredStore): void {
  store.setState({ latencies: new Map(), timedBeside: new Map() });
}

/** Drops every accuracy: the images are others now. Latencies do not depend on them. */
export function forgetAccuracies(store: MeasuredStore): void {
  store.setState({ evaluations: new Map(), dividing: new Set(), measuring: null, problem: null });
}
