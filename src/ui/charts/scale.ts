/** @file An axis with round ticks: where a value stands, in CSS pixels. Pure numbers. */

/** One axis: from value to pixels. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  /** Round values within, ascending. */
  readonly ticks: readonly number[];
  /** In pixels; not held within the axis. */
  at(value: number): number;
}

/** Values from `low` to `high`, widened to round ones, on pixels `from` to `to`. */
export function makeScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  wanted = 5,
): Scale {
  const step = roundStep(Math.max((high - low) / wanted, Math.abs(high) * 1e-9) || 1);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
  const [start, end] = [first * step, last * step];
  return {
    low: start,
    high: end,
    ticks,
    at: (value) => from + ((value - start) / (end - start)) * (to - from),
  };
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `rough`. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}
