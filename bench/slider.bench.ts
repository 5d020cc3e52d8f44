/**
 * @file What one position of the ratio slider costs: the plan and its cost at random ratios, for
 * PreResNet-164 with its 12 112 BN scales and for DenseNet-BC-100; as the page has it, with every
 * option that touches a position, and straight to a target. The budget of a position is 2 ms in the
 * median; a frame has 16.
 */
import { makeRandom } from "../src/core/index.ts";
import { buildArchitecture } from "../src/model/index.ts";
import {
  costAt,
  planAllocation,
  planAt,
  preparePruning,
  type Plan,
  type PreparedPruning,
  type PruneOptions,
} from "../src/prune/index.ts";
import { quantile, sayWhere } from "./machine.ts";
import { withSparseScales } from "./scales.ts";

const WARMUPS = 100;
const POSITIONS = 1000;
const BUDGET_MS = 2;

const NETWORKS = ["preresnet-164", "densenet-bc-100"];
const ALL_OPTIONS: PruneOptions = {
  scope: "stage",
  rounding: { to: 8 },
  minimumShare: 0.1,
  streams: "prune",
  decider: "shortcut",
};

/** Times plan and cost at random ratios. */
function time(label: string, prepared: PreparedPruning, plan: (ratio: number) => Plan): void {
  const random = makeRandom(2);
  const times: number[] = [];
  let channels = 0;
  for (let i = 0; i < WARMUPS + POSITIONS; i++) {
    const ratio = random.uniform() * 0.95;
    const before = performance.now();
    const cost = costAt(prepared, plan(ratio));
    const ms = performance.now() - before;
    channels += cost.channels;
    if (i >= WARMUPS) times.push(ms);
  }
  if (channels === 0) throw new Error("internal: nothing was planned");
  const at = (share: number): string => quantile(times, share).toFixed(3);
  console.log(`  ${label}: median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`);
}

sayWhere("slider");
console.log(`plan + cost, ${POSITIONS} random ratios after ${WARMUPS} to warm up`);
console.log(`budget of a position: ${BUDGET_MS} ms in the median`);
for (const name of NETWORKS) {
  const network = withSparseScales(buildArchitecture(name, 1));
  const start = performance.now();
  const prepared = preparePruning(network, "bn-scale");
  const prepareMs = (performance.now() - start).toFixed(1);
  console.log(`${name}, ${prepared.ranking.sorted.length} scales, prepared in ${prepareMs} ms`);
  time("global threshold", prepared, (ratio) => planAt(prepared, { ratio }));
  const optional = preparePruning(network, "bn-scale", ALL_OPTIONS);
  time("by stage, in steps of 8", optional, (ratio) => planAt(optional, { ratio }));
  time("uniform", prepared, (ratio) => planAllocation(prepared, { kind: "uniform", ratio }));
  time("to a target of MACs, which is a search over some 14 positions", prepared, (ratio) =>
    planAllocation(prepared, { kind: "target", of: "macs", share: 1 - ratio }),
  );
}
