/**
 * @file The bars of a histogram as rectangles: of each what stays, green from the ground up, and what goes,
 * hatched on top of it. Canvases and saved drawings are made of the same.
 */

/** CSS pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Bars {
  readonly kept: readonly Rect[];
  readonly removed: readonly Rect[];
}

export interface BarsOf {
  readonly counts: ArrayLike<number>;
  /** The count of the highest bar that there is room for. */
  readonly most: number;
  /** What of each goes. */
  readonly gone: ArrayLike<number>;
  /** Heights follow the logarithm of the counts, so that a high bar leaves low ones to be seen. */
  readonly isLog?: boolean;
}

/** How high a count stands, as a share of the highest; on a logarithmic scale one more than it counts, so that 0 is 0. */
export function shareOfMost(n: number, most: number, isLog = false): number {
  const highest = Math.max(1, most);
  return isLog ? Math.log1p(n) / Math.log1p(highest) : n / highest;
}

/** Counts to write beside bars: powers of ten, or up to three round ones. */
export function countTicks(most: number, isLog = false): readonly number[] {
  if (isLog) {
    const powers = Array.from({ length: Math.floor(Math.log10(Math.max(1, most))) + 1 });
    return powers.map((_, power) => 10 ** power);
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most / 3)));
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => size * 3 >= most) ?? power;
  return [1, 2, 3].map((n) => n * step).filter((n) => n <= most);
}

/** @param place — where they stand: from the ground up */
export function barsOf({ counts, most, gone, isLog }: BarsOf, place: Rect): Bars {
  const step = place.width / counts.length;
  const gap = step > 4 ? 0.75 : 0.25;
  const ground = place.y + place.height;
  const [kept, removed]: [Rect[], Rect[]] = [[], []];
  for (let i = 0; i < counts.length; i++) {
    const n = counts[i] ?? 0;
    if (n === 0) continue;
    const left = n - (gone[i] ?? 0);
    const height = Math.max(2, shareOfMost(n, most, isLog) * place.height);
    const stays =
      left === n ? height : Math.min(height, shareOfMost(left, most, isLog) * place.height);
    const [x, width] = [place.x + i * step + gap, step - 2 * gap];
    if (stays > 0) kept.push({ x, y: ground - stays, width, height: stays });
    if (stays < height) removed.push({ x, y: ground - height, width, height: height - stays });
  }
  return { kept, removed };
}

/** A kept share as one bar, as in the sheet. */
export function shareBar(share: number, { x, y, width, height }: Rect): Bars {
  const cut = width * Math.min(1, Math.max(0, share));
  const whole = { y, height };
  return {
    kept: cut > 0 ? [{ ...whole, x, width: cut }] : [],
    removed: cut < width ? [{ ...whole, x: x + cut, width: width - cut }] : [],
  };
}
