/**
 * @file `npm run fuzz -- [READER …] [--mutants N] [--seed S] [--only NUMBER [--save FOLDER]]`: damaged files
 * for hours, each reader in a thread that is watched for time and memory. Any finding is a bug: it is
 * printed with the command that replays it, and makes the exit code 1.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { isMainThread, workerData } from "node:worker_threads";
import { projectFolder } from "../../src/cli/project.ts";
import { seesPeaks } from "./memory.ts";
import { READER_NAMES, type ReaderName } from "./readers.ts";
import { type Range, runThread } from "./thread.ts";
import { makeMutant, outcomeOf } from "./trial.ts";
import { watch } from "./watch.ts";

const MUTANTS = 200_000;
const REPORT_MS = 10_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Options {
  readonly readers: readonly ReaderName[];
  readonly mutants: number;
  readonly seed: number;
  readonly only: number | undefined;
  readonly save: string | undefined;
}

/** @throws with a sentence for the person who typed them */
function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mutants: { type: "string", default: String(MUTANTS) },
      seed: { type: "string", default: String(Math.floor(Date.now() / 1000) % 1_000_000) },
      only: { type: "string" },
      save: { type: "string" },
    },
  });
  const unknown = positionals.find((name) => !READER_NAMES.some((reader) => reader === name));
  if (unknown !== undefined)
    throw new Error(`no reader ${unknown}; there is ${READER_NAMES.join(", ")}`);
  const whole = (name: string, text: string): number => {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw new Error(`--${name} ${text}: a whole number`);
  };
  return {
    readers: positionals.length === 0 ? READER_NAMES : (positionals as ReaderName[]),
    mutants: whole("mutants", values.mutants),
    seed: whole("seed", values.seed),
    only: values.only === undefined ? undefined : whole("only", values.only),
    save: values.save,
  };
}

/** One mutant, here and now, with everything that is thrown. */
async function replay(reader: ReaderName, { seed, only = 0, save }: Options): Promise<void> {
  const mutant = await makeMutant(reader, seed, only);
  for (const { path, bytes } of mutant.files) {
    say(`${path}: ${bytes.length} bytes`);
    if (save === undefined) continue;
    mkdirSync(save, { recursive: true });
    writeFileSync(join(save, basename(path)), bytes);
  }
  say(await outcomeOf(mutant));
}

/** @returns how many findings there were */
async function fuzz(reader: ReaderName, { seed, mutants }: Options): Promise<number> {
  const codes = new Map<string, number>();
  const start = performance.now();
  let [findings, reported] = [0, start];
  await watch({
    reader,
    seed,
    from: 0,
    to: mutants,
    program: import.meta.url,
    onFinding: (number, text) => {
      findings++;
      say(`\nFOUND: npm run fuzz -- ${reader} --seed ${seed} --only ${number}\n${text}\n`);
    },
    onDone: (next, found) => {
      for (const code of found) codes.set(code, (codes.get(code) ?? 0) + 1);
      const time = performance.now();
      if (time - reported < REPORT_MS) return;
      reported = time;
      const rate = Math.round((1000 * next) / (time - start));
      process.stderr.write(`${reader}: ${next} of ${mutants}, ${rate} a second\n`);
    },
  });
  const counts = [...codes].toSorted(([, a], [, b]) => b - a);
  say(`${reader}: ${mutants} mutants, ${findings} findings`);
  say(`  ${counts.map(([code, count]) => `${code} ${count}`).join(", ")}`);
  return findings;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.only !== undefined) {
    for (const reader of options.readers) await replay(reader, options);
    return;
  }
  say(`seed ${options.seed}, ${options.mutants} mutants a reader`);
  if (!seesPeaks()) say("peaks of memory are not seen here; only what is left after a batch");
  let findings = 0;
  for (const reader of options.readers) findings += await fuzz(reader, options);
  say(`${findings} findings`);
  if (findings > 0) process.exitCode = 1;
}

// Samples lie beside the program's sources.
if (isMainThread) process.chdir(projectFolder());
try {
  await (isMainThread ? main() : runThread(workerData as Range));
} catch (error) {
  if (!isMainThread) throw error;
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
}
