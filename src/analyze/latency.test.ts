import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Program } from "../runtime/index.ts";
import { buildArchitecture } from "../model/index.ts";
import { latency, spreadOf } from "./latency.ts";

const OPTIONS = { warmups: 1, leastTurns: 6, mostTurns: 40, budget: 1000 };

/** A machine whose clock goes only while something runs, at a pace that the test sets. */
function machine() {
  const state = { ms: 0, pace: 1, runs: [] as string[] };
  const network = buildArchitecture("vgg11:width=0.0625", 1);
  const program = (name: string, cost: number): Program => {
    const forward = async (): Promise<Float32Array> => {
      state.runs.push(name);
      state.ms += cost * state.pace;
      return await Promise.resolve(new Float32Array());
    };
    return { network, batch: 32, forward } as Partial<Program> as Program;
  };
  return { state, program, now: (): number => state.ms };
}

it("finds the ratio of two networks however slow the machine becomes meanwhile", async () => {
  const { state, program, now } = machine();
  const breathe = async (): Promise<void> => {
    // Twice as slow from one turn to the next, then quick again: nothing for a block of each.
    if (state.runs.length % 8 === 0) state.pace = state.pace === 1 ? 7 : 1;
    await Promise.resolve();
  };
  const found = await latency(
    program("cut", 16),
    program("whole", 32),
    { ...OPTIONS, now },
    { breathe },
  );
  expect(found.beside?.ratio).toEqual({ median: 0.5, low: 0.5, high: 0.5 });
  // What one takes alone is said to be anything between.
  expect(found.own.high / found.own.low).toBeCloseTo(7, 9);
});

it("takes as many runs a turn as a coarse clock needs to move, and is not far off", async () => {
  const { state, program } = machine();
  const now = (): number => 100 * Math.floor(state.ms / 100);
  for (const [cut, whole] of [
    [7, 12],
    [61, 83],
    [140, 130],
  ] as const) {
    const found = await latency(program("cut", cut), program("whole", whole), { ...OPTIONS, now });
    const all = [found.own, found.beside?.own, found.beside?.ratio].flatMap((spread) =>
      Object.values(spread ?? {}),
    );
    expect(all).toHaveLength(9);
    for (const value of all) expect(value > 0 && Number.isFinite(value)).toBe(true);
    // A turn ends with the run in which the clock moves, so that it is off by less than a run or a move.
    const off = Math.max(cut, whole) / Math.max(100, cut, whole);
    expect(Math.abs(found.own.median * 32 - cut) / cut).toBeLessThan(off);
    expect(Math.abs((found.beside?.ratio.median ?? 0) - cut / whole)).toBeLessThan(off);
  }
});

it("says so where the clock stands still, and stops even then when it is told to", async () => {
  const { program } = machine();
  const options = { ...OPTIONS, now: (): number => 5 };
  const measured = latency(program("cut", 1), program("whole", 1), options);
  await expect(measured).rejects.toMatchObject({ code: "runtime/clock-still" });
  const controller = new AbortController();
  const stopped = latency(program("cut", 1), null, options, {
    signal: controller.signal,
    breathe: async () => await Promise.resolve(controller.abort(new Error("Superseded"))),
  });
  await expect(stopped).rejects.toThrow("Superseded");
});

it("gives each network the first turn as often", async () => {
  const { state, program, now } = machine();
  await latency(program("a", 1), program("b", 1), { ...OPTIONS, now });
  const firsts = state.runs.filter((_, i) => i % 2 === 0);
  // Behind one turn to warm up.
  expect(firsts).toHaveLength(41);
  expect(firsts.slice(1).filter((name) => name === "a")).toHaveLength(20);
});

it("begins no turn beyond its budget, and none at all once it is told to stop", async () => {
  const { state, program, now } = machine();
  await latency(program("a", 120), null, { ...OPTIONS, now });
  expect(state.runs).toHaveLength(9);
  const controller = new AbortController();
  state.runs.length = 0;
  const breathe = async (): Promise<void> => {
    if (state.runs.length === 3) controller.abort(new DOMException("Superseded", "AbortError"));
    await Promise.resolve();
  };
  const options = { ...OPTIONS, now };
  const stopped = latency(program("a", 1), program("b", 1), options, {
    signal: controller.signal,
    breathe,
  });
  await expect(stopped).rejects.toThrow("Superseded");
  expect(state.runs).toHaveLength(3);
});

it("gives the sign test's interval of a median", () => {
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
  // The usual table: 6 values allow only the whole range; of 20 it is the 6th and the 15th, of 40 the 14th and 27th.
  expect(spreadOf(upTo(6))).toEqual({ median: 3.5, low: 1, high: 6 });
  expect(spreadOf(upTo(20))).toEqual({ median: 10.5, low: 6, high: 15 });
  expect(spreadOf(upTo(40))).toEqual({ median: 20.5, low: 14, high: 27 });
  expect(spreadOf([3])).toEqual({ median: 3, low: 3, high: 3 });
});

it("keeps the median within its interval, and both within what was seen", () => {
  const values = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(values, (given) => {
      const { median, low, high } = spreadOf(given);
      expect(low).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(high);
      expect(low).toBeGreaterThanOrEqual(Math.min(...given));
      expect(high).toBeLessThanOrEqual(Math.max(...given));
    }),
  );
});
