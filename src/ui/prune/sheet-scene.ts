/** @file What the sheet's drawing is made from, as plain data: one scene for long, one view a frame. */
import {
  interpolate,
  within,
  type CurveSample,
  type Layer,
  type StreamRow,
} from "../../state/index.ts";
import type { Curve } from "../charts/draw-rows.ts";
import type { Palette } from "../charts/ink.ts";
import { isFolded, type Columns, type RowLayout } from "../charts/row-layout.ts";
import type { TrellisScale } from "../charts/trellis-geometry.ts";
import type { ZoomedRow } from "../charts/zoomed-row.ts";

/** One row: a layer, or the layers of a folded stage together. */
export interface DrawnRow {
  readonly of: number;
  /** From the largest down. */
  readonly scores: Float64Array;
  /** Channels before an earlier cut; 0 for none. */
  readonly former: number;
  readonly curve: Curve | null;
}

/** By its layer's index. */
export interface ZoomedLayer extends ZoomedRow {
  readonly layer: number;
}

/** Changes with the network, the window's size, the theme and new sensitivity points. */
export interface SheetScene {
  readonly lines: readonly DrawnRow[];
  /** The stream beside each row, null beside none. */
  readonly streams: readonly (StreamRow | null)[];
  readonly rows: RowLayout;
  readonly columns: Columns;
  readonly scale: TrellisScale;
  /** Of folded stages. */
  readonly band: TrellisScale;
  /** The row that has grown to a leaf per channel, if one has. */
  readonly zoom: ZoomedLayer | null;
  readonly palette: Palette;
  /** The lowest accuracy of all curves. */
  readonly floor: number;
}

/** Changes with every frame of a drag. Heights in the rows' own CSS pixels. */
export interface SheetView {
  readonly from: number;
  readonly to: number;
  /** Of the drawing, overhang and all. */
  readonly width: number;
  /** Channels that stay, a layer each; null when nothing is cut. */
  readonly kept: Int32Array | null;
  /** The row that is highlighted. */
  readonly hovered: number | null;
  /** What would stay but for a person's hand, a layer each; null where no layer was set so. */
  readonly own: Int32Array | null;
  /** The channels that are marked, a layer each where any is. */
  readonly marked: readonly Mark[];
}

/** A channel by its layer's index and its rank there; without a rank the layer as a whole. */
export interface Mark {
  readonly layer: number;
  readonly rank: number | null;
  /** Where layers that go together with it are summed: their joins are marked too. */
  readonly joints: readonly string[];
}

/** The sheet without its sensitivity. */
export interface SheetModel extends Omit<SheetScene, "lines" | "palette" | "floor"> {
  readonly layers: readonly Layer[];
  readonly former: ReadonlyMap<string, number>;
}

/** Channels that a layer began with: more than it has, once something was cut. */
export function wholeOf(
  { name, of }: Pick<Layer, "name" | "of">,
  former: ReadonlyMap<string, number>,
): number {
  return Math.max(of, former.get(name) ?? 0);
}

/** What a percentage point is, for "costs less than a point". */
const POINT = 0.01;

/** @param base — accuracy of the whole network, or null to take each curve's first */
export function sceneOf(
  { layers, former, ...placed }: SheetModel,
  curves: ReadonlyMap<string, readonly CurveSample[]>,
  base: number | null,
  palette: Palette,
): SheetScene {
  return {
    ...placed,
    palette,
    floor: floorOf(curves),
    lines: placed.rows.rows.map((row): DrawnRow => {
      const own = layers.slice(row.first, row.end);
      const [layer] = own;
      if (layer === undefined || isFolded(row)) return bandOf(own, former);
      const { name, of, scores } = layer;
      const curve = curveOf(curves.get(name) ?? [], base);
      return { of, scores, former: former.get(name) ?? 0, curve };
    }),
  };
}

/** The lowest accuracy of some curves. */
export function floorOf(curves: ReadonlyMap<string, readonly CurveSample[]>): number {
  const accuracies = [...curves.values()].flat().map(({ accuracy }) => accuracy);
  return accuracies.reduce((least, accuracy) => Math.min(least, accuracy), 1);
}

/** All channels of some layers on one wire. */
function bandOf(layers: readonly Layer[], former: ReadonlyMap<string, number>): DrawnRow {
  const of = layers.reduce((sum, layer) => sum + layer.of, 0);
  const scores = new Float64Array(of);
  let at = 0;
  for (const layer of layers) {
    scores.set(layer.scores, at);
    at += layer.scores.length;
  }
  const wasWider = layers.some(({ name }) => former.has(name));
  const was = layers.reduce((sum, layer) => sum + (former.get(layer.name) ?? layer.of), 0);
  return { of, scores: scores.sort().reverse(), former: wasWider ? was : 0, curve: null };
}

function curveOf(samples: readonly CurveSample[], known: number | null): Curve | null {
  const [first] = samples;
  if (first === undefined) return null;
  const base = known ?? first.accuracy;
  const ratio = within(samples, base, POINT);
  if (ratio === null) return { samples, base, safe: null };
  const accuracy = interpolate([{ ratio: 0, accuracy: base }, ...samples], ratio) ?? base;
  return { samples, base, safe: { ratio, accuracy } };
}
