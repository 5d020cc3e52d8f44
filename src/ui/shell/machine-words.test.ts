/** @file What holds a machine back: each limit says what, why, what it costs and what can be done. */
import { expect, it } from "vitest";
import type { BackendLimit, BackendReport } from "../../state/index.ts";
import { gainOfThreads, limitWords, machineLabel, speedWords } from "./machine-words.ts";

const wasm: BackendReport = {
  kind: "wasm",
  description: "wasm, own kernels, fused SIMD, 2 threads",
  reason: "",
  limits: [],
  threads: 2,
  wantedThreads: 2,
};
const LIMITS: readonly BackendLimit[] = [
  "no-webgpu",
  "no-gpu",
  "software-gpu",
  "gpu-failed",
  "not-isolated",
  "one-core",
  "threads-failed",
  "no-kernels",
];

it("names what computes, and the first thing that holds it back", () => {
  expect(machineLabel(wasm)).toEqual({ name: "wasm, 2 threads", limit: null });
  const one = machineLabel({ ...wasm, limits: ["no-webgpu"] });
  expect(one).toEqual({ name: "wasm, 2 threads", limit: "no WebGPU" });
  const two = machineLabel({ ...wasm, threads: 1, limits: ["not-isolated", "no-gpu"] });
  expect(two).toEqual({ name: "wasm", limit: "one thread, not isolated" });
  const gpu = { ...wasm, kind: "webgpu" as const, description: "webgpu, a card" };
  expect(machineLabel(gpu).name).toBe("webgpu, a card");
});

it.each(LIMITS)("says of %s what, why, what it costs and what can be done", (limit) => {
  const words = Object.values(limitWords(limit, { ...wasm, wantedThreads: 8 }));
  expect(words).toHaveLength(4);
  for (const sentence of words) expect(sentence).toMatch(/^[A-Z].{8,}\.$/);
});

it("reckons what threads would gain from what two gain", () => {
  expect(gainOfThreads(1)).toBeCloseTo(1);
  expect(gainOfThreads(2)).toBeCloseTo(1.75);
  expect(gainOfThreads(8)).toBeCloseTo(4);
  expect(limitWords("not-isolated", { ...wasm, wantedThreads: 8 }).costs).toContain(
    "4.0 times slower than on 8 threads",
  );
});

it("gives the speed only where there is one", () => {
  expect(speedWords(undefined)).toBeNull();
  expect(speedWords(0)).toBeNull();
  expect(speedWords(Number.NaN)).toBeNull();
  expect(speedWords(0.2)).toBe(
    "Measured with this network: 2.0\u202fs for 10\u202f000 images; an epoch of 50\u202f000 would take about 35\u202fs.",
  );
});
