/** @file A decoded picture → one square of bytes: cut to the middle square, each pixel the mean of what it covers. */
import { invariant } from "../../core/index.ts";

/** What a decoder gives: RGBA, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray | Uint8Array;
}

/**
 * Area average, so that a large photograph does not turn into noise; enlarging repeats pixels. Transparency
 * lies on white.
 * @param side — of the result, pixels
 * @returns `[side, side, 3]`
 */
export function shrink({ width, height, pixels }: Picture, side: number): Uint8Array {
  invariant(
    pixels.length === width * height * 4,
    `${pixels.length} values of ${width} × ${height}`,
  );
  const square = Math.min(width, height);
  const [left, top] = [(width - square) / 2, (height - square) / 2];
  const out = new Uint8Array(side * side * 3);
  for (let row = 0; row < side; row++) {
    const rows = spanOf(top + (row * square) / side, top + ((row + 1) * square) / side);
    for (let column = 0; column < side; column++) {
      const columns = spanOf(
        left + (column * square) / side,
        left + ((column + 1) * square) / side,
      );
      const color = meanOf(pixels, width, rows, columns);
      out.set(color, (row * side + column) * 3);
    }
  }
  return out;
}

/** Pixels that a stretch touches, each with how much of it. */
interface Span {
  readonly first: number;
  readonly shares: readonly number[];
}

function spanOf(from: number, to: number): Span {
  const first = Math.floor(from);
  const last = Math.max(first + 1, Math.ceil(to));
  const shares = Array.from(
    { length: last - first },
    (_, i) => Math.min(to, first + i + 1) - Math.max(from, first + i),
  );
  return { first, shares };
}

function meanOf(
  pixels: Picture["pixels"],
  width: number,
  rows: Span,
  columns: Span,
): readonly [number, number, number] {
  const sums = [0, 0, 0];
  let area = 0;
  for (const [i, high] of rows.shares.entries()) {
    for (const [j, wide] of columns.shares.entries()) {
      const at = ((rows.first + i) * width + columns.first + j) * 4;
      const share = high * wide;
      const alpha = (pixels[at + 3] ?? 255) / 255;
      for (let c = 0; c < 3; c++) {
        sums[c] = (sums[c] ?? 0) + share * ((pixels[at + c] ?? 0) * alpha + 255 * (1 - alpha));
      }
      area += share;
    }
  }
  const [red = 0, green = 0, blue = 0] = sums.map((sum) => Math.round(sum / area));
  return [red, green, blue];
}
