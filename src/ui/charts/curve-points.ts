/**
 * @file Where the points of sensitivity curves stand in the large chart, and which one a pointer means: the
 * curve that passes it most closely, and of that curve the nearest measured point. Pure numbers in pixels.
 */
import { interpolate, type CurveSample } from "../../state/index.ts";
import { makeScale, type Scale } from "./scale.ts";

/** Of the drawing, CSS pixels. */
export const HEIGHT = 300;
export const MARGIN = { top: 28, right: 20, bottom: 44, left: 44 };

/** A layer's curve from the uncut network on. */
export interface PlacedCurve {
  /** The layer's place among the rows. */
  readonly layer: number;
  /** Ascending by ratio; the first is the uncut network, where that is known. */
  readonly samples: readonly CurveSample[];
  /** An SVG path. */
  readonly path: string;
}

export interface PlacedCurves {
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
  const right = Math.max(MARGIN.left + 1, width - MARGIN.right);
  const x = makeScale([0, 1], [MARGIN.left, right], 5);
  const y = makeScale(all.length === 0 ? [0, 1] : range, [HEIGHT - MARGIN.bottom, MARGIN.top], 4);
  return {
    x,
    y,
    curves: found.map(({ layer, samples }) => ({
      layer,
      samples,
      path: pathThrough(samples.map((one) => [x.at(one.ratio), y.at(one.accuracy)])),
    })),
  };
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
