/** @file One repaint of the sheet's canvas: the rows in sight, from the highlight to the curves. */
import type { Layer, SensitivityState, SliderState } from "../../state/index.ts";
import { drawBar, drawCurve } from "../charts/draw-rows.ts";
import { drawTrellis, type Wire } from "../charts/draw-trellis.ts";
import { beginPaint, readInk } from "../charts/ink.ts";
import { rowsWithin, type Columns, type RowLayout } from "../charts/row-layout.ts";
import type { Sight } from "./use-sight.ts";
import type { TrellisScale } from "../charts/trellis-geometry.ts";

export interface SheetModel {
  readonly layers: readonly Layer[];
  readonly rows: RowLayout;
  readonly columns: Columns;
  readonly scale: TrellisScale;
  readonly former: ReadonlyMap<string, number>;
}

/** The canvas reaches this far over the rows on either side, for the highlight's ends. */
export const OVERHANG = 12;
/** The trunk reaches this far above and below the rows. */
export const TRUNK_ENDS = 16;
/** Painted beyond what is in sight, so that a slow scroll needs no new frame. */
const MARGIN = 80;

/** @returns the rows that were painted */
export function paintSheet(
  canvas: HTMLCanvasElement,
  sight: Sight,
  model: SheetModel,
  { preview, hovered }: SliderState,
  { curves, base }: SensitivityState,
): { readonly first: number; readonly end: number } {
  const { layers, rows, columns, scale, former } = model;
  const from = Math.max(-TRUNK_ENDS, sight.from - MARGIN);
  const to = Math.min(rows.height + TRUNK_ENDS, sight.to + MARGIN);
  if (to <= from) return { first: 0, end: 0 };
  const [first, end] = rowsWithin(rows, from, to);
  const width = sight.width + 2 * OVERHANG;
  canvas.style.top = `${from}px`;
  const ctx = beginPaint(canvas, width, to - from);
  if (ctx === null) return { first, end };
  const ink = readInk();
  ctx.translate(OVERHANG, -from);

  const x = columns.wires.x + columns.wires.width / 2;
  const band = hovered === null ? undefined : rows.rows[hovered];
  if (band !== undefined) {
    ctx.fillStyle = ink.row;
    ctx.beginPath();
    ctx.roundRect(-OVERHANG, band.top, width, band.height, 6);
    ctx.fill();
  }
  const wires: Wire[] = [];
  let floor = 1;
  for (const samples of curves.values()) {
    for (const { accuracy } of samples) floor = Math.min(floor, accuracy);
  }
  for (let i = first; i < end; i++) {
    const [layer, row] = [layers[i], rows.rows[i]];
    if (layer === undefined || row === undefined) continue;
    const y = row.top + row.height / 2;
    const kept = preview?.kept[i] ?? layer.of;
    wires.push({ y, scores: layer.scores, kept, former: former.get(layer.name) ?? 0 });
    const { bar, curve } = columns;
    if (bar !== null) drawBar(ctx, bar.x, y, bar.width, kept / layer.of, ink);
    const samples = curves.get(layer.name) ?? [];
    if (curve !== null) {
      drawCurve(ctx, samples, {
        x: curve.x,
        y,
        width: curve.width,
        height: row.height,
        base: base ?? samples[0]?.accuracy ?? 1,
        floor,
        ink,
      });
    }
  }
  drawTrellis(ctx, wires, { x, halfWidth: columns.wires.width / 2, scale, ink });
  ctx.fillStyle = ink.ink;
  ctx.fillRect(x - 1, -TRUNK_ENDS, 2, rows.height + 2 * TRUNK_ENDS);
  return { first, end };
}
