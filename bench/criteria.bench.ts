/**
 * @file What scoring a full VGG-19 by its weights costs: L1, one pass over 20 million numbers, and FPGM,
 * the distances between all filters of each layer, on the kernels and in plain double precision. The
 * budget is 300 ms for L1 and FPGM together, the threads being there already. `--threads N`.
 */
import process from "node:process";
import { measureDistances } from "../src/analyze/index.ts";
import { readArgs } from "../src/cli/args.ts";
import { openInNode } from "../src/cli/backend.ts";
import { buildArchitecture } from "../src/model/index.ts";
import { readCriterion, scoreChannels, type Evidence } from "../src/prune/index.ts";
import { quantile, sayWhere } from "./machine.ts";

const ROUNDS = 9;
const BUDGET_MS = 300;

sayWhere("criteria");
const args = readArgs(process.argv.slice(2), {
  positionals: [],
  options: { threads: { value: "N", help: "threads" } },
});
const network = buildArchitecture("vgg19", 1);
const backend = await openInNode(args);
let scored = 0;
const score = (text: string, evidence?: Evidence): void => {
  scored += scoreChannels(network, readCriterion(text), "as-defined", evidence).size;
};
const fpgm = async (): Promise<void> => {
  score("fpgm", await measureDistances(network, () => Promise.resolve(backend)));
};

/** Wall clock, and beside it what all threads together worked, which a busy machine does not change. */
async function median(label: string, rounds: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  const worked: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const start = performance.now();
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    if (round < 0) continue;
    times.push(performance.now() - start);
    worked.push((user + system) / 1000);
  }
  const [least, middle, most] = [0, 0.5, 1].map((share) => quantile(times, share).toFixed(0));
  const processor = quantile(worked, 0.5).toFixed(0);
  console.log(
    `${label}: median ${middle} ms, least ${least}, most ${most}, of ${rounds}; ` +
      `${processor} ms of processor time`,
  );
  return quantile(times, 0.5);
}

const l1Ms = await median("L1", ROUNDS, () => score("l1"));
const fpgmMs = await median(`FPGM on ${backend.report.description}`, ROUNDS, fpgm);
await median("FPGM in plain double precision", 1, () => score("fpgm"));
const together = l1Ms + fpgmMs;
console.log(
  `budget: ${BUDGET_MS} ms for L1 and FPGM, which take ${together.toFixed(0)}: ` +
    `${(BUDGET_MS / together).toFixed(1)} times within it`,
);
if (scored === 0) throw new Error("internal: nothing was scored");
