/** @file A ridge plot's outlines: every row a filled curve on a base line of its own, the newest in front. */

export interface RidgeRow {
  readonly step: number;
  readonly counts: ArrayLike<number>;
}

export interface RidgeLine {
  readonly step: number;
  /** An SVG path, closed along its base. */
  readonly path: string;
}

/** Share of the height that the highest hump may take; the rest spreads the base lines. */
const RISE = 0.35;

/**
 * @param rows — from the first to the newest
 * @returns in the order in which they are to be drawn: the first row highest and at the back
 */
export function ridgeOf(
  rows: readonly RidgeRow[],
  width: number,
  height: number,
): readonly RidgeLine[] {
  const most = Math.max(1, ...rows.flatMap(({ counts }) => Array.from(counts)));
  const rise = height * RISE;
  const between = (height - rise) / Math.max(1, rows.length - 1);
  return rows.map(({ step, counts }, row) => {
    const base = rise + row * between;
    const x = (bin: number): number => ((bin + 0.5) / counts.length) * width;
    const tops = Array.from(counts, (n, bin) => {
      const y = base - (n / most) * rise;
      return `L${x(bin).toFixed(1)} ${y.toFixed(1)}`;
    });
    return { step, path: `M0 ${base.toFixed(1)}${tops.join("")}L${width} ${base.toFixed(1)}Z` };
  });
}
