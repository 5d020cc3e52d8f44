/**
 * @file How far training and inference are from what the machine allows: for each network of the speed
 * table the vector operations and bytes that its instructions cannot do without, the time that these
 * take at the measured peaks, and the time that a step takes, in Node.
 * `node --experimental-wasm-relaxed-simd scripts/bench.mjs roofline --markdown` has multiply-add fused.
 */
import process from "node:process";
import { readArgs } from "../src/cli/args.ts";
import { openInNode, withProgram } from "../src/cli/backend.ts";
import { costOf, type Network } from "../src/model/index.ts";
import type { Program } from "../src/runtime/index.ts";
import type { PlacedInstruction } from "../src/runtime/spmd/listing.ts";
import { planInferenceMemory } from "../src/runtime/spmd/inference-memory.ts";
import { planTrainingMemory } from "../src/runtime/spmd/training-memory.ts";
import { quantile, whereLines } from "./machine.ts";
import { boundOf, type Bound } from "./roofline/bound.ts";
import { measurePeaks } from "./roofline/peaks.ts";
import { batchOf, nameOf, networkOf } from "./train/network.ts";
import type { Load } from "./train/peer.ts";
import { WORKS } from "./train/works.ts";

const SETTINGS = {
  learningRate: 1e-6,
  momentum: 0.9,
  weightDecay: 1e-4,
  sparsity: 0,
  sparsityForm: "subgradient",
} as const;
const ROUNDS = 9;

const args = readArgs(process.argv.slice(2), {
  positionals: [],
  options: {
    threads: { value: "N", help: "threads; 2" },
    work: { value: "TEXT", help: "works whose name contains it" },
    markdown: { help: "a table for docs/performance.md" },
  },
});
const threads = args.whole("threads", 1) ?? 2;
const wanted = WORKS.filter(
  ({ section, name }) =>
    (section === "train" || section === "forward") && name.includes(args.text("work") ?? ""),
);

function instructionsOf(
  kind: "train" | "forward",
  network: Network,
  batch: number,
): readonly PlacedInstruction[] {
  if (kind === "train")
    return planTrainingMemory(network, batch, threads).lowered.listing.instructions;
  return planInferenceMemory(network, batch, threads).lowered.listing.instructions;
}

/** Median milliseconds of a call, after two to warm up. */
async function timed(program: Program, kind: "train" | "forward"): Promise<number> {
  const { images, labels } = batchOf(program.network, program.batch);
  const times: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const start = performance.now();
    if (kind === "train") await program.step(images, labels, SETTINGS);
    else await program.forward(images);
    if (round >= 0) times.push(performance.now() - start);
  }
  return quantile(times, 0.5);
}

interface Row {
  readonly name: string;
  readonly bound: Bound;
  readonly plainOperations: number;
  readonly images: number;
  readonly ms: number;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const [command, machine] = whereLines("roofline");
const peaks = await measurePeaks(threads);
const backend = await openInNode(args);
const rows: Row[] = [];
for (const { name, kind, entrants } of wanted) {
  const load: Load | undefined = entrants[0]?.load;
  if (load === undefined || kind === "evaluate") continue;
  say(`${name} …`);
  const network = networkOf(load);
  const ms = await withProgram(network, backend, load.batch, (program) => timed(program, kind));
  const bound = boundOf(instructionsOf(kind, network, load.batch), load.batch, peaks);
  // A plain convolution's: one multiply-add a MAC and pass, four to a vector.
  const passes = kind === "train" ? 3 : 1;
  const plainOperations = (costOf(network).macs * passes * load.batch) / 4;
  rows.push({
    name: `${kind} ${nameOf(load)}, batch ${load.batch}`,
    bound,
    plainOperations,
    images: load.batch,
    ms,
  });
}

const fixed = (value: number, digits = 1): string => value.toFixed(digits);
const cells = ({ name, bound, plainOperations, images, ms }: Row): readonly string[] => [
  name,
  fixed(plainOperations / bound.operations, 2),
  fixed(bound.operationsMs),
  fixed(bound.bytesMs),
  fixed(bound.ms),
  fixed(ms),
  `${fixed((100 * bound.ms) / ms, 0)} %`,
  fixed((1000 * images) / bound.ms, 0),
];
const HEAD = [
  "work",
  "plain operations for each done",
  "operations, ms",
  "bytes, ms",
  "bound, ms",
  "measured, ms",
  "share",
  "images/s at the bound",
];
const peakLine =
  `Peaks on ${threads} threads: ${fixed(peaks.operations / 1e9)} G vector operations/s ` +
  `(${peaks.isFused ? "fused, " : "multiply and add, "}${fixed((peaks.operations * 8) / 1e9, 0)} GFLOP/s), ` +
  `${fixed(peaks.bytes / 1e9)} GB/s over maps of 8 MB; ${backend.report.description}.`;
if (args.has("markdown")) {
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  const table = [HEAD, HEAD.map(() => "---"), ...rows.map(cells)].map(line);
  console.log([`\`${command}\``, machine, "", peakLine, "", ...table].join("\n"));
} else {
  console.log(`${command}\n${machine}\n\n${peakLine}`);
  for (const row of rows) {
    console.log(
      cells(row)
        .map((cell, i) => (i === 0 ? cell : `${HEAD[i]} ${cell}`))
        .join("; "),
    );
  }
}
process.exit();
