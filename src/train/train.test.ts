/**
 * @file The training loop on wasm: what a person must not lose when a run is stopped, resumed or
 * derailed, and that it learns at all.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { explain } from "../core/index.ts";
import { refusal } from "../core/testing/refusal.ts";
import { epochOrder, NO_AUGMENTATION, splitOff } from "../data/index.ts";
import { firstIndices, randomImages } from "../data/testing/images.ts";
import type { Tensor } from "../model/index.ts";
import type { Backend } from "../runtime/index.ts";
import { openInNode } from "../runtime/testing/backends.ts";
import { tiny } from "../runtime/testing/networks.ts";
import { firstNotFinite, startState, type StepReport, type TrainState } from "./index.ts";
import { DATA, identityOf, runOn, SETTINGS, stoppingAt } from "./testing/runs.ts";

let wasm: Backend;
beforeAll(async () => {
  wasm = await openInNode("wasm");
});

const gammas = ({ network }: TrainState): number[] =>
  [...network.weights].flatMap(([name, { values }]) =>
    name.endsWith("/gamma") ? [...values] : [],
  );

describe("stop and resume", () => {
  it.each([1, 2, 3, 4, 8])("after step %i ends with the same bits as one run", async (k) => {
    const whole = await runOn(wasm);
    expect([whole.ended, whole.state.step]).toEqual(["finished", 9]);
    const part = await runOn(wasm, {}, { hooks: stoppingAt(k) });
    expect([part.ended, part.state.step, part.error]).toEqual(["stopped", k, undefined]);
    const rest = await runOn(wasm, {}, { from: part.state });
    expect(rest.ended).toBe("finished");
    expect(identityOf(rest.state)).toBe(identityOf(whole.state));
  });

  it("survives structured cloning, as a worker or a checkpoint does to it", async () => {
    const whole = await runOn(wasm);
    const part = await runOn(wasm, {}, { hooks: stoppingAt(5) });
    const rest = await runOn(wasm, {}, { from: structuredClone(part.state) });
    expect(identityOf(rest.state)).toBe(identityOf(whole.state));
  });

  it("may happen at every single step", async () => {
    const whole = await runOn(wasm);
    let state = startState(tiny());
    for (let k = 1; k <= 9; k++) {
      state = structuredClone((await runOn(wasm, {}, { from: state, hooks: stoppingAt(k) })).state);
    }
    expect(identityOf(state)).toBe(identityOf(whole.state));
  });

  it("before the first step gives the state back as it was", async () => {
    const from = startState(tiny());
    const { ended, state } = await runOn(
      wasm,
      {},
      { from, hooks: { signal: AbortSignal.abort() } },
    );
    expect(ended).toBe("stopped");
    expect(identityOf(state)).toBe(identityOf(from));
  });

  it("leaves the state it started from untouched", async () => {
    const from = startState(tiny());
    const before = identityOf(from);
    await runOn(wasm, {}, { from });
    expect(identityOf(from)).toBe(before);
  });

  it("has nothing left to do when the run was over", async () => {
    const whole = await runOn(wasm);
    const again = await runOn(wasm, {}, { from: whole.state });
    expect([again.ended, identityOf(again.state)]).toEqual(["finished", identityOf(whole.state)]);
  });
});

describe("a run", () => {
  it("is the same twice, and another one with another seed", async () => {
    const [a, b, c] = [await runOn(wasm), await runOn(wasm), await runOn(wasm, { seed: 2 })];
    expect(identityOf(b.state)).toBe(identityOf(a.state));
    expect(identityOf(c.state)).not.toBe(identityOf(a.state));
  });

  it("visits every image once an epoch, the last, short batch included", async () => {
    const reports: StepReport[] = [];
    await runOn(wasm, {}, { hooks: { onStep: (report) => void reports.push(report) } });
    expect(reports.map(({ images }) => images)).toEqual([8, 8, 6, 8, 8, 6, 8, 8, 6]);
    expect(reports.map(({ epoch }) => epoch)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(reports.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(reports.map(({ total }) => total))).toEqual(new Set([9]));
    // ⌊0.5 · 3⌋ = 1: the rate falls at the second epoch.
    const rates = reports.map(({ learningRate }) => Number(learningRate.toPrecision(6)));
    expect(rates).toEqual([0.05, 0.05, 0.05, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005]);
  });

  it("counted in steps crosses the end of an epoch and stops where it was told", async () => {
    const { state } = await runOn(wasm, { length: { steps: 4 } });
    expect(state.step).toBe(4);
  });

  it("whose plan is changed on the way is repeated by the plans that it gives back", async () => {
    const wanted = new Map([
      [2, 12],
      [5, 7],
    ]);
    const schedule = { kind: "cosine" } as const;
    const replan = (step: number): number | undefined => wanted.get(step);
    const first = await runOn(wasm, { length: { steps: 4 }, schedule }, { hooks: { replan } });
    expect(first.length).toEqual({
      steps: 7,
      replans: [
        { at: 2, steps: 4 },
        { at: 5, steps: 12 },
      ],
    });
    expect(first.state.step).toBe(7);
    const again = await runOn(wasm, { length: first.length, schedule });
    expect(identityOf(again.state)).toBe(identityOf(first.state));
    const plain = await runOn(wasm, { length: { steps: 7 }, schedule });
    expect(identityOf(plain.state)).not.toBe(identityOf(first.state));
  });

  it("never looks at a validation image", async () => {
    const { training, validation } = splitOff(DATA.dataset, 1, 0.4);
    const spoiled = { ...DATA.dataset, pixels: DATA.dataset.pixels.slice() };
    for (const index of validation) spoiled.pixels.fill(255, index * 192, (index + 1) * 192);
    const clean = await runOn(wasm, {}, { data: { ...DATA, indices: training } });
    const dirty = await runOn(wasm, {}, { data: { ...DATA, indices: training, dataset: spoiled } });
    expect(identityOf(dirty.state)).toBe(identityOf(clean.state));
    for (let epoch = 0; epoch < 5; epoch++) {
      const seen = new Set(epochOrder(training, 1, epoch));
      expect([...validation].filter((index) => seen.has(index))).toEqual([]);
    }
  });

  it("learns 32 images by heart", async () => {
    const data = { ...DATA, dataset: randomImages(32), indices: firstIndices(32) };
    const reports: StepReport[] = [];
    await runOn(
      wasm,
      {
        length: { steps: 200 },
        batchSize: 32,
        learningRate: 0.1,
        schedule: { kind: "cosine" },
        sparsity: { strength: 0, form: "subgradient" },
        augmentation: NO_AUGMENTATION,
      },
      { data, hooks: { onStep: (report) => void reports.push(report) } },
    );
    expect(reports[0]?.loss).toBeGreaterThan(2);
    expect(reports.at(-1)?.correct).toBe(32);
    expect(reports.at(-1)?.loss).toBeLessThan(0.1);
  });
});

describe("sparsity", () => {
  it("of strength 0 is plain training, bit for bit, in both forms", async () => {
    const [a, b] = [
      await runOn(wasm, { sparsity: { strength: 0, form: "subgradient" } }),
      await runOn(wasm, { sparsity: { strength: 0, form: "proximal" } }),
    ];
    expect(identityOf(b.state)).toBe(identityOf(a.state));
    const sparse = await runOn(wasm);
    expect(identityOf(sparse.state)).not.toBe(identityOf(a.state));
  });

  it("by subgradient never moves a γ of exactly 0 that nothing else pulls at", async () => {
    const network = tiny();
    // The last layer reads nothing of channel 3, so no gradient reaches its γ; only the L1 step could.
    const weights = new Map<string, Tensor>(network.weights);
    const change = (name: string, at: (i: number) => boolean): void => {
      const tensor = network.weights.get(name);
      expect.assert(tensor !== undefined);
      weights.set(name, { ...tensor, values: tensor.values.map((v, i) => (at(i) ? 0 : v)) });
    };
    change("bn2/gamma", (i) => i === 3);
    change("fc/kernel", (i) => Math.floor(i / 10) === 3);
    const { state } = await runOn(wasm, {}, { from: startState({ ...network, weights }) });
    const gamma = state.network.weights.get("bn2/gamma")?.values ?? [];
    expect(gamma[3]).toBe(0);
    expect([...gamma].filter((value) => value === 0)).toHaveLength(1);
  });

  it("by the proximal step ends in true zeros, where the subgradient swings around them", async () => {
    const settings = { length: { epochs: 20 }, schedule: { kind: "constant" as const } };
    const [proximal, subgradient] = [
      await runOn(wasm, { ...settings, sparsity: { strength: 1, form: "proximal" } }),
      await runOn(wasm, { ...settings, sparsity: { strength: 1, form: "subgradient" } }),
    ];
    expect(gammas(proximal.state).filter((g) => g === 0).length).toBeGreaterThan(20);
    expect(gammas(subgradient.state).filter((g) => g === 0)).toEqual([]);
  });
});

describe("a run that diverges", () => {
  it.each([1e9, 1e30])(
    "at rate %f stops at the first NaN and restores what was good",
    async (rate) => {
      const from = startState(tiny());
      const losses: number[] = [];
      const { ended, error, state } = await runOn(
        wasm,
        { learningRate: rate, schedule: { kind: "constant" } },
        { from, hooks: { onStep: ({ loss }) => void losses.push(loss) } },
      );
      expect(ended).toBe("diverged");
      expect(losses.every((loss) => Number.isFinite(loss))).toBe(true);
      expect(
        firstNotFinite({ weights: state.network.weights, velocity: state.velocity }),
      ).toBeUndefined();
      expect(identityOf(state)).toBe(identityOf(from));
      expect.assert(error !== undefined);
      expect(error.code).toBe("train/not-finite");
      expect(error.where).toBe(`step ${losses.length + 1}`);
      expect(losses.length).toBeLessThan(9);
      expect(explain(error)).toMatch(
        /^step \d: .*last good state was restored.*try a learning rate of /,
      );
      const suggested = Number(/rate of ([\d.e+]+) or less/.exec(explain(error))?.[1]);
      expect(suggested).toBeCloseTo(rate / 3, -Math.log10(rate / 1e3));
    },
  );

  it("is noticed when it is stopped by hand in the middle of it", async () => {
    const from = startState(tiny());
    const settings = { learningRate: 1e39, momentum: 0, schedule: { kind: "constant" as const } };
    const { ended, state, error } = await runOn(wasm, settings, { from, hooks: stoppingAt(1) });
    expect([ended, error?.where]).toEqual(["diverged", "step 1"]);
    expect(identityOf(state)).toBe(identityOf(from));
  });

  it("goes back to the last good state, not to the beginning", async () => {
    const good: string[] = [];
    const hooks = {
      onStep: async ({ step }: StepReport) => {
        if (step === 50) good.push("reached");
      },
    };
    // The rate jumps at step 60 of 100.
    const { ended, state } = await runOn(
      wasm,
      {
        length: { steps: 100 },
        schedule: { kind: "step", at: [0.6], factor: 1e12 },
        batchSize: 22,
        learningRate: 0.01,
      },
      { hooks },
    );
    expect(good).toEqual(["reached"]);
    expect([ended, state.step]).toEqual(["diverged", 50]);
  });

  it("is noticed although an activation hides the NaN of a weight", async () => {
    const network = tiny();
    const poisoned = new Map<string, Tensor>(network.weights);
    const kernel = network.weights.get("conv1/kernel");
    expect.assert(kernel !== undefined);
    poisoned.set("conv1/kernel", { ...kernel, values: kernel.values.with(0, NaN) });
    const from = startState({ ...network, weights: poisoned });
    const { ended, error } = await runOn(wasm, { length: { steps: 20 } }, { from });
    expect([ended, error?.where]).toEqual(["diverged", "step 1"]);
  });
});

describe("bad input", () => {
  const state = startState(tiny());
  const bn = { shape: [8], values: new Float32Array(8) };

  it.each([
    ["a buffer of no weight", "nowhere/kernel", bn],
    ["a buffer of a running statistic", "bn1/mean", bn],
    ["a buffer of another shape", "bn2/gamma", bn],
  ])("refuses a state with %s", async (_, name, tensor) => {
    const error = await refusal(() =>
      runOn(wasm, {}, { from: { ...state, velocity: new Map([[name, tensor]]) } }),
    );
    expect([error.code, error.where]).toEqual(["train/state-mismatch", `momentum › ${name}`]);
    expect(explain(error)).toMatch(/belongs to another network.*start the training anew/);
  });

  it("refuses to train on nothing", async () => {
    const error = await refusal(() =>
      runOn(wasm, {}, { data: { ...DATA, indices: new Uint32Array() } }),
    );
    expect(error.code).toBe("data/missing");
  });

  it("refuses a bad setting before it touches the program", async () => {
    const error = await refusal(() => runOn(wasm, { ...SETTINGS, batchSize: 0 }));
    expect([error.code, error.where]).toEqual(["train/bad-setting", "settings › batchSize"]);
  });
});
