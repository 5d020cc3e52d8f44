/**
 * @file The cycles in which a shipped network was trained: mostly one, `recipe.json` with `curve.jsonl`; a
 * second, which began with the network that the first had left, lies beside it as `recipe-2.json` with
 * `curve-2.jsonl`, and so on.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{epoch: number, accuracy: number, validation: number, loss: number, imagesPerSecond: number}} Epoch */
/** @typedef {{recipeName: string, curveName: string, recipe: any, epochs: Epoch[]}} Cycle */

/**
 * The cycles in order.
 * @param {string} folder
 * @returns {Cycle[]}
 */
export function cyclesOf(folder) {
  /** @type {Cycle[]} */
  const cycles = [];
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? "" : `-${number}`;
    const [recipeName, curveName] = [`recipe${suffix}.json`, `curve${suffix}.jsonl`];
    if (!existsSync(join(folder, recipeName))) return cycles;
    const read = (/** @type {string} */ name) => readFileSync(join(folder, name), "utf8");
    cycles.push({
      recipeName,
      curveName,
      recipe: JSON.parse(read(recipeName)),
      epochs: epochsOf(read(curveName)),
    });
  }
}

/**
 * All epochs, counted through.
 * @param {Cycle[]} cycles
 * @returns {Epoch[]}
 */
export function allEpochs(cycles) {
  return cycles
    .flatMap(({ epochs }) => epochs)
    .map((epoch, index) => ({ ...epoch, epoch: index + 1 }));
}

/**
 * The epochs in order; of one that was run twice, after a stop, the last.
 * @param {string} text — JSON lines
 * @returns {Epoch[]}
 */
function epochsOf(text) {
  const lines = text.split("\n").filter((line) => line !== "");
  const byEpoch = new Map(lines.map((line) => [JSON.parse(line).epoch, JSON.parse(line)]));
  return [...byEpoch.values()].toSorted((a, b) => a.epoch - b.epoch);
}
