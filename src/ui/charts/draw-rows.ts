/** @file Paints the other columns of the sheet: what is kept of each layer, and its sensitivity. */
import { interpolate, within, type CurveSample } from "../../state/index.ts";
import type { Ink } from "./ink.ts";

export const BAR = 8;

/** A bar of which `share` is green and the rest hatched clay, as everywhere on the page. */
export function drawBar(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  share: number,
  ink: Ink,
): void {
  const cut = Math.round(width * Math.min(1, Math.max(0, share)) * 2) / 2;
  const top = Math.round(y - BAR / 2);
  if (cut < width) {
    ctx.fillStyle = ink.hatch;
    ctx.strokeStyle = ink.clay;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.roundRect(x + cut - 2, top + 0.5, width - cut + 1.5, BAR - 1, 1.5);
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

export interface CurveFrame {
  readonly x: number;
  /** Middle of the row. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly base: number;
  /** The lowest accuracy of all curves. */
  readonly floor: number;
  readonly ink: Ink;
}

/** Falls of less than this would be drawn as noise. */
const LEAST_FALL = 0.05;

/** A layer's curve with the point up to which it costs less than a percentage point. */
export function drawCurve(
  ctx: CanvasRenderingContext2D,
  samples: readonly CurveSample[],
  frame: CurveFrame,
): void {
  const { x, y, width, height, base, floor, ink } = frame;
  if (samples.length === 0) return;
  const top = y - height / 2 + 2;
  const bottom = y + height / 2 - 2;
  ctx.strokeStyle = ink.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, Math.round(bottom) + 0.5);
  ctx.lineTo(x + width, Math.round(bottom) + 0.5);
  ctx.stroke();
  const fall = Math.max(LEAST_FALL, base - floor);
  const yOf = (accuracy: number): number =>
    Math.min(bottom, Math.max(top - 2, top + ((base - accuracy) / fall) * (bottom - top)));
  ctx.strokeStyle = ink.ink2;
  ctx.lineWidth = 1.25;
  ctx.lineJoin = "round";
  ctx.beginPath();
  ctx.moveTo(x, yOf(base));
  for (const { ratio, accuracy } of samples) ctx.lineTo(x + ratio * width, yOf(accuracy));
  ctx.stroke();
  const safe = within(samples, base, 0.01);
  if (safe === null) return;
  const at = interpolate([{ ratio: 0, accuracy: base }, ...samples], safe) ?? base;
  ctx.fillStyle = ink.ink;
  ctx.beginPath();
  ctx.arc(x + safe * width, yOf(at), 3, 0, 2 * Math.PI);
  ctx.fill();
}
