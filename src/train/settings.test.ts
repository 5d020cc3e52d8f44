/** @file Settings and the learning rate over a run: pure numbers. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explain } from "../core/index.ts";
import { refusal } from "../core/testing/refusal.ts";
import {
  checkSettings,
  DEFAULT_SETTINGS,
  learningRateAt,
  progressAt,
  SETTING_RANGES,
  stepsPerEpoch,
  totalSteps,
  type Schedule,
  type TrainSettings,
} from "./index.ts";
import { LossWatch } from "./health.ts";

const settings = (changed: Partial<TrainSettings>): TrainSettings => ({
  ...DEFAULT_SETTINGS,
  ...changed,
});

/** The rate in each epoch of a run, at its first step. */
function byEpoch(epochs: number, schedule: Schedule): number[] {
  const all = settings({ length: { epochs }, schedule, learningRate: 1 });
  return Array.from({ length: epochs }, (_, epoch) =>
    Number(learningRateAt(all, { step: epoch * 7, perEpoch: 7 }).toPrecision(6)),
  );
}

describe("the learning rate", () => {
  it("in steps falls at ⌊share · epochs⌋: 30 epochs · 0.75 is epoch 22, not never", () => {
    const rates = byEpoch(30, { kind: "step", at: [0.5, 0.75], factor: 0.1 });
    expect(rates.slice(13, 17)).toEqual([1, 1, 0.1, 0.1]);
    expect(rates.slice(20, 24)).toEqual([0.1, 0.1, 0.01, 0.01]);
    expect(rates.indexOf(0.01)).toBe(22);
  });

  it("falls at 80 and 120 of 160 epochs, as the reference code has it", () => {
    const rates = byEpoch(160, { kind: "step", at: [0.5, 0.75], factor: 0.1 });
    expect([rates.indexOf(0.1), rates.indexOf(0.01)]).toEqual([80, 120]);
  });

  it("stays within an epoch, up to its last step", () => {
    const all = settings({ length: { epochs: 4 }, learningRate: 1 });
    const rate = (step: number) => learningRateAt(all, { step, perEpoch: 10 });
    expect([rate(0), rate(19), rate(20), rate(29), rate(30)]).toEqual([1, 1, 0.1, 0.1, 0.1 ** 2]);
  });

  it("counts in steps when the run does", () => {
    const all = settings({ length: { steps: 10 }, learningRate: 1 });
    const rates = [4, 5, 6, 7].map((step) => learningRateAt(all, { step, perEpoch: 3 }));
    expect(rates).toEqual([1, 0.1, 0.1, 0.1 ** 2]);
  });

  it("along a cosine starts full, is half at half and ends near 0", () => {
    const all = settings({
      length: { epochs: 2 },
      schedule: { kind: "cosine" },
      learningRate: 0.4,
    });
    const rate = (step: number) => learningRateAt(all, { step, perEpoch: 50 });
    expect(rate(0)).toBe(0.4);
    expect(rate(50)).toBeCloseTo(0.2, 12);
    expect(rate(25)).toBeCloseTo(0.2 * (1 + Math.SQRT1_2), 12);
    expect(rate(99)).toBeCloseTo(0.2 * (1 - Math.cos(Math.PI / 100)), 12);
    for (let step = 1; step < 100; step++) expect(rate(step)).toBeLessThan(rate(step - 1));
  });

  it("goes on from where it stands when the plan is changed, and still comes to its end", () => {
    const plans = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        plans,
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 7, maxLength: 7 }),
        (at, more) => {
          const replans = at
            .sort((a, b) => a - b)
            .map((step, i) => ({ at: step, steps: step + (more[i] ?? 1) }));
          const steps = (replans.at(-1)?.at ?? 0) + (more[6] ?? 1);
          const done = (step: number): number =>
            progressAt({ steps, replans }, { step, perEpoch: 7 });
          expect(done(0)).toBe(0);
          expect(done(steps)).toBe(1);
          for (let step = 1; step <= steps; step++) {
            expect(done(step)).toBeGreaterThanOrEqual(done(step - 1));
          }
          for (const { at: step, steps: planned } of replans) {
            // Not a jump: the last step before the change and the first after it are as far apart as planned.
            const before = done(step) - done(step - 1);
            expect(before).toBeLessThanOrEqual((1 - done(step - 1)) / (planned - step + 1) + 1e-9);
          }
        },
      ),
    );
    const halved = { steps: 6, replans: [{ at: 4, steps: 8 }] };
    const all = settings({ length: halved, learningRate: 1 });
    const rates = [3, 4, 5].map((step) => learningRateAt(all, { step, perEpoch: 3 }));
    expect(rates).toEqual([1, 0.1, 0.1 ** 2]);
  });

  it("constant is constant", () => {
    expect(new Set(byEpoch(9, { kind: "constant" }))).toEqual(new Set([1]));
  });

  it("is finite and never above its start, whatever the position", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Schedule>(
          { kind: "constant" },
          { kind: "cosine" },
          { kind: "step", at: [0, 0.3, 1], factor: 0.5 },
        ),
        fc.integer({ min: 1, max: 400 }),
        fc.nat(10_000),
        (schedule, epochs, step) => {
          const all = settings({ length: { epochs }, schedule });
          const rate = learningRateAt(all, { step, perEpoch: 13 });
          expect(rate >= 0 && rate <= all.learningRate).toBe(true);
        },
      ),
    );
  });
});

