/** @file Paints the bars of the histogram and the ticks of a layer below it. */
import { placeOf, type Bins } from "../charts/histogram.ts";
import type { Ink } from "../charts/ink.ts";

/** Height of the bars. */
export const PLOT = 144;
/** Height of the ticks below. */
export const TICKS = 12;

/** Each bar in two parts: what stays, green from the ground up, and what goes, hatched on top of it. */
export function paintBars(
  ctx: CanvasRenderingContext2D,
  { counts, most }: Bins,
  gone: Int32Array,
  width: number,
  ink: Ink,
): void {
  const step = width / counts.length;
  const gap = step > 4 ? 0.75 : 0.25;
  const [removed, kept] = [new Path2D(), new Path2D()];
  counts.forEach((n, i) => {
    if (n === 0) return;
    const height = Math.max(2, (n / most) * (PLOT - 18));
    const stays = height * (1 - (gone[i] ?? 0) / n);
    const [x, wide] = [i * step + gap, step - 2 * gap];
    if (stays > 0) kept.rect(x, PLOT - stays, wide, stays);
    if (stays < height) removed.rect(x, PLOT - height, wide, height - stays);
  });
  ctx.fillStyle = ink.hatch;
  ctx.fill(removed);
  ctx.strokeStyle = ink.clay;
  ctx.lineWidth = 0.9;
  ctx.stroke(removed);
  ctx.fillStyle = ink.leaf;
  ctx.fill(kept);
  ctx.strokeStyle = ink.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(0, PLOT + 0.5);
  ctx.lineTo(width, PLOT + 0.5);
  ctx.stroke();
}

/** One layer's scores: `kept` of them, from the largest down, stay. */
export function paintTicks(
  ctx: CanvasRenderingContext2D,
  scores: Float64Array,
  kept: number,
  bins: Bins,
  width: number,
  ink: Ink,
): void {
  const green = new Path2D();
  const clay = new Path2D();
  scores.forEach((value, i) => {
    const x = placeOf(value, bins) * width;
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
