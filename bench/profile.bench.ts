/**
 * @file Where a training step on our kernels spends its time: every instruction run alone, in the order
 * of the step, in Node: `npm run bench -- profile preresnet-56 --batch 32 --threads 2`. With
 * `node --experimental-wasm-relaxed-simd scripts/bench.mjs profile …` multiply-add is fused.
 */
import process from "node:process";
import { readArgs } from "../src/cli/args.ts";
import { nodeKernels } from "../src/cli/kernels.ts";
import { known } from "../src/core/index.ts";
import { buildArchitecture } from "../src/model/index.ts";
import { CONTROL, INSTRUCTIONS } from "../src/runtime/spmd/instructions.ts";
import { openMachine } from "../src/runtime/spmd/machine.ts";
import { TrainingMemory, planTrainingMemory } from "../src/runtime/spmd/training-memory.ts";
import { quantile, sayWhere } from "./machine.ts";

const ROUNDS = 9;
const SETTINGS = {
  learningRate: 1e-6,
  momentum: 0.9,
  weightDecay: 1e-4,
  sparsity: 0,
  sparsityForm: "subgradient",
} as const;

const args = readArgs(process.argv.slice(2), {
  positionals: ["MODEL"],
  options: {
    batch: { value: "B", help: "images a step" },
    threads: { value: "N", help: "threads" },
    each: { help: "a line for every instruction" },
  },
});
const name = args.at(0);
const batch = args.whole("batch", 1) ?? 32;
const network = buildArchitecture(name, 1);
const machine = await openMachine(nodeKernels(args.whole("threads", 1)));
const plan = planTrainingMemory(network, batch, machine.threads);

// One step as it always is, so that every buffer holds what it holds in a step.
let memory: ReturnType<typeof machine.open> | undefined;
const watched = {
  ...machine,
  open: (bytes: number) => {
    memory = machine.open(bytes);
    return memory;
  },
};
const training = new TrainingMemory(plan, watched);
for (const [weight, { values }] of network.weights) training.weight(weight).set(values);
const images = Float32Array.from({ length: batch * 3072 }, (_, i) => Math.sin(i * 1.7 + (i % 7)));
const labels = Int32Array.from({ length: batch }, (_, i) => i % 10);
const step = async (): Promise<number> => {
  const start = performance.now();
  await training.step(images, labels, SETTINGS);
  return performance.now() - start;
};
for (let i = 0; i < 3; i++) await step();
const whole: number[] = [];
for (let i = 0; i < ROUNDS; i++) whole.push(await step());

const opened = known(memory, "memory");
const start = known(plan.linked.programs[0], "program");
const at = (): Int32Array => new Int32Array(opened.buffer, start);
const program = at().slice(0, wordsUntilEnd(at()));
const names = Object.keys(INSTRUCTIONS);
interface Line {
  readonly name: string;
  readonly words: string;
  readonly times: number[];
}
const lines: Line[] = [];
for (let word = 0; program[word] !== 0; word += program[word + 1] ?? 1) {
  const opcode = program[word] ?? 0;
  const kind = known(names[opcode - 1], "instruction");
  const fields: readonly string[] = INSTRUCTIONS[kind as keyof typeof INSTRUCTIONS];
  const sizes = fields
    .map((field, i) => [field, program[word + 2 + i] ?? 0] as const)
    .filter(([field]) => /^(c|channels|cin|cout|height|width|rows|columns|pixels|k)/.test(field));
  const words = sizes.map(([field, value]) => `${field} ${value}`).join(" ");
  lines.push({ name: kind, words, times: [] });
}
for (let round = 0; round < ROUNDS; round++) {
  let word = 0;
  for (const line of lines) {
    const length = program[word + 1] ?? 0;
    at().set(program.subarray(word, word + length));
    at()[length] = 0;
    const begin = performance.now();
    await opened.run(start);
    line.times.push(performance.now() - begin);
    word += length;
  }
  // The update of this round is over.
  new Int32Array(opened.buffer)[CONTROL.stage] = 0;
}
at().set(program);

const median = (times: readonly number[]): number => quantile(times, 0.5);
const total = lines.reduce((sum, { times }) => sum + median(times), 0);
sayWhere("profile");
console.log(`${name}, batch ${batch}, ${machine.description}`);
console.log(
  `a step ${median(whole).toFixed(2)} ms; its ${lines.length} instructions alone ${total.toFixed(2)} ms`,
);
const sums = [...new Set(lines.map(({ name: key }) => key))].map((key) => {
  const members = lines.filter((line) => line.name === key);
  const ms = members.reduce((sum, { times }) => sum + median(times), 0);
  return { key, count: members.length, ms };
});
for (const { key, count, ms } of sums.toSorted((a, b) => b.ms - a.ms)) {
  const share = ((100 * ms) / total).toFixed(1).padStart(5);
  console.log(`${ms.toFixed(2).padStart(9)} ms ${share} %  ${String(count).padStart(4)} × ${key}`);
}
if (args.has("each")) {
  console.log();
  for (const line of lines) {
    console.log(`${median(line.times).toFixed(3).padStart(9)} ms  ${line.name}  ${line.words}`);
  }
}
training.dispose();
machine.dispose();

/** With the 0 that ends it. */
function wordsUntilEnd(words: Int32Array): number {
  let word = 0;
  while (words[word] !== 0) word += words[word + 1] ?? 1;
  return word + 1;
}
