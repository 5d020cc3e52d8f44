/**
 * @file Training and inference of whole networks in headless Chromium, beside native PyTorch, stock
 * TensorFlow.js and onnxruntime-web, in one run. What is measured and what is asked of it stands in
 * `train/works.ts`, how in `train/rounds.ts`.
 */
import { whereLines } from "./machine.ts";
import { ensureOnnxRuntime } from "./train/onnxruntime.ts";
import { readOptions, type Options } from "./train/options.ts";
import { servePage } from "./train/page.ts";
import { Peers } from "./train/peers.ts";
import { linesOf, markdownOf, memoryLine, type MemoryLine } from "./train/report.ts";
import { measure, type Measured } from "./train/rounds.ts";

async function compare({ works, remembered, effort, markdown }: Options): Promise<void> {
  const where = [...whereLines("train"), new Date().toISOString().slice(0, 10)];
  const say = (text: string): void => (markdown ? console.error(text) : console.log(text));
  const peers = await Peers.gather(say);
  try {
    where.push(`Chromium ${peers.chromium.version}`);
    say(`${where.join("\n")}\n`);
    const results: Measured[] = [];
    for (const work of works) {
      const measured = await measure(work, effort, (entrant) => peers.open(entrant, work));
      results.push(measured);
      say(`${linesOf(measured).join("\n")}\n`);
    }
    const memory: MemoryLine[] = [];
    if (remembered.length > 0) say("a training step's memory");
    for (const work of remembered) {
      const line = await peers.memoryOf(work);
      memory.push(line);
      say(memoryLine(line));
    }
    if (markdown) console.log(markdownOf(where, results, memory));
  } finally {
    await peers.close();
  }
}

/** For another harness: see README.md. */
async function serve(): Promise<void> {
  const onnxruntime = await ensureOnnxRuntime(console.log).catch(() => undefined);
  const { url } = await servePage(onnxruntime);
  console.log(`The page is at ${url} (Ctrl-C stops it)`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
}

try {
  const options = readOptions();
  await (options.serve ? serve() : compare(options));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
