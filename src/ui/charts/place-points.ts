/** @file Where the points of the chart of accuracy against cost stand: places, scales, the front, names. */
import type { ComparedPoint, CostAxis } from "../../state/index.ts";
import { makeScale, type Scale } from "./scale.ts";
import {
  accuracyRange,
  frontLines,
  frontPath,
  placeLabels,
  type Line,
  type PlacedLabel,
} from "./scatter.ts";

/** Of the drawing, CSS pixels. */
export const HEIGHT = 320;
export const MARGIN = { top: 30, right: 20, bottom: 44, left: 44 };

/** A point with its place. */
export interface Placed {
  readonly point: ComparedPoint;
  readonly x: number;
  readonly y: number;
  /** Stands at the foot of the axis, as it lies below. */
  readonly isBelow: boolean;
  readonly isFront: boolean;
}

export interface PlacedPoints {
  /** From left to right. */
  readonly placed: readonly Placed[];
  /** The same in the order of painting: runs last, over the positions that they were cut at. */
  readonly painted: readonly Placed[];
  readonly x: Scale;
  readonly y: Scale;
  /** The front's line. */
  readonly path: string;
  /** Names of runs, as far as there is room. */
  readonly labels: readonly PlacedLabel[];
}

export interface PointsToPlace {
  readonly points: readonly ComparedPoint[];
  /** By ascending cost. */
  readonly front: readonly ComparedPoint[];
  readonly axis: CostAxis;
}

/** @param width — of the drawing, CSS pixels */
export function placePoints({ points, front, axis }: PointsToPlace, width: number): PlacedPoints {
  const most = Math.max(1, ...points.map((point) => point[axis]));
  const right = Math.max(MARGIN.left + 1, width - MARGIN.right);
  const x = makeScale([0, most], [MARGIN.left, right], width < 500 ? 3 : 6);
  const range = points.length === 0 ? ([0, 1] as const) : accuracyRange(points);
  const y = makeScale(range, [HEIGHT - MARGIN.bottom, MARGIN.top], 4);
  const onFront = new Set(front.map(({ id }) => id));
  const place = (point: ComparedPoint): Placed => ({
    point,
    x: Math.round(x.at(point[axis]) * 10) / 10,
    y: Math.round(y.at(Math.max(point.accuracy, y.low)) * 10) / 10,
    isBelow: point.accuracy < y.low,
    isFront: onFront.has(point.id),
  });
  const placed = points.map(place).sort((a, b) => a.x - b.x || b.y - a.y);
  // What lies below the axis has no height on it.
  const seen = front.map(place).filter(({ isBelow }) => !isBelow);
  const lines = [...frontLines(seen, right), ...baseLines(placed, right)];
  const isRun = ({ point }: Placed): boolean => point.run !== null;
  return {
    placed,
    painted: placed.toSorted((a, b) => Number(isRun(a)) - Number(isRun(b))),
    x,
    y,
    path: frontPath(seen, right),
    labels: namesOf(placed, lines, width),
  };
}

/** The baseline's accuracy, drawn across. */
function baseLines(placed: readonly Placed[], right: number): readonly Line[] {
  return placed
    .filter(({ point }) => point.isBaseline)
    .map(({ y }) => ({ from: { x: MARGIN.left, y }, to: { x: right, y } }));
}

/** The baseline's name comes first, then the others' from left to right. */
function namesOf(
  placed: readonly Placed[],
  lines: readonly Line[],
  width: number,
): readonly PlacedLabel[] {
  const runs = placed.filter(({ point }) => point.run !== null);
  const rank = ({ point }: Placed): number => Number(!point.isBaseline);
  return placeLabels(
    runs
      .sort((a, b) => rank(a) - rank(b))
      .map(({ point, x, y }) => ({ x, y, text: shortName(point.name) })),
    {
      left: MARGIN.left,
      right: width,
      top: MARGIN.top - 14,
      bottom: HEIGHT - MARGIN.bottom,
      lines,
      spots: placed,
    },
  );
}

/** Longer names are whole beside the point that is looked at. */
function shortName(name: string): string {
  return name.length > 24 ? `${name.slice(0, 23).trimEnd()}…` : name;
}
