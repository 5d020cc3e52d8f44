import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createTimeBox, type TimeBoxSetup } from "./time-box.ts";

/** Runs a box on a machine whose steps take as long as `paceAt` says, and then what comes after them. */
function runBox(setup: TimeBoxSetup, paceAt: (ms: number) => number) {
  const box = createTimeBox(setup);
  let [now, total, step, replans] = [setup.gone, box.steps, setup.begun?.step ?? 0, 0];
  while (step < total) {
    now += paceAt(now);
    step++;
    if (step === total) break;
    const wanted = box.replan(step, total, now);
    if (wanted === undefined) continue;
    total = Math.max(step + 1, wanted);
    replans++;
  }
  return { took: now + setup.afterwards * paceAt(now), step, replans };
}

const BOX: TimeBoxSetup = { ms: 20_000, gone: 200, each: 100, afterwards: 5 };

it("leaves a plan alone that the machine keeps", () => {
  const { took, replans } = runBox(BOX, () => 100);
  expect(replans).toBe(0);
  expect(took).toBeCloseTo(20_000, -2);
});

it("ends in about its time where every step takes three times as long, or a third", () => {
  for (const pace of [300, 33]) {
    const { took } = runBox(BOX, () => pace);
    expect(took / BOX.ms).toBeCloseTo(1, 1);
  }
});

it("ends in about its time however the pace changes on the way, with few plans", () => {
  const changes = fc.array(fc.double({ min: 20, max: 400, noNaN: true }), {
    minLength: 5,
    maxLength: 5,
  });
  fc.assert(
    fc.property(changes, (paces) => {
      // The pace of the last fifth holds to the end: what nobody can know is not asked for.
      const paceAt = (ms: number): number => paces[Math.min(4, Math.floor(ms / 4_000))] ?? 100;
      const { took, replans } = runBox(BOX, paceAt);
      expect(replans).toBeLessThanOrEqual(60);
      expect(took).toBeGreaterThan(0.9 * BOX.ms);
      expect(took).toBeLessThan(1.1 * BOX.ms);
    }),
  );
});

it("keeps what a look at the held-back images was seen to take, but never more than half", () => {
  const box = createTimeBox(BOX);
  box.reserve(4_000);
  expect(box.replan(50, box.steps, 6_000)).toBe(50 + Math.round(10_000 / 116));
  box.reserve(60_000);
  // Half of the box is still trained in, and one step more when that is over.
  expect(box.replan(90, 200, 9_900)).toBe(91);
});

it("plans nothing from a clock that has not moved on", () => {
  const box = createTimeBox(BOX);
  expect(box.replan(box.steps - 1, box.steps, BOX.gone)).toBeUndefined();
});

it("runs one step in a box that is too short for any", () => {
  expect(createTimeBox({ ms: 1_000, gone: 3_000, each: 900, afterwards: 5 }).steps).toBe(1);
});

it("goes on by the plan that it had, and mends it by what is left of its time", () => {
  const begun = { step: 100, total: 180 };
  const kept = runBox({ ...BOX, gone: 11_500, begun }, () => 100);
  expect(kept).toMatchObject({ step: 180, replans: 0 });
  // On another machine, of three times the pace: some 23 steps are left, not 80.
  const slow = runBox({ ...BOX, gone: 11_000, begun }, () => 300);
  expect(slow.took / BOX.ms).toBeCloseTo(1, 1);
  expect(slow.step).toBeLessThan(140);
});
