/**
 * @file Paints wires, leaves and twigs. A leaf is two curves from its base on the wire to its tip, all
 * leaves of a tone in one path, so that a whole trellis costs a few fills.
 */
import type { Ink, Pen } from "./ink.ts";
import {
  COS,
  leafLength,
  leafTone,
  leavesOf,
  placeLeaf,
  middleOf,
  reachOf,
  SIN,
  type TrellisScale,
} from "./trellis-geometry.ts";

/** One wire at its height. */
export interface Wire {
  readonly y: number;
  /** Scores from the largest down. */
  readonly scores: Float64Array;
  readonly kept: number;
  /** Channels before an earlier cut, for the end marks; 0 for none. */
  readonly former: number;
  /** The channels that are marked, by rank: pointed at, or looked into. */
  readonly marked?: readonly number[] | undefined;
  /** Of its own where it is a folded stage, or a line of a grown row. */
  readonly scale?: TrellisScale | undefined;
}

export interface TrellisFrame {
  /** The trunk. */
  readonly x: number;
  readonly halfWidth: number;
  readonly scale: TrellisScale;
  readonly ink: Ink;
}

/** The leaf's belly on either side of its axis, as a share of its length. */
const BELLY = 0.3;
const TWIG = 3.4;

/** All wires of one repaint. */
export function drawTrellis(ctx: Pen, wires: readonly Wire[], frame: TrellisFrame): void {
  const { x, halfWidth, ink } = frame;
  const lines = new Path2D();
  const stems = new Path2D();
  const leaves = ink.leaves.map(() => new Path2D());
  const bare = new Path2D();
  const twigs = new Path2D();
  const marks = new Path2D();
  for (const wire of wires) {
    const { scale = frame.scale } = wire;
    const y = Math.round(wire.y) + 0.5;
    lines.moveTo(x - halfWidth, y);
    lines.lineTo(x + halfWidth, y);
    const { leaves: count, green } = leavesOf(wire.scores.length, wire.kept, scale.each);
    const reach = Math.min(halfWidth, reachOf(count, scale));
    const living = Math.min(halfWidth, reachOf(green, scale) - (green > 0 ? scale.pitch * 0.5 : 0));
    for (const side of [1, -1]) {
      if (count > green) {
        bare.moveTo(x + side * Math.max(living, scale.gap), y);
        bare.lineTo(x + side * reach, y);
      }
      stems.moveTo(x, y);
      stems.lineTo(x + side * living, y);
    }
    for (let i = 0; i < count; i++) {
      const { x: along, side, lift } = placeLeaf(i, scale);
      const [dx, dy] = [side * COS, lift * SIN];
      if (i >= green) {
        const length = twigOf(scale);
        twigs.moveTo(x + along, y);
        twigs.lineTo(x + along + dx * length, y + dy * length);
        continue;
      }
      const score = wire.scores[i * scale.each] ?? 0;
      const path = leaves[leafTone(score, scale, leaves.length)];
      if (path === undefined) continue;
      addLeaf(path, x + along, y + lift * 0.4, dx, dy, leafLength(score, scale));
    }
    if (wire.former > wire.scores.length) {
      const was = Math.min(halfWidth, reachOf(Math.ceil(wire.former / scale.each), scale));
      for (const side of [1, -1]) {
        marks.moveTo(x + side * was, y - 4);
        marks.lineTo(x + side * was, y + 4);
      }
    }
  }
  stroke(ctx, lines, ink.line, 1.25);
  ctx.setLineDash([3, 1.5]);
  stroke(ctx, bare, ink.clay, 0.9);
  ctx.setLineDash([]);
  stroke(ctx, twigs, ink.clay, 1.1);
  stroke(ctx, stems, ink.leaf, 1.1);
  // A browser that cannot mix colours keeps the one that it has.
  ctx.fillStyle = ink.leaf;
  leaves.forEach((path, tone) => {
    ctx.fillStyle = ink.leaves[tone] ?? ink.leaf;
    ctx.fill(path);
  });
  stroke(ctx, marks, ink.half, 1.25);
}

/** The largest and the least ring around a marked leaf, CSS pixels. */
const RING = [8, 4.5] as const;

/** Rings the marked leaves, above all that is drawn: in ink, since the mark is the page's and no data. */
export function drawMarks(
  ctx: Pen,
  { y, scores, kept, marked = [], scale: own }: Wire,
  frame: TrellisFrame,
): void {
  const { x, ink } = frame;
  const scale = own ?? frame.scale;
  const { green } = leavesOf(scores.length, kept, scale.each);
  for (const rank of marked) {
    const index = Math.floor(rank / scale.each);
    const isGreen = index < green;
    const length = isGreen ? leafLength(scores[index * scale.each] ?? 0, scale) : twigOf(scale);
    const middle = middleOf(index, length, scale);
    const [mx, my] = [x + middle.x, Math.round(y) + 0.5 + middle.y];
    const ring = new Path2D();
    ring.arc(mx, my, Math.min(RING[0], Math.max(RING[1], length / 2 + 1.5)), 0, 2 * Math.PI);
    const { side, lift, x: along } = placeLeaf(index, scale);
    const leaf = new Path2D();
    const base = Math.round(y) + 0.5 + lift * 0.4;
    if (isGreen) addLeaf(leaf, x + along, base, side * COS, lift * SIN, length);
    else {
      leaf.moveTo(x + along, base);
      leaf.lineTo(x + along + side * COS * length, base + lift * SIN * length);
    }
    stroke(ctx, ring, ink.paper, 4);
    stroke(ctx, leaf, ink.ink, 1.25);
    if (isGreen) {
      ctx.fillStyle = ink.ink;
      ctx.fill(leaf);
    }
    stroke(ctx, ring, ink.ink, 1.5);
  }
}

const twigOf = ({ longest }: TrellisScale): number => Math.min(TWIG, longest * 0.45);

/** The leaf's outline from base to tip and back; (dx, dy) is its unit axis. */
function addLeaf(path: Path2D, x: number, y: number, dx: number, dy: number, length: number): void {
  const [ax, ay] = [dx * length, dy * length];
  const [nx, ny] = [-dy * length * BELLY, dx * length * BELLY];
  path.moveTo(x, y);
  path.bezierCurveTo(
    x + ax * 0.22 + nx,
    y + ay * 0.22 + ny,
    x + ax * 0.78 + nx * 0.92,
    y + ay * 0.78 + ny * 0.92,
    x + ax,
    y + ay,
  );
  path.bezierCurveTo(
    x + ax * 0.78 - nx * 0.92,
    y + ay * 0.78 - ny * 0.92,
    x + ax * 0.22 - nx,
    y + ay * 0.22 - ny,
    x,
    y,
  );
}

function stroke(ctx: Pen, path: Path2D, color: string, width: number): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.stroke(path);
}
