/**
 * @file Paints streams: a second, thinner trunk beside the main one. What is added leaves the trunk where
 * a block begins and joins it again at its end; a dense block's stream goes on from layer to layer, and
 * every layer's output joins it, so that it grows.
 */
import type { StreamRow } from "../../state/index.ts";
import type { Ink, Pen } from "./ink.ts";

/** A stream at its row. */
export interface Beside {
  readonly stream: StreamRow;
  /** Of the row, CSS pixels; `bottom` is where the next row begins. */
  readonly top: number;
  readonly bottom: number;
  /** True where a marked channel joins here. */
  readonly isMarked: boolean;
}

export interface StreamFrame {
  /** The trunk. */
  readonly x: number;
  /** Channels of the widest stream. */
  readonly most: number;
  readonly ink: Ink;
}

/** From the trunk's middle to the stream's, CSS pixels. */
export const STREAM_AT = 7;
/** Height of a bend, CSS pixels, and as the largest share of a row. */
const BEND = 7;
const BEND_SHARE = 0.2;
const SUM_WIDTH = 1.5;
/** Widths of the narrowest and the widest growing stream. */
const GROWN = [1, 3.5] as const;

export function drawStreams(ctx: Pen, rows: readonly Beside[], frame: StreamFrame): void {
  const { x, ink } = frame;
  ctx.strokeStyle = ink.ink2;
  ctx.lineCap = "butt";
  for (const { stream, top, bottom } of rows) {
    const beside = x + STREAM_AT;
    const bend = bendOf(top, bottom);
    ctx.lineWidth = widthOf(stream, frame.most);
    ctx.beginPath();
    const leaves = stream.opens && !(stream.kind === "concat" && stream.comesOn);
    const ends = stream.closes && !(stream.kind === "concat" && stream.goesOn);
    if (leaves) {
      ctx.moveTo(x, top - 1);
      ctx.bezierCurveTo(x, top + bend / 2, beside, top - 1 + bend / 2, beside, top + bend);
    } else ctx.moveTo(beside, top);
    ctx.lineTo(beside, ends ? bottom - bend : bottom);
    if (ends) {
      ctx.bezierCurveTo(beside, bottom - bend / 2, x, bottom - bend / 2, x, bottom + 1);
    }
    ctx.stroke();
    if (stream.closes && stream.kind === "concat") drawInflow(ctx, x, bottom, bend);
  }
  for (const row of rows) if (row.stream.closes) drawJoin(ctx, row, frame);
}

const bendOf = (top: number, bottom: number): number => Math.min(BEND, (bottom - top) * BEND_SHARE);

/** A layer's output on its way from the trunk into the stream. */
function drawInflow(ctx: Pen, x: number, bottom: number, bend: number): void {
  const beside = x + STREAM_AT;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, bottom - 2 * bend);
  ctx.bezierCurveTo(x, bottom - bend, beside, bottom - 2 * bend, beside, bottom - bend);
  ctx.stroke();
}

/** The join itself: a ring, filled where a marked channel comes in. */
function drawJoin(
  ctx: Pen,
  { stream, top, bottom, isMarked }: Beside,
  { x, ink }: StreamFrame,
): void {
  const isSum = stream.kind === "sum";
  ctx.beginPath();
  if (isSum) ctx.arc(x, bottom, isMarked ? 4 : 3, 0, 2 * Math.PI);
  else ctx.arc(x + STREAM_AT, bottom - bendOf(top, bottom), isMarked ? 3.5 : 2, 0, 2 * Math.PI);
  ctx.fillStyle = isMarked || !isSum ? ink.ink : ink.paper;
  ctx.fill();
  if (!isSum) return;
  ctx.strokeStyle = ink.ink;
  ctx.lineWidth = 1.5;
  ctx.stroke();
  ctx.strokeStyle = ink.ink2;
}

/** A growing stream is as wide as its share of the widest one. */
function widthOf({ kind, channels: [before] }: StreamRow, most: number): number {
  if (kind === "sum") return SUM_WIDTH;
  return GROWN[0] + (GROWN[1] - GROWN[0]) * (before / Math.max(1, most));
}
