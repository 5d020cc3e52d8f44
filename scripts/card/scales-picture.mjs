/** @file The BN scales of a network in bins over a logarithmic axis as an SVG, for a model card. */
import { axisText, LINE, picture } from "./picture.mjs";

const [WIDTH, HEIGHT, SIDE, TOP, BOTTOM] = [640, 200, 24, 28, 32];
const BINS = 60;
/** Decades of the axis; what is smaller stands in the first bin. */
const [LOW, HIGH] = [-6, 0.5];

/**
 * @param {number[]} scales — |γ|
 * @returns {string}
 */
export function scalesPicture(scales) {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const scale of scales) {
    const at = Math.floor(((Math.log10(Math.max(scale, 10 ** LOW)) - LOW) / (HIGH - LOW)) * BINS);
    counts[Math.min(BINS - 1, at)]++;
  }
  const most = Math.max(...counts);
  const step = (WIDTH - 2 * SIDE) / BINS;
  const ground = HEIGHT - BOTTOM;
  const x = (/** @type {number} */ power) => SIDE + ((power - LOW) / (HIGH - LOW)) * BINS * step;
  const bars = counts.map((n, i) => {
    const height = (n / most) * (ground - TOP);
    const place = `x="${(SIDE + i * step + 0.5).toFixed(1)}" y="${(ground - height).toFixed(1)}"`;
    return n === 0
      ? ""
      : `<rect ${place} width="${(step - 1).toFixed(1)}" height="${height.toFixed(1)}" class="bar"/>`;
  });
  const powers = Array.from({ length: Math.floor(HIGH) - LOW + 1 }, (_, i) => LOW + i);
  return picture({
    width: WIDTH,
    height: HEIGHT,
    title: `BN scales |γ|, ${most} channels in the tallest bin`,
    style: `.bar{fill:${LINE.leaf}}`,
    body: [
      axisText(SIDE, 16, `BN scale |γ|, ${scales.length} channels`, "start"),
      ...bars,
      `<path d="M${SIDE} ${ground}H${WIDTH - SIDE}" class="grid"/>`,
      ...powers.map((power) => {
        const text =
          power === LOW
            ? `≤ 10${superscript(power)}`
            : power < -2
              ? `10${superscript(power)}`
              : String(10 ** power);
        return axisText(x(power), HEIGHT - 10, text, power === LOW ? "start" : "middle");
      }),
    ],
  });
}

/** @param {number} n */
function superscript(n) {
  return Array.from(String(n), (c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");
}
