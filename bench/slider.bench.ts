/**
 * @file What one position of the ratio slider costs: the plan and its cost, for PreResNet-164 with its
 * 12 112 BN scales, at random ratios. The budget is 2 ms in the median; a frame has 16.
 */
import { makeRandom } from "../src/core/index.ts";
import { buildArchitecture, type Network } from "../src/model/index.ts";
import { costAt, planAt, preparePruning } from "../src/prune/index.ts";
import { quantile, sayWhere } from "./machine.ts";

const WARMUPS = 100;
const POSITIONS = 1000;

/** Scales as after sparse training: most small, some large, no two alike. */
function withScales(network: Network): Network {
  const random = makeRandom(1);
  const weights = new Map(network.weights);
  for (const [name, { shape, values }] of network.weights) {
    if (!name.endsWith("/gamma")) continue;
    const scales = values.map(() => (random.uniform() < 0.6 ? 1e-3 : 0.3) * random.uniform());
    weights.set(name, { shape, values: scales });
  }
  return { ...network, weights };
}

sayWhere("slider");
const network = withScales(buildArchitecture("preresnet-164", 1));
const start = performance.now();
const prepared = preparePruning(network, "bn-scale");
const prepareMs = performance.now() - start;

const random = makeRandom(2);
const times: number[] = [];
let channels = 0;
for (let i = 0; i < WARMUPS + POSITIONS; i++) {
  const ratio = random.uniform() * 0.95;
  const before = performance.now();
  const cost = costAt(prepared, planAt(prepared, { ratio }));
  const ms = performance.now() - before;
  channels += cost.channels;
  if (i >= WARMUPS) times.push(ms);
}
const at = (share: number): string => quantile(times, share).toFixed(3);
console.log(
  `preparing once: ${prepareMs.toFixed(1)} ms for ${prepared.ranking.sorted.length} scales`,
);
console.log(
  `plan + cost: median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms, ` +
    `of ${POSITIONS} random ratios after ${WARMUPS} to warm up`,
);
console.log(
  `budget: 2 ms in the median, so ${(2 / quantile(times, 0.5)).toFixed(1)} times within it`,
);
if (channels === 0) throw new Error("internal: nothing was planned");
