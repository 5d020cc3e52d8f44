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
import type { Columns, RowLayout } from "../charts/row-layout.ts";
import type { TrellisScale } from "../charts/trellis-geometry.ts";

/** One row. */
export interface DrawnLayer {
  readonly of: number;
  /** From the largest down. */
  readonly scores: Float64Array;
  /** Channels before an earlier cut; 0 for none. */
  readonly former: number;
  readonly curve: Curve | null;
}

/** Changes with the network, the window's size, the theme and new sensitivity points. */
export interface SheetScene {
  readonly layers: readonly DrawnLayer[];
  /** The stream beside each row, null beside none. */
  readonly streams: readonly (StreamRow | null)[];
  readonly rows: RowLayout;
  readonly columns: Columns;
  readonly scale: TrellisScale;
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
  readonly hovered: number | null;
  /** The channels that are marked, a layer each where any is. */
  readonly marked: readonly Mark[];
}

/** A channel by its layer's index and its rank there. */
export interface Mark {
  readonly layer: number;
  readonly rank: number;
  /** Where layers that go together with it are summed: their joins are marked too. */
  readonly joints: readonly string[];
}

/** The sheet without its sensitivity. */
export interface SheetModel extends Omit<SheetScene, "layers" | "palette" | "floor"> {
  readonly layers: readonly Layer[];
  readonly former: ReadonlyMap<string, number>;
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
  const accuracies = [...curves.values()].flat().map(({ accuracy }) => accuracy);
  return {
    ...placed,
    palette,
    floor: accuracies.reduce((least, accuracy) => Math.min(least, accuracy), 1),
    layers: layers.map(({ name, of, scores }) => ({
      of,
      scores,
      former: former.get(name) ?? 0,
      curve: curveOf(curves.get(name) ?? [], base),
    })),
  };
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
