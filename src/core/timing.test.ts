import * as fc from "fast-check";
import { expect, it } from "vitest";
import { MOST_STILL_RUNS, timeRuns } from "./timing.ts";

/** Work of `cost` ms on a machine whose clock moves in steps of `grain` ms; ms 0 is between two of them. */
function machine(cost: number, grain: number, at = 0) {
  const state = { ms: at, runs: 0 };
  const work = async (): Promise<void> => {
    state.ms += cost;
    state.runs++;
    await Promise.resolve();
  };
  const now = (): number => (grain === 0 ? state.ms : grain * Math.floor(state.ms / grain));
  return { state, work, now };
}

it("runs as often as it is asked by a fine clock", async () => {
  const { state, work, now } = machine(3, 0);
  expect(await timeRuns(work, { now, runs: 3 })).toBe(3);
  expect(state.runs).toBe(3);
});

it("is off by less than a run, however coarse the clock, once it has begun where the clock moved", async () => {
  const costs = fc.double({ min: 0.5, max: 300, noNaN: true });
  const grains = fc.constantFrom(0, 0.1, 1, 16.67, 100);
  const ask = fc.double({ min: 0, max: 1_000, noNaN: true });
  await fc.assert(
    fc.asyncProperty(costs, grains, ask, async (cost, grain, at) => {
      const { state, work, now } = machine(cost, grain, at);
      await timeRuns(work, { now });
      const before = state.runs;
      const each = await timeRuns(work, { now, runs: 3 });
      const runs = state.runs - before;
      expect(each).not.toBeNull();
      expect(Math.abs((each ?? 0) * runs - cost * runs)).toBeLessThanOrEqual(cost + 1e-6);
    }),
  );
});

it("gives up on a clock that stands still", async () => {
  const { state, work } = machine(1, 0);
  expect(await timeRuns(work, { now: () => 7 })).toBeNull();
  expect(state.runs).toBe(MOST_STILL_RUNS);
});
