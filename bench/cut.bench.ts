/**
 * @file What carrying out a plan costs: VGG-19 with its 20 million parameters, cut at several ratios. The
 * budget is 200 ms in the median. Processor time, which other programs on the machine do not lengthen,
 * stands beside the wall clock.
 */
import { buildArchitecture } from "../src/model/index.ts";
import { cutNetwork, planAt, preparePruning } from "../src/prune/index.ts";
import { quantile, sayWhere } from "./machine.ts";
import { withSparseScales } from "./scales.ts";

const RATIOS = [0, 0.3, 0.5, 0.7, 0.9];
const ROUNDS = 10;

sayWhere("cut");
const network = withSparseScales(buildArchitecture("vgg19", 1));
const prepared = preparePruning(network, "bn-scale");

for (const ratio of RATIOS) {
  const plan = planAt(prepared, { ratio });
  const [wall, processor]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const [start, before] = [performance.now(), process.cpuUsage()];
    cutNetwork(network, plan);
    const { user, system } = process.cpuUsage(before);
    wall.push(performance.now() - start);
    processor.push((user + system) / 1000);
  }
  const figures = (times: number[]): string =>
    `median ${quantile(times, 0.5).toFixed(0)} ms, most ${quantile(times, 1).toFixed(0)} ms`;
  console.log(`ratio ${ratio}: processor ${figures(processor)}; wall ${figures(wall)}`);
}
console.log(`of ${ROUNDS} cuts each; budget: 200 ms in the median`);
