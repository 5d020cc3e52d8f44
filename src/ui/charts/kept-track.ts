/**
 * @file Where a layer's kept part ends, and how many channels end at a place: along its bar, or along its
 * wire where there is no bar. And which of the numbers that it can have is meant by one that it cannot.
 */
import { reachOf, type TrellisScale } from "./trellis-geometry.ts";

/** A layer's channels along a line, CSS pixels. */
export interface KeptTrack {
  xOf(kept: number): number;
  /** Not rounded, and beyond the ends too. */
  keptAt(x: number): number;
}

export function barTrack({ x, width }: { x: number; width: number }, of: number): KeptTrack {
  return {
    xOf: (kept) => x + (kept / of) * width,
    keptAt: (at) => ((at - x) / width) * of,
  };
}

/** Along the right half of a wire: the tip of its leaves, which stand right and left in turn. */
export function wireTrack(
  { x, width }: { x: number; width: number },
  { each, ...scale }: Pick<TrellisScale, "each" | "pitch" | "gap">,
): KeptTrack {
  const trunk = x + width / 2;
  return {
    xOf: (kept) => trunk + Math.min(width / 2, reachOf(Math.ceil(kept / each), scale)),
    keptAt: (at) => ((at - trunk - scale.gap) / scale.pitch) * 2 * each,
  };
}

/**
 * The nearest of some numbers.
 * @param widths — ascending, at least one
 */
export function nearestWidth(widths: readonly number[], wanted: number): number {
  return widths.reduce((best, width) =>
    Math.abs(width - wanted) < Math.abs(best - wanted) ? width : best,
  );
}

/**
 * The number that a key leads to from another one; undefined for a key that means none.
 * @param widths — ascending, at least one
 */
export function steppedWidth(
  widths: readonly number[],
  now: number,
  key: string,
): number | undefined {
  const at = widths.indexOf(nearestWidth(widths, now));
  const page = Math.max(1, Math.round(widths.length / 10));
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowUp: 1,
    ArrowLeft: -1,
    ArrowDown: -1,
    PageUp: page,
    PageDown: -page,
    Home: -widths.length,
    End: widths.length,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  return widths[Math.min(widths.length - 1, Math.max(0, at + step))];
}
