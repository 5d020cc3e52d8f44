/** @file Accuracy by epoch as an SVG, for a model card. */
import { axisText, LINE, picture } from "./picture.mjs";

const [WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [640, 260, 44, 24, 132, 36];

/**
 * @param {{epoch: number, accuracy: number, validation: number}[]} epochs
 * @returns {string}
 */
export function curvePicture(epochs) {
  const all = epochs.flatMap(({ accuracy, validation }) => [accuracy, validation]);
  const low = Math.floor(Math.min(...all) * 10) / 10;
  const last = epochs[epochs.length - 1];
  const x = (/** @type {number} */ epoch) =>
    LEFT + ((epoch - 1) / Math.max(1, last.epoch - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (/** @type {number} */ value) =>
    TOP + ((1 - value) / (1 - low)) * (HEIGHT - TOP - BOTTOM);
  const ticks = [];
  for (let value = low; value < 1.001; value += 0.1) {
    ticks.push(
      `<path d="M${LEFT} ${y(value).toFixed(1)}H${WIDTH - RIGHT}" class="grid"/>`,
      axisText(LEFT - 8, y(value) + 4, `${Math.round(value * 100)} %`, "end"),
    );
  }
  /** @param {"accuracy" | "validation"} key */
  const line = (key) =>
    `<polyline points="${epochs.map((one) => `${x(one.epoch).toFixed(1)},${y(one[key]).toFixed(1)}`).join(" ")}" class="${key}"/>`;
  // Two ends that would lie on each other stand one above the other.
  const gap = Math.max(0, 16 - Math.abs(y(last.validation) - y(last.accuracy))) / 2;
  const isAbove = last.accuracy >= last.validation;
  const label = (/** @type {"accuracy" | "validation"} */ key, /** @type {string} */ name) => {
    const shift = (key === "accuracy") === isAbove ? -gap : gap;
    const text = `${name} ${(last[key] * 100).toFixed(1)} %`;
    return axisText(WIDTH - RIGHT + 8, y(last[key]) + 4 + shift, text, "start");
  };
  return picture({
    width: WIDTH,
    height: HEIGHT,
    title: "Accuracy by epoch",
    style: `.accuracy,.validation{fill:none;stroke-width:1.75}.accuracy{stroke:${LINE.leaf}}.validation{stroke:${LINE.ink}}`,
    body: [
      ...ticks,
      axisText(x(1), HEIGHT - 12, "epoch 1", "start"),
      axisText(x(last.epoch), HEIGHT - 12, String(last.epoch), "middle"),
      line("accuracy"),
      line("validation"),
      label("accuracy", "training"),
      label("validation", "held back"),
    ],
  });
}
