/**
 * @file Where the points of sensitivity curves stand in the large chart, and which one a pointer means: the
 * curve that passes it most closely, and of that curve the nearest measured point. Pure numbers in pixels.
 */
import { interpolate, type CurveSample } from "../../state/index.ts";
import { makeScale, type Scale } from "./scale.ts";

/** Of the drawing, CSS pixels. */
export const HEIGHT = 300;
export const MARGIN = { top: 28, right: 20, bottom: 44, left: 44 };
/** Of a name at a curve's end: its height, and the width of a letter. */
const LABEL = 14;
const LETTER = 6.6;
/** The most of the width that names may take. */
const MOST_NAMES = 0.24;

/** A layer's curve from the uncut network on. */
export interface PlacedCurve {
  /** The layer's place among the rows. */
  readonly layer: number;
  /** Ascending by ratio; the first is the uncut network, where that is known. */
  readonly samples: readonly CurveSample[];
  /** An SVG path. */
  readonly path: string;
}

/** A layer's name at the right end of its curve. */
export interface CurveLabel {
  readonly layer: number;
  /** Where the curve ends. */
  readonly from: number;
  /** Where the name stands, so that none runs over another. */
  readonly y: number;
}

export interface PlacedCurves {
  readonly labels: readonly CurveLabel[];
  readonly curves: readonly PlacedCurve[];
  readonly x: Scale;
  readonly y: Scale;
}

export interface CurvesToPlace {
  /** By the layer's name. */
  readonly curves: ReadonlyMap<string, readonly CurveSample[]>;
  readonly names: readonly string[];
  /** The uncut network on the same images. */
  readonly start: CurveSample | null;
}

export function placeCurves({ curves, names, start }: CurvesToPlace, width: number): PlacedCurves {
  const whole = start === null ? [] : [start];
  const found = names.flatMap((name, layer) => {
    const samples = curves.get(name) ?? [];
    return samples.length === 0 ? [] : [{ layer, samples: [...whole, ...samples] }];
  });
  const all = found.flatMap(({ samples }) => samples.map(({ accuracy }) => accuracy));
  const range = [Math.min(1, ...all), Math.max(0, ...all)] as const;
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  const named = Math.min(MOST_NAMES * width, longest * LETTER + 12);
  const right = Math.max(MARGIN.left + 1, width - Math.max(MARGIN.right, named));
  const x = makeScale([0, 1], [MARGIN.left, right], 5);
  const y = makeScale(all.length === 0 ? [0, 1] : range, [HEIGHT - MARGIN.bottom, MARGIN.top], 4);
  return {
    x,
    y,
    labels: placeLabels(
      found.map(({ layer, samples }) => ({ layer, from: y.at(samples.at(-1)?.accuracy ?? 0) })),
    ),
    curves: found.map(({ layer, samples }) => ({
      layer,
      samples,
      path: pathThrough(samples.map((one) => [x.at(one.ratio), y.at(one.accuracy)])),
    })),
  };
}

/**
 * Names apart from each other, from the top down, each as near to its curve's end as that allows. Of more than there is
 * room for, as many as there is, evenly from the top to the bottom.
 */
export function placeLabels(ends: readonly Omit<CurveLabel, "y">[]): readonly CurveLabel[] {
  const [top, bottom] = [MARGIN.top, HEIGHT - MARGIN.bottom];
  const room = Math.floor((bottom - top) / LABEL) + 1;
  const sorted = ends.toSorted((a, b) => a.from - b.from);
  const count = Math.min(room, sorted.length);
  const shown = Array.from({ length: count }, (_, i) => {
    const at = count < 2 ? 0 : Math.round((i * (sorted.length - 1)) / (count - 1));
    return sorted[at];
  }).filter((end) => end !== undefined);
  const ys: number[] = [];
  for (const { from } of shown) ys.push(Math.max(from, (ys.at(-1) ?? top - LABEL) + LABEL));
  // Back up from the bottom where that ran over it.
  let most = bottom;
  for (let i = ys.length - 1; i >= 0; i--) {
    ys[i] = Math.min(ys[i] ?? most, most);
    most = (ys[i] ?? most) - LABEL;
  }
  return shown.map((end, i) => ({ ...end, y: ys[i] ?? end.from }));
}

function pathThrough(points: readonly (readonly [number, number])[]): string {
  return points
    .map(([x, y], i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join("");
}

/** The interval of a curve as a closed path; empty where none is known. */
export function bandOf(samples: readonly CurveSample[], { x, y }: PlacedCurves): string {
  const known = samples.flatMap(({ ratio, interval }) =>
    interval === undefined ? [] : [[ratio, ...interval] as const],
  );
  if (known.length < 2) return "";
  const high = known.map(([ratio, , top]) => [x.at(ratio), y.at(top)] as const);
  const low = known.toReversed().map(([ratio, bottom]) => [x.at(ratio), y.at(bottom)] as const);
  return `${pathThrough([...high, ...low])}Z`;
}

/** A measured point of a curve. */
export interface CurvePoint {
  readonly layer: number;
  readonly sample: CurveSample;
}

/** How far from a curve a pointer may be that means it, CSS pixels. */
const REACH = 24;

/** The point that a place in the drawing means; of equally near curves the first. */
export function pointAt(
  { curves, x, y }: PlacedCurves,
  at: { readonly x: number; readonly y: number },
): CurvePoint | null {
  const span = x.at(x.high) - x.at(x.low);
  const ratio = x.low + ((at.x - x.at(x.low)) / span) * (x.high - x.low);
  let best: { readonly curve: PlacedCurve; readonly away: number } | null = null;
  for (const curve of curves) {
    const [first, last] = [curve.samples[0]?.ratio ?? 0, curve.samples.at(-1)?.ratio ?? 0];
    const accuracy = interpolate(curve.samples, Math.min(last, Math.max(first, ratio)));
    if (accuracy === null) continue;
    const away = Math.hypot(y.at(accuracy) - at.y, Math.max(0, at.x - x.at(last)));
    if (away <= REACH && (best === null || away < best.away - 1e-9)) best = { curve, away };
  }
  if (best === null) return null;
  const { layer, samples } = best.curve;
  const sample = samples.reduce((near, one) =>
    Math.abs(one.ratio - ratio) < Math.abs(near.ratio - ratio) ? one : near,
  );
  return { layer, sample };
}
