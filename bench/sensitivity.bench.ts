/**
 * @file All sensitivity curves of a network, ten ratios a group on 512 images: as the product measures
 * them, and every point cut and run from the image on. In Node on wasm, the two in turn, the order
 * alternating; the points must be the same. `npm run bench -- sensitivity public/models/vgg13-sparse`
 */
import process from "node:process";
import { evaluate, sensitivity } from "../src/analyze/index.ts";
import { readArgs } from "../src/cli/args.ts";
import { evaluationBatch, openInNode, withProgram } from "../src/cli/backend.ts";
import { COMMON, RUN_OPTIONS } from "../src/cli/command.ts";
import { testImages } from "../src/cli/images.ts";
import { openModel } from "../src/cli/open-model.ts";
import { applyPlan, planGroupAt, preparePruning } from "../src/prune/index.ts";
import { io } from "./io.ts";
import { quantile, sayWhere } from "./machine.ts";

const IMAGES = 512;
/** None of them 0, which the product answers without running anything. */
const RATIOS = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95];

const args = readArgs(process.argv.slice(2), {
  positionals: ["MODEL"],
  options: {
    rounds: { value: "N", help: "rounds; 5" },
    limit: { value: "N", help: "images; 512" },
    ...RUN_OPTIONS,
    ...COMMON,
  },
});
const { network } = await openModel(args, io);
const prepared = preparePruning(network, "bn-scale");
const images = await testImages(args, io, network, IMAGES);
const backend = await openInNode(args);
const batch = await evaluationBatch(args, network, backend);

/** "conv1 0.3" → images right. */
type Points = Map<string, number>;

async function asTheProduct(): Promise<Points> {
  const points: Points = new Map();
  const plan = { network, prepared, ratios: RATIOS, images, batch };
  await sensitivity(plan, backend, {
    onPoint: ({ group, ratio, evaluation }) => {
      points.set(`${group} ${ratio}`, evaluation.correct);
    },
  });
  return points;
}

async function fromTheImage(): Promise<Points> {
  const points: Points = new Map();
  for (const group of prepared.scores.keys()) {
    for (const ratio of RATIOS) {
      const cut = applyPlan(network, prepared.table, planGroupAt(prepared, group, ratio));
      const { correct } = await withProgram(cut, backend, batch, (program) =>
        evaluate(program, images),
      );
      points.set(`${group} ${ratio}`, correct);
    }
  }
  return points;
}

sayWhere("sensitivity");
const ways = [asTheProduct, fromTheImage];
const [seconds, processor]: [number[][], number[][]] = [
  [[], []],
  [[], []],
];
const rounds = args.whole("rounds", 1) ?? 5;
for (let round = 0; round < rounds; round++) {
  const found: Points[] = [];
  for (const way of round % 2 === 0 ? [0, 1] : [1, 0]) {
    const [start, before] = [performance.now(), process.cpuUsage()];
    found[way] = (await ways[way]?.()) ?? new Map();
    const { user, system } = process.cpuUsage(before);
    seconds[way]?.push((performance.now() - start) / 1000);
    processor[way]?.push((user + system) / 1e6);
  }
  const [ours, plain] = found;
  for (const [point, correct] of plain ?? []) {
    if (ours?.get(point) !== correct) throw new Error(`internal: ${point} differs`);
  }
}
const show = (values: readonly number[]): string => {
  const [median, least, most] = [0.5, 0, 1].map((share) => quantile(values, share).toFixed(2));
  return `${median} (${least} to ${most})`;
};
console.log(
  `${network.name}, ${prepared.scores.size} groups × ${RATIOS.length} ratios, ` +
    `${images.indices.length} images, batch ${batch}, ${backend.report.description}; ` +
    `${rounds} rounds, points equal`,
);
for (const [clock, [ours = [], plain = []]] of [
  ["wall clock", seconds],
  ["processor time", processor],
] as const) {
  const ratios = plain.map((time, round) => time / (ours[round] ?? NaN));
  console.log(
    `${clock}: ${show(ours)} s, from the image on ${show(plain)} s: ` +
      `${show(ratios)} times faster, goal 3`,
  );
}
