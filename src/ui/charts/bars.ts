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
}

/** @param place — where they stand: from the ground up */
export function barsOf({ counts, most, gone }: BarsOf, place: Rect): Bars {
  const step = place.width / counts.length;
  const gap = step > 4 ? 0.75 : 0.25;
  const ground = place.y + place.height;
  const [kept, removed]: [Rect[], Rect[]] = [[], []];
  for (let i = 0; i < counts.length; i++) {
    const n = counts[i] ?? 0;
    if (n === 0) continue;
    const height = Math.max(2, (n / Math.max(1, most)) * place.height);
    const stays = height * (1 - (gone[i] ?? 0) / n);
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
