/**
 * @file Paints the small histograms in sight: a row each with its layer's name and how many channels it keeps, the
 * highlighted one on a ground of its own, and the threshold through all of them.
 */
import type { Layer, Preview } from "../../state/index.ts";
import { barsOf, type Bars } from "../charts/bars.ts";
import { placeOf } from "../charts/histogram.ts";
import type { Ink } from "../charts/ink.ts";
import { count } from "../format.ts";
import type { HistogramBins } from "./histogram-document.ts";
import { MULTIPLE, multiplesWithin } from "./multiples.ts";
import { paintBars, paintGround } from "./paint-histogram.ts";

/** Lengths in CSS pixels. */
export interface MultiplesView {
  readonly width: number;
  readonly height: number;
  /** How far it is scrolled. */
  readonly top: number;
  /** Where the axis is, beside names and counts. */
  readonly place: { readonly x: number; readonly width: number };
  readonly layers: readonly Layer[];
  readonly all: HistogramBins;
  readonly hasLine: boolean;
  /** Heights follow the logarithm of the counts. */
  readonly isLog: boolean;
  readonly preview: Preview | null;
  /** The highlighted layer. */
  readonly hovered: number | null;
}

export function paintMultiples(ctx: CanvasRenderingContext2D, view: MultiplesView, ink: Ink): void {
  const { width, height, top, place, layers, all, hasLine, isLog, preview, hovered } = view;
  const [first, end] = multiplesWithin(layers.length, top, height);
  const bars: Bars[] = [];
  ctx.textBaseline = "alphabetic";
  for (let i = first; i < end; i++) {
    const layer = layers[i];
    if (layer === undefined) continue;
    const y = i * MULTIPLE - top;
    if (i === hovered) {
      ctx.fillStyle = ink.row;
      ctx.fillRect(0, y, width, MULTIPLE);
    }
    const ground = y + MULTIPLE - 3;
    paintGround(ctx, { x: place.x, y: ground, width: place.width }, ink);
    const gone = all.layers.removed(i, preview?.plan.kept.get(layer.name));
    const counts = all.layers.counts[i] ?? gone;
    const own = { x: place.x, y: y + 4, width: place.width, height: MULTIPLE - 7 };
    bars.push(barsOf({ counts, most: Math.max(...counts), gone, isLog }, own));
    paintWords(ctx, view, { i, y: ground - 4 }, ink);
  }
  paintBars(ctx, bars, ink);
  if (hasLine && (preview?.removed ?? 0) > 0) {
    const x = place.x + placeOf(preview?.threshold ?? 0, all.bins) * place.width;
    ctx.fillStyle = ink.ink;
    ctx.fillRect(x - 0.75, 0, 1.5, Math.min(height, layers.length * MULTIPLE - top));
  }
}

/** A layer's name on the left, and what it keeps on the right. */
function paintWords(
  ctx: CanvasRenderingContext2D,
  { width, place, layers, preview, hovered }: MultiplesView,
  { i, y }: { readonly i: number; readonly y: number },
  ink: Ink,
): void {
  const layer = layers[i];
  if (layer === undefined) return;
  ctx.font = `${i === hovered ? 600 : 400} 12px system-ui, sans-serif`;
  ctx.fillStyle = ink.ink;
  ctx.textAlign = "left";
  ctx.fillText(fitted(ctx, layer.name, place.x - 8), 0, y);
  ctx.textAlign = "right";
  const kept = preview?.kept[i] ?? layer.of;
  ctx.fillStyle = ink.ink2;
  ctx.fillText(layer.isLocked ? "locked" : `${count(kept)} / ${count(layer.of)}`, width, y);
}

/** A name in the room that there is for it. */
function fitted(ctx: CanvasRenderingContext2D, name: string, room: number): string {
  if (ctx.measureText(name).width <= room) return name;
  let cut = name;
  // The end tells layers of one block apart.
  while (cut.length > 1 && ctx.measureText(`…${cut}`).width > room) cut = cut.slice(1);
  return `…${cut}`;
}
