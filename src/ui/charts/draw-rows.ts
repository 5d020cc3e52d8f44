/** @file Paints the other columns of the sheet: what is kept of each layer, and its sensitivity. */
import type { Ink, Pen } from "./ink.ts";

export const BAR = 8;
/** Of the bar of a layer that keeps something, however little, CSS pixels. */
const LEAST = 1.5;

export interface BarFrame {
  readonly x: number;
  /** Middle of the row. */
  readonly y: number;
  readonly width: number;
  readonly ink: Ink;
}

/** Channels of a layer: those that stay, of those that there are, of those that it began with. */
export interface BarCounts {
  readonly kept: number;
  readonly of: number;
  /** 0 where nothing was cut before. */
  readonly former: number;
}

/**
 * A bar of which what stays is green and what goes hatched clay, as everywhere on the page. What an earlier
 * cut has taken is an outline, so that widths compare with the baseline's.
 */
export function drawBar(ctx: Pen, { kept, of, former }: BarCounts, frame: BarFrame): void {
  const { x, y, ink } = frame;
  const top = Math.round(y - BAR / 2);
  const width = former > of ? spanOf(of / former, frame.width) : frame.width;
  if (former > of) {
    ctx.strokeStyle = ink.half;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.roundRect(x + 0.5, top + 0.5, frame.width - 1, BAR - 1, 1.5);
    ctx.stroke();
  }
  const cut = spanOf(kept / of, width);
  if (cut < width) {
    ctx.fillStyle = ink.hatch;
    ctx.strokeStyle = ink.clay;
    ctx.lineWidth = 1;
    ctx.beginPath();
    // A little below the green, but never out of the bar.
    const from = Math.max(0.5, cut - 2);
    ctx.roundRect(x + from, top + 0.5, width - 0.5 - from, BAR - 1, 1.5);
    ctx.fill();
    ctx.stroke();
  }
  if (cut > 0) {
    ctx.fillStyle = ink.leaf;
    ctx.beginPath();
    ctx.roundRect(x, top, cut, BAR, cut < width ? [1.5, 0, 0, 1.5] : 1.5);
    ctx.fill();
  }
}

/** How much of a bar a share of its channels is, in half pixels: something where the share is not 0. */
export function spanOf(share: number, width: number): number {
  const span = Math.round(width * Math.min(1, Math.max(0, share)) * 2) / 2;
  return share > 0 ? Math.min(width, Math.max(LEAST, span)) : 0;
}

/** Where the bar would end but for a person's hand. */
export function drawTick(ctx: Pen, x: number, y: number, ink: Ink): void {
  const [left, top, height] = [Math.round(x * 2) / 2 - 1, Math.round(y - BAR / 2) - 4, BAR + 8];
  ctx.fillStyle = ink.paper;
  ctx.fillRect(left - 1.5, top, 5, height);
  ctx.fillStyle = ink.ink2;
  ctx.fillRect(left, top, 2, height);
}

export interface CurveFrame {
  readonly x: number;
  /** Middle of the row. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The lowest accuracy of all curves. */
  readonly floor: number;
  readonly ink: Ink;
}

/** A layer's accuracies against the ratio. */
export interface Curve {
  readonly samples: readonly Point[];
  /** Accuracy of the whole network, fraction. */
  readonly base: number;
  /** Marked: the last point that costs less than a percentage point. */
  readonly safe: Point | null;
}

interface Point {
  readonly ratio: number;
  readonly accuracy: number;
}

/** Falls of less than this would be drawn as noise. */
const LEAST_FALL = 0.05;

/** At what height of a row an accuracy stands. */
export function heightOf(
  accuracy: number,
  base: number,
  { y, height, floor }: Pick<CurveFrame, "y" | "height" | "floor">,
): number {
  const [top, bottom] = [y - height / 2 + 2, y + height / 2 - 2];
  const fall = Math.max(LEAST_FALL, base - floor);
  return Math.min(bottom, Math.max(top - 2, top + ((base - accuracy) / fall) * (bottom - top)));
}

/** Where a curve will be, once it is measured: its ground, and the accuracy that it starts from. */
export function drawCurveToCome(ctx: Pen, frame: Omit<CurveFrame, "floor">): void {
  const { x, y, width, height, ink } = frame;
  ctx.strokeStyle = ink.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, Math.round(y + height / 2 - 2) + 0.5);
  ctx.lineTo(x + width, Math.round(y + height / 2 - 2) + 0.5);
  ctx.stroke();
  ctx.setLineDash([2, 3]);
  ctx.beginPath();
  ctx.moveTo(x, Math.round(y - height / 2 + 4) + 0.5);
  ctx.lineTo(x + width, Math.round(y - height / 2 + 4) + 0.5);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** A layer's curve with the point up to which it costs less than a percentage point. */
export function drawCurve(ctx: Pen, { samples, base, safe }: Curve, frame: CurveFrame): void {
  const { x, y, width, height, ink } = frame;
  const bottom = y + height / 2 - 2;
  ctx.strokeStyle = ink.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, Math.round(bottom) + 0.5);
  ctx.lineTo(x + width, Math.round(bottom) + 0.5);
  ctx.stroke();
  const yOf = (accuracy: number): number => heightOf(accuracy, base, frame);
  ctx.strokeStyle = ink.ink2;
  ctx.lineWidth = 1.25;
  ctx.lineJoin = "round";
  ctx.beginPath();
  ctx.moveTo(x, yOf(base));
  for (const { ratio, accuracy } of samples) ctx.lineTo(x + ratio * width, yOf(accuracy));
  ctx.stroke();
  if (safe === null) return;
  ctx.fillStyle = ink.ink;
  ctx.beginPath();
  ctx.arc(x + safe.ratio * width, yOf(safe.accuracy), 3, 0, 2 * Math.PI);
  ctx.fill();
}
