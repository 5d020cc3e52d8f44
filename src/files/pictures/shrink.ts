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
  const spansFrom = (start: number): readonly Span[] =>
    Array.from({ length: side }, (_, i) =>
      spanOf(start + (i * square) / side, start + ((i + 1) * square) / side),
    );
  const columns = spansFrom(left);
  const out = new Uint8Array(side * side * 3);
  for (const [row, rows] of spansFrom(top).entries()) {
    for (let column = 0; column < side; column++) {
      const place = (row * side + column) * 3;
      writeMean({ pixels, width }, [rows, columns[column] as Span], out, place);
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

/** Numbers alone in its loops: of a photograph it visits every pixel. */
function writeMean(
  { pixels, width }: Pick<Picture, "pixels" | "width">,
  [rows, columns]: readonly [Span, Span],
  out: Uint8Array,
  place: number,
): void {
  let [red, green, blue, area] = [0, 0, 0, 0];
  for (let i = 0; i < rows.shares.length; i++) {
    for (let j = 0; j < columns.shares.length; j++) {
      const at = ((rows.first + i) * width + columns.first + j) * 4;
      const share = (rows.shares[i] as number) * (columns.shares[j] as number);
      const alpha = (pixels[at + 3] ?? 255) / 255;
      const white = 255 * (1 - alpha);
      red += share * ((pixels[at] ?? 0) * alpha + white);
      green += share * ((pixels[at + 1] ?? 0) * alpha + white);
      blue += share * ((pixels[at + 2] ?? 0) * alpha + white);
      area += share;
    }
  }
  out[place] = Math.round(red / area);
  out[place + 1] = Math.round(green / area);
  out[place + 2] = Math.round(blue / area);
}
