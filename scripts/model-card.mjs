/**
 * @file `npm run model-card -- public/models/NAME`: writes the card of a shipped network, README.md with two
 * pictures, from what lies in its folder: `about.md` (a person's words, no figures), `recipe.json` and
 * `curve.jsonl` (what `train --json` printed) of each cycle, and the network. Every figure on the card is
 * measured here; the test images are looked at for nothing else.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { curvePicture } from "./card/curve-picture.mjs";
import { allEpochs, cyclesOf } from "./card/cycles.mjs";
import { scalesPicture } from "./card/scales-picture.mjs";
import { ROOT } from "./setup/paths.mjs";

/** Shares of the channels that the card cuts away. */
const RATIOS = [0.3, 0.5, 0.7];
/** Below this a scale counts as dead; ours: sparse training leaves nothing near it. */
const DEAD = 1e-2;

/**
 * Runs our command line.
 * @param {string[]} args
 * @returns {any} its JSON
 */
function espalier(...args) {
  const script = join(ROOT, "scripts", "espalier.mjs");
  const answer = execFileSync(process.execPath, [script, ...args, "--json"], {
    cwd: ROOT,
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(answer.toString().slice(answer.indexOf("{")));
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(1)} %`;
/** @param {number} n */
const count = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, " ");
/** @param {{accuracy: number, interval: [number, number]}} found */
const accuracy = ({ accuracy: value, interval: [low, high] }) =>
  `${percent(value)} (${percent(low)} to ${percent(high)})`;

/**
 * Cuts by the preset, without any training after it.
 * @param {string} folder
 * @param {number} ratio
 */
function cutAt(folder, ratio) {
  const scratch = mkdtempSync(join(tmpdir(), "espalier-card-"));
  try {
    const out = join(scratch, "cut.safetensors");
    const preset = ["--preset", "network-slimming", "--ratio", String(ratio)];
    const { after } = espalier("prune", folder, ...preset, "-o", out);
    return { ratio, after, found: espalier("evaluate", out) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * The command of each cycle, which begins with what the one before it has left.
 * @param {import("./card/cycles.mjs").Cycle[]} cycles
 * @param {string} place
 * @param {{from: {name: string}, backend: string}} trained — of the last
 */
function commandsOf(cycles, place, trained) {
  const name = basename(place);
  const lastThreads = /(\d+) threads?$/.exec(trained.backend)?.[1] ?? "1";
  return cycles
    .map(({ recipeName, curveName }, index) => {
      const isLast = index === cycles.length - 1;
      const from = index === 0 ? trained.from.name : `${name}-cycle-${index}`;
      const out = isLast ? name : `${name}-cycle-${index + 1}`;
      const threads = isLast ? lastThreads : "1";
      return `npm run -s espalier -- train ${from} --recipe ${place}/${recipeName} --threads ${threads} --json -o ${out} > ${curveName}`;
    })
    .join("\n");
}

/**
 * @param {import("./card/cycles.mjs").Cycle} cycle
 * @returns {string} how long and by what
 */
function lengthOf({ recipe, epochs }) {
  const { training, regularizer } = recipe;
  const seconds = epochs.reduce((sum, { imagesPerSecond }) => sum + 45_000 / imagesPerSecond, 0);
  return `${epochs.length} epochs of the 45 000 training images in ${(seconds / 3600).toFixed(1)} hours (batch ${training.batchSize}, learning rate ${training.learningRate}, ${training.schedule.kind}, weight decay ${training.weightDecay}, L1 on the BN scales ${regularizer.strength ?? 0})`;
}

/** @param {string} path */
function writeCard(path) {
  const folder = resolve(path);
  const read = (/** @type {string} */ name) => readFileSync(join(folder, name), "utf8");
  const cycles = cyclesOf(folder);
  const epochs = allEpochs(cycles);
  const { trained } = JSON.parse(read("model.json")).userDefinedMetadata.espalier.metadata
    .provenance;
  const network = espalier("inspect", folder);
  const whole = espalier("evaluate", folder);
  const scales = espalier("score", folder, "--criterion", "bn-scale").groups.flatMap(
    (/** @type {{scores: number[]}} */ { scores }) => scores,
  );
  const dead = scales.filter((/** @type {number} */ scale) => scale < DEAD).length;
  const cuts = RATIOS.map((ratio) => cutAt(folder, ratio));
  const last = epochs[epochs.length - 1];
  const place = relative(ROOT, folder).replaceAll("\\", "/");
  writeFileSync(join(folder, "curve.svg"), curvePicture(epochs));
  writeFileSync(join(folder, "scales.svg"), scalesPicture(scales));
  writeFileSync(
    join(folder, "README.md"),
    `${read("about.md").trim()}

## Figures

| | parameters | MACs per image | test accuracy, 10 000 images, 95 % interval |
|---|---|---|---|
| as shipped | ${count(network.parameters)} | ${count(network.macs)} | ${accuracy(whole)} |
${cuts
  .map(
    ({ ratio, after, found }) =>
      `| ${ratio * 100} % of the channels cut, not fine-tuned | ${count(after.parameters)} | ${count(after.macs)} | ${accuracy(found)} |`,
  )
  .join("\n")}

${count(scales.length)} channels can be pruned; ${count(dead)} of them (${percent(dead / scales.length)}) have a BN scale below ${DEAD}.

![the BN scales](scales.svg)

## How it was trained

\`\`\`sh
${commandsOf(cycles, place, trained)}
npm run -s model-card -- ${place}
\`\`\`

${cycles.map(lengthOf).join("; then ")}, on ${cpus()[0]?.model.trim()} (${trained.backend}), shared with other work. At the end ${percent(last.accuracy)} on the augmented training images and ${percent(last.validation)} on the 5 000 held back, by which the recipe was chosen. The test images were used for the table above and for nothing else.

![accuracy by epoch](curve.svg)
`,
  );
  console.log(`wrote ${place}/README.md`);
}

for (const path of process.argv.slice(2)) writeCard(path);
if (process.argv.length < 3) {
  console.error(
    "Which network? `npm run model-card -- public/models/vgg13-sparse` writes its card.",
  );
  process.exitCode = 1;
}
