/** @file Paints bars in the slider's two colours, and the ticks of a layer below them. */
import type { Bars, Rect } from "../charts/bars.ts";
import { placeOf, type Axis } from "../charts/histogram.ts";
import { setFont, type Ink } from "../charts/ink.ts";
import { THIN } from "../format.ts";

/** Height of the plot of all layers, with room for the threshold's grip above the bars. */
export const PLOT = 128;
/** Beyond the axis on both sides, for the threshold's grip at its ends. */
export const SIDE = 8;
/** Height of the ticks below. */
export const TICKS = 12;
/** Above the highest bar: the threshold's grip and what stands beside it. */
export const HEAD = 38;

/** All bars of one repaint, so that there is one fill of each colour. */
export function paintBars(ctx: CanvasRenderingContext2D, all: readonly Bars[], ink: Ink): void {
  const removed = pathOf(all.flatMap((bars) => bars.removed));
  ctx.fillStyle = ink.hatch;
  ctx.fill(removed);
  ctx.strokeStyle = ink.clay;
  ctx.lineWidth = 0.9;
  ctx.stroke(removed);
  ctx.fillStyle = ink.leaf;
  ctx.fill(pathOf(all.flatMap((bars) => bars.kept)));
}

function pathOf(rects: readonly Rect[]): Path2D {
  const path = new Path2D();
  for (const { x, y, width, height } of rects) path.rect(x, y, width, height);
  return path;
}

/** Left of the axis, for the counts that bars are as high as. */
export const GUTTER = 30;

/** Lines at round counts, with the counts on their left. */
export function paintCounts(
  ctx: CanvasRenderingContext2D,
  counts: readonly { readonly n: number; readonly y: number }[],
  { width, face }: { readonly width: number; readonly face: string },
  ink: Ink,
): void {
  ctx.font = `400 12px ${face}`;
  ctx.fillStyle = ink.ink2;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const { n, y } of counts) {
    paintGround(ctx, { x: 0, y: Math.round(y), width }, ink);
    ctx.fillText(n < 1000 ? String(n) : `${n / 1000}${THIN}k`, -6, y);
  }
}

/** Of the word over the counts: its width, and the middle of its height, below the grip and above the counts. */
const [UNIT, UNIT_Y] = [50, 28];

/**
 * What the counts are of: over them, or right of the threshold where that would run through the word.
 * @param x — of the threshold; null where there is none
 */
export function paintUnit(
  ctx: CanvasRenderingContext2D,
  { x, face }: { readonly x: number | null; readonly face: string },
  ink: Ink,
): void {
  setFont(ctx, `400 12px ${face}`);
  ctx.fillStyle = ink.ink2;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  const isCrossed = x !== null && x - GRIP.width / 2 < UNIT - GUTTER;
  ctx.fillText("channels", isCrossed ? x + GRIP.width : -GUTTER, UNIT_Y);
}

/** The bar that is read, ringed in ink. */
export function paintRead(
  ctx: CanvasRenderingContext2D,
  { x, y, width, height }: Rect,
  ink: Ink,
): void {
  ctx.strokeStyle = ink.ink;
  ctx.lineWidth = 1.5;
  ctx.strokeRect(x - 0.5, y - 1, width + 1, height + 1);
}

/** What bars stand on. */
export function paintGround(
  ctx: CanvasRenderingContext2D,
  { x, y, width }: Omit<Rect, "height">,
  ink: Ink,
): void {
  ctx.strokeStyle = ink.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, y + 0.5);
  ctx.lineTo(x + width, y + 0.5);
  ctx.stroke();
}

/** One layer's scores: `kept` of them, from the largest down, stay. */
export function paintTicks(
  ctx: CanvasRenderingContext2D,
  { scores, kept }: { readonly scores: Float64Array; readonly kept: number },
  axis: Axis,
  width: number,
  ink: Ink,
): void {
  const green = new Path2D();
  const clay = new Path2D();
  scores.forEach((value, i) => {
    const x = placeOf(value, axis) * width;
    const path = i < kept ? green : clay;
    path.moveTo(x, PLOT + 3);
    path.lineTo(x, PLOT + 9);
  });
  ctx.lineWidth = 1.1;
  ctx.strokeStyle = ink.clay;
  ctx.stroke(clay);
  ctx.strokeStyle = ink.leaf;
  ctx.stroke(green);
}

/** What the threshold looks like: CSS pixels. */
const GRIP = { top: 8, width: 12, height: 15, radius: 4 };

interface ThresholdLook {
  readonly x: number;
  readonly text: string;
  /** The words stand on its left. */
  readonly isLeft: boolean;
  readonly face: string;
}

/** The threshold: a line through the bars, its grip, and what it is. */
export function paintThreshold(ctx: CanvasRenderingContext2D, mark: ThresholdLook, ink: Ink): void {
  const { x, text, isLeft, face } = mark;
  const { top, width, height, radius } = GRIP;
  ctx.strokeStyle = ink.ink;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(x, top + height);
  ctx.lineTo(x, PLOT + TICKS);
  ctx.stroke();
  ctx.fillStyle = ink.sheet;
  ctx.beginPath();
  ctx.roundRect(x - width / 2, top, width, height, radius);
  ctx.fill();
  ctx.stroke();
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const side of [-1.5, 1.5]) {
    ctx.moveTo(x + side, top + 5);
    ctx.lineTo(x + side, top + height - 5);
  }
  ctx.stroke();
  setFont(ctx, `600 13px ${face}`);
  ctx.fillStyle = ink.ink;
  ctx.textAlign = isLeft ? "right" : "left";
  ctx.textBaseline = "middle";
  ctx.fillText(text, x + (isLeft ? -12 : 12), top + height / 2 + 0.5);
}