describe("the length of a run", () => {
  it("counts the last, smaller batch", () => {
    expect([stepsPerEpoch(45_000, 64), stepsPerEpoch(64, 64), stepsPerEpoch(65, 64)]).toEqual([
      704, 1, 2,
    ]);
    expect(totalSteps({ epochs: 3 }, 704)).toBe(2112);
    expect(totalSteps({ steps: 5 }, 704)).toBe(5);
  });
});

describe("bad settings", () => {
  const bad: readonly (readonly [string, Partial<TrainSettings>])[] = [
    ["batchSize", { batchSize: 0 }],
    ["batchSize", { batchSize: 2.5 }],
    ["batchSize", { batchSize: 4097 }],
    ["learningRate", { learningRate: -1e-9 }],
    ["learningRate", { learningRate: NaN }],
    ["learningRate", { learningRate: Infinity }],
    ["momentum", { momentum: 1 }],
    ["momentum", { momentum: -0.1 }],
    ["weightDecay", { weightDecay: NaN }],
    ["weightDecay", { weightDecay: -1 }],
    ["strength", { sparsity: { strength: -1e-4, form: "subgradient" } }],
    ["strength", { sparsity: { strength: NaN, form: "proximal" } }],
    ["epochs", { length: { epochs: 0 } }],
    ["epochs", { length: { epochs: 1.5 } }],
    ["epochs", { length: { epochs: NaN } }],
    ["steps", { length: { steps: 0 } }],
    ["steps", { length: { steps: Infinity } }],
    ["pad", { augmentation: { pad: -1, flip: true } }],
    ["pad", { augmentation: { pad: 17, flip: true } }],
    ["seed", { seed: -1 }],
    ["seed", { seed: 0.5 }],
    ["seed", { seed: 2 ** 31 }],
    ["factor", { schedule: { kind: "step", at: [0.5], factor: NaN } }],
    ["factor", { schedule: { kind: "step", at: [0.5], factor: -0.1 } }],
    ["at", { schedule: { kind: "step", at: [0.5, NaN], factor: 0.1 } }],
    ["at", { schedule: { kind: "step", at: [-0.5], factor: 0.1 } }],
    ["at", { schedule: { kind: "step", at: [1.5], factor: 0.1 } }],
  ];

  it.each(bad)("refuses %s in %j by name", async (name, changed) => {
    const error = await refusal(() => checkSettings(settings(changed)));
    expect(error.code).toBe("train/bad-setting");
    expect(error.where).toBe(`settings › ${name}`);
    expect(explain(error)).toMatch(/expected .*, found .*correct that value\.$/);
  });

  it("accepts the defaults and both ends of every range", () => {
    checkSettings(DEFAULT_SETTINGS);
    for (const end of ["least", "most"] as const) {
      checkSettings({
        batchSize: SETTING_RANGES.batchSize[end],
        learningRate: SETTING_RANGES.learningRate[end],
        momentum: SETTING_RANGES.momentum[end],
        weightDecay: SETTING_RANGES.weightDecay[end],
        seed: SETTING_RANGES.seed[end],
        length: { epochs: SETTING_RANGES.epochs[end] },
        sparsity: { strength: SETTING_RANGES.strength[end], form: "proximal" },
        augmentation: { pad: SETTING_RANGES.pad[end], flip: false },
        schedule: { kind: "cosine" },
      });
    }
  });
});

describe("LossWatch", () => {
  it("takes no loss for good that is not finite or ten times the best", () => {
    const watch = new LossWatch();
    expect([2.3, 1.5, 14, 15.1, NaN, Infinity, 1].map((loss) => watch.accept(loss))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it("does not call a small loss's rise wild", () => {
    const watch = new LossWatch();
    watch.accept(0.001);
    expect([9.9, 10.1].map((loss) => watch.accept(loss))).toEqual([true, false]);
  });
});
