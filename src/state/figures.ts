/** @file The few numbers that commands put into words: labels of runs, what was measured. */

/** Narrow no-break space. */
const THIN = "\u202f";

/** A share as `62.5 %`, with no more decimals than it has. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))}${THIN}%`;
}

/** `10 000`. */
export function grouped(n: number): string {
  const digits = String(Math.round(n));
  return digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, THIN);
}

/** `378`, `73.2 k`, `5.6 M`, with three digits that count. */
export function amount(n: number): string {
  const short = Number(n.toPrecision(3));
  if (short >= 1e6) return `${short / 1e6}${THIN}M`;
  return short >= 1e3 ? `${short / 1e3}${THIN}k` : grouped(n);
}
