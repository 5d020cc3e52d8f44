/**
 * @file Numbers as people read them: thin spaces between thousands and before units, a true minus
 * sign, never NaN. What is not a finite number becomes an en dash, so that a gap is a gap.
 */

/** Narrow no-break space. */
export const THIN = "\u202f";
const MINUS = "\u2212";
const NOTHING = "\u2013";

/** A number with its unit apart, for figures that set the unit smaller. */
export interface Figure {
  readonly value: string;
  readonly unit: string;
}

/** `10 000`, rounded to a whole number. */
export function count(n: number): string {
  if (!Number.isFinite(n)) return NOTHING;
  const digits = String(Math.abs(Math.round(n)));
  const grouped = digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, THIN);
  return n <= -0.5 ? MINUS + grouped : grouped;
}

/** With a fixed number of decimals and a true minus. */
export function fixed(n: number, digits: number): string {
  if (!Number.isFinite(n)) return NOTHING;
  const text = Math.abs(n).toFixed(digits);
  return n < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** With a fixed number of decimals, and from 10 000 on to three digits, as in `3.27e14`: what has no bound has room. */
export function bounded(n: number, digits: number): string {
  if (Math.abs(n) < 1e4 || !Number.isFinite(n)) return fixed(n, digits);
  return n.toExponential(2).replace("e+", "e").replace(/^-/, MINUS);
}

/** A share in 0…1 as `62.5`; whole numbers lose their decimals when `trim` is set. */
export function percentValue(share: number, digits = 1, trim = false): string {
  const text = fixed(share * 100, digits);
  return trim ? text.replace(/\.0+$/, "") : text;
}

/** A share in 0…1 as `62.5 %`. */
export function percent(share: number, digits = 1, trim = false): string {
  return `${percentValue(share, digits, trim)}${THIN}%`;
}

/** Units of large counts, the largest first. */
const SIZES = [
  { of: 1e9, unit: "G" },
  { of: 1e6, unit: "M" },
  { of: 1e3, unit: "k" },
] as const;

/** Large counts in thousands, millions or billions: `378`, `9.22 k`, `73.2 k`, `520 k`, `6.28 M`, `313.5 M`. */
export function large(n: number): Figure {
  if (!Number.isFinite(n)) return { value: NOTHING, unit: "" };
  // What would be rounded to a thousand of one unit is one of the next.
  const size = SIZES.find(({ of }) => Math.abs(n) >= of * 0.9995);
  if (size === undefined) return { value: count(n), unit: "" };
  const scaled = n / size.of;
  const [two, one] = size.unit === "k" ? [9.995, 99.95] : [99.995, Infinity];
  const digits = Math.abs(scaled) < two ? 2 : Math.abs(scaled) < one ? 1 : 0;
  return { value: fixed(scaled, digits), unit: size.unit };
}

export function largeText(n: number): string {
  const { value, unit } = large(n);
  return unit === "" ? value : `${value}${THIN}${unit}`;
}

const SPOKEN: Readonly<Record<string, string>> = {
  k: " thousand",
  M: " million",
  G: " billion",
};

/** `5.60 million`, for a screen reader. */
export function largeSpoken(n: number): string {
  const { value, unit } = large(n);
  return `${value}${SPOKEN[unit] ?? ""}`;
}

/** `0.47 MB`; powers of ten, as file managers count. */
export function bytes(n: number): string {
  if (!Number.isFinite(n)) return NOTHING;
  return `${bytesLike(n, n)}${THIN}${n < 1000 ? "bytes" : n < 1e5 ? "kB" : "MB"}`;
}

/** So many bytes in the unit of a whole, and without it: `0.10` of `1.82 MB`. */
export function bytesLike(n: number, whole: number): string {
  if (whole < 1000) return count(n);
  if (whole < 1e5) return fixed(n / 1e3, 1);
  return fixed(n / 1e6, whole < 1e8 ? 2 : 0);
}

/** A change relative to `before`: `−78 %`. */
export function relative(now: number, before: number): string {
  if (!(before > 0) || !Number.isFinite(now)) return NOTHING;
  const exact = (now / before - 1) * 100;
  // All but a little is not all.
  if (now > 0 && exact < -99.5) {
    return `${MINUS}${(Math.floor(-exact * 10) / 10).toFixed(1)}${THIN}%`;
  }
  const change = Math.round(exact);
  return `${change > 0 ? "+" : change < 0 ? MINUS : "\u00b1"}${Math.abs(change)}${THIN}%`;
}

/** A difference of two shares in percentage points: `−0.2 pt`. */
export function points(now: number, before: number): string {
  const change = (now - before) * 100;
  if (!Number.isFinite(change)) return NOTHING;
  return `${signed(change, 1)}${THIN}pt`;
}

/** With a sign in front, as of a change: `+0.05`, `±0.00`. */
export function signed(n: number, digits: number): string {
  if (!Number.isFinite(n)) return NOTHING;
  const text = Math.abs(n).toFixed(digits);
  return `${Number(text) === 0 ? "\u00b1" : n > 0 ? "+" : MINUS}${text}`;
}

/** Half the width of an interval, as `0.6`. */
export function halfWidth([low, high]: readonly [number, number]): string {
  return fixed(((high - low) / 2) * 100, 1);
}

/** Seconds as `0.4 s`, `12 s`, `1 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return NOTHING;
  if (seconds < 10) return `${fixed(seconds, 1)}${THIN}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${THIN}s`;
  if (whole < 600) return `${Math.floor(whole / 60)}${THIN}min ${whole % 60}${THIN}s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes}${THIN}min`;
  return `${Math.floor(minutes / 60)}${THIN}h ${minutes % 60}${THIN}min`;
}

/** Milliseconds an image: `0.24`, `12.3`. */
export function milliseconds(ms: number): string {
  return fixed(ms, ms < 1 ? 2 : ms < 10 ? 2 : 1);
}

/** A score or threshold to two or three digits: `0.043`, `1.2e−5`. */
export function score(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3) return value.toExponential(1).replace("e-", `e${MINUS}`);
  return fixed(value, size < 0.1 ? 3 : size < 10 ? 2 : 1);
}

/** A few figures of pixels to four digits, with as many decimals each: `0.2023, 0.1994, 0.2010`. */
export function figures(list: readonly number[]): string {
  const rounded = list.map((figure) => Number(figure.toPrecision(4)));
  const decimals = rounded.map(
    (figure) =>
      figure
        .toFixed(10)
        .replace(/\.?0+$/, "")
        .split(".")[1],
  );
  const most = Math.max(0, ...decimals.map((digits) => digits?.length ?? 0));
  return rounded.map((figure) => figure.toFixed(most)).join(", ");
}

/** `1 layer`, `3 layers`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
