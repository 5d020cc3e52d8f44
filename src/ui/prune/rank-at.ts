/** @file Which channel's leaf is at a point of the sheet. Pure. */
import { isFolded, rowAt } from "../charts/row-layout.ts";
import { hitLeaf, leavesOf } from "../charts/trellis-geometry.ts";
import { hitZoomed } from "../charts/zoomed-row.ts";
import type { SheetModel } from "./sheet-scene.ts";

/**
 * The rank of the strongest channel of the leaf at a point; null where there is none.
 * @param index — of the row
 * @param x — and y, in the rows' CSS pixels
 */
export function rankAt(model: SheetModel, index: number, x: number, y: number): number | null {
  const { layers, rows, columns, scale, zoom } = model;
  const place = rows.rows[index];
  const layer = layers[place?.first ?? -1];
  const { wires } = columns;
  if (layer === undefined || place === undefined || isFolded(place)) return null;
  if (x < wires.x || x > wires.x + wires.width) return null;
  if (zoom !== null && zoom.layer === place.first) {
    const within = { x: x - wires.x - wires.width / 2, y: y - place.top };
    return hitZoomed(within, layer.of, zoom);
  }
  const { leaves } = leavesOf(layer.of, 0, scale.each);
  const at = {
    x: x - wires.x - wires.width / 2,
    y: y - Math.round(place.top + place.height / 2),
  };
  const leaf = hitLeaf(at, leaves, scale);
  return leaf === null ? null : leaf * scale.each;
}

/**
 * The rank of the channel nearest to a finger along the wire of the row that it is on; null where the wire has
 * none there. As if on the wire: a fingertip covers leaves on either side of it.
 */
export function rankNear(model: SheetModel, x: number, y: number): number | null {
  const { rows } = model;
  const index = rowAt(rows, y);
  const place = rows.rows[index ?? -1];
  if (index === null || place === undefined) return null;
  const within = Math.min(y - place.top, place.height - 1);
  const line = Math.max(0, Math.floor(within / place.line));
  return rankAt(model, index, x, place.top + (line + 0.5) * place.line);
}
