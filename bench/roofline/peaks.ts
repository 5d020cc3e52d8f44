/**
 * @file What this machine can do at most, in the very WebAssembly that the kernels are compiled to:
 * vector operations a second of a loop that touches no memory, and bytes a second of one that does
 * nothing else. Both on all threads at once.
 */
import { Worker } from "node:worker_threads";
import { AppError } from "../../src/core/index.ts";

/** All threads together. */
export interface Peaks {
  /** Fused multiply-adds of four floats where the engine has them, else a multiply and an add. */
  readonly operations: number;
  /** Read and written bytes. */
  readonly bytes: number;
  readonly isFused: boolean;
}

/** Ten sums that do not wait for each other; two more registers hold the factors. */
const SUMS = 10;
const ROUNDS = 1_000_000;
/** Maps of 8 MB: a map of 64 channels, 32 × 32, at batch 32. Two are read and one is written. */
const MAP_BYTES = 8 * 1024 * 1024;
const SECONDS = 0.4;
const REPEATS = 5;

const SOURCE = `
export function multiply(rounds: i32): v128 {
  const x = f32x4.splat(1.0000001), y = f32x4.splat(1e-7);
  ${each((i) => `let s${i} = f32x4.splat(${i});`)}
  for (let r = 0; r < rounds; r++) {
    ${each((i) => `s${i} = madd(x, s${i}, y);`)}
  }
  ${each((i) => (i === 0 ? "" : `s0 = f32x4.add(s0, s${i});`))}
  return s0;
}
@inline
function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}
export function run(rounds: i32): f32 { return f32x4.extract_lane(multiply(rounds), 0); }
export function stream(bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 64) {
    for (let i: usize = 0; i < 64; i += 16) {
      v128.store(at + i + bytes * 2, f32x4.add(v128.load(at + i), v128.load(at + i + bytes)));
    }
  }
}
`;

function each(line: (i: number) => string): string {
  return Array.from({ length: SUMS }, (_, i) => line(i)).join("\n  ");
}

const THREAD = `
const { parentPort, workerData: { module, rounds, bytes, seconds } } = require("node:worker_threads");
const { run, stream } = new WebAssembly.Instance(module, { env: { memory: new WebAssembly.Memory({ initial: (bytes * 3) / 65536 }) } }).exports;
const rate = (work) => {
  work();
  let done = 0;
  const start = performance.now();
  let passed = 0;
  do { work(); done += 1; passed = performance.now() - start; } while (passed < seconds * 1000);
  return (1000 * done) / passed;
};
parentPort.on("message", (what) => {
  parentPort.postMessage(what === "multiply" ? rate(() => run(rounds)) : rate(() => stream(bytes)));
});
`;

/** Measures them; the best of several tries, since a limit is what was asked for. */
export async function measurePeaks(threads: number): Promise<Peaks> {
  const [fused, plain] = [await build(true), await build(false)];
  const isFused = WebAssembly.validate(fused);
  const module = await WebAssembly.compile(isFused ? fused : plain);
  const data = { module, rounds: ROUNDS, bytes: MAP_BYTES, seconds: SECONDS };
  const workers = Array.from(
    { length: threads },
    () => new Worker(THREAD, { eval: true, workerData: data }),
  );
  const best = async (what: "multiply" | "stream"): Promise<number> => {
    let most = 0;
    for (let i = 0; i < REPEATS; i++) {
      const rates = await Promise.all(workers.map((worker) => ask(worker, what)));
      most = Math.max(
        most,
        rates.reduce((sum, rate) => sum + rate, 0),
      );
    }
    return most;
  };
  const operations = (await best("multiply")) * ROUNDS * SUMS;
  const bytes = (await best("stream")) * MAP_BYTES * 3;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { operations, bytes, isFused };
}

function ask(worker: Worker, what: string): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.postMessage(what);
  });
}

async function build(isFused: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const { default: asc } = await import("assemblyscript/asc");
  const { error, binary } = await asc.compileString(SOURCE, {
    optimizeLevel: 3,
    importMemory: true,
    noAssert: true,
    runtime: "stub",
    enable: isFused ? ["simd", "relaxed-simd"] : ["simd"],
  });
  if (error !== null || binary === null) {
    throw new AppError("runtime/backend-unavailable", {
      where: "peaks",
      found: error?.message ?? "the compiler gave no module",
    });
  }
  return Uint8Array.from(binary);
}
