/**
 * @file Where the handle of a layer's kept channels stands, along which line it goes, and what it says of
 * itself as a slider. Pure: asked for in every frame of a drag.
 */
import type { Layer, SliderState } from "../../state/index.ts";
import { barTrack, wireTrack, type KeptTrack } from "../charts/kept-track.ts";
import { isFolded, rowOfLayer, type SheetRow } from "../charts/row-layout.ts";
import { count, plural } from "../format.ts";
import { wholeOf, type SheetModel } from "./sheet-scene.ts";

export interface KeptPlace {
  readonly layer: Layer;
  readonly index: number;
  readonly row: SheetRow;
  readonly track: KeptTrack;
  /** What the layer can have, ascending. */
  readonly widths: readonly number[];
  readonly kept: number;
}

/**
 * On the highlighted layer; null where there is none, or none that can be set.
 * @param widthsOf — of a layer by its index
 */
export function keptPlace(
  { layers, rows, columns, scale, former }: SheetModel,
  widthsOf: (layer: number) => readonly number[],
  { hovered, preview }: Pick<SliderState, "hovered" | "preview">,
): KeptPlace | null {
  const layer = layers[hovered ?? -1];
  const row = rows.rows[rowOfLayer(rows, hovered)];
  if (hovered === null || layer === undefined || row === undefined) return null;
  if (layer.isLocked || isFolded(row)) return null;
  const { bar, wires } = columns;
  // Where there is no bar it is dragged along the wire, of which a grown row has several.
  if (bar === null && row.height > row.line) return null;
  const track = bar === null ? wireTrack(wires, scale) : barTrack(bar, wholeOf(layer, former));
  const kept = preview?.kept[hovered] ?? layer.of;
  return { layer, index: hovered, row, track, widths: widthsOf(hovered), kept };
}

/** The attributes of the slider that it is there. */
export function keptSaid(
  { layer, index, widths, kept }: KeptPlace,
  { preview, isUncut }: Pick<SliderState, "preview" | "isUncut">,
): Readonly<Record<string, string>> {
  const own = isUncut ? kept : (preview?.own[index] ?? kept);
  const isByHand = !isUncut && preview?.byHand.includes(index) === true;
  const hand = isByHand ? `, by hand; the method keeps ${count(own)}` : "";
  return {
    "aria-disabled": String(isUncut),
    "aria-label": `Channels of ${layer.name} to keep`,
    "aria-valuemin": String(widths[0] ?? 1),
    "aria-valuemax": String(layer.of),
    "aria-valuenow": String(kept),
    "aria-valuetext": `${count(kept)} of ${plural(layer.of, "channel")}${hand}`,
  };
}
