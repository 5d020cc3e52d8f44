/** @file One parameter's update against PyTorch's definition in plain numbers, L1 in both forms. */
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { StepSettings } from "./index.ts";
import { updateParameter } from "./sgd.ts";
import { openInNode } from "./testing/backends.ts";
import { withLeakCheck } from "./testing/leaks.ts";

const PLAIN: StepSettings = {
  learningRate: 0.1,
  momentum: 0,
  weightDecay: 0,
  sparsity: 0,
  sparsityForm: "subgradient",
};

interface Numbers {
  readonly w: readonly number[];
  readonly g: readonly number[];
  readonly v?: readonly number[];
}

function update({ w, g, v }: Numbers, settings: Partial<StepSettings>, isScale = true) {
  return withLeakCheck(() => {
    const after = { w: [0], v: [0] };
    tf.tidy(() => {
      const { weight, velocity } = updateParameter(
        tf.tensor1d([...w]),
        tf.tensor1d([...g]),
        v === undefined ? undefined : tf.tensor1d([...v]),
        { ...PLAIN, ...settings },
        isScale,
      );
      const round = (x: tf.Tensor): number[] =>
        [...x.dataSync()].map((value) => Number(value.toPrecision(6)));
      after.w = round(weight);
      after.v = round(velocity);
    });
    return after;
  });
}

describe.each(["cpu", "wasm"] as const)("one update on %s", (kind) => {
  beforeAll(() => openInNode(kind));

  it("goes against the gradient", async () => {
    expect(await update({ w: [1, -2], g: [0.5, -0.5] }, {})).toEqual({
      w: [0.95, -1.95],
      v: [0.5, -0.5],
    });
  });

  it("starts the velocity at the gradient, undamped, and carries it on", async () => {
    const first = await update({ w: [1], g: [0.5] }, { momentum: 0.9 });
    expect(first).toEqual({ w: [0.95], v: [0.5] });
    const second = await update({ w: first.w, g: [1], v: first.v }, { momentum: 0.9 });
    expect(second.v).toEqual([1.45]);
    expect(second.w).toEqual([0.805]);
  });

  it("couples weight decay into the gradient, and so into the velocity", async () => {
    expect(await update({ w: [2], g: [0], v: [1] }, { weightDecay: 0.5, momentum: 0.5 })).toEqual({
      w: [1.85],
      v: [1.5],
    });
  });

  it("adds s·sign(γ), and leaves a γ of exactly 0 where it is", async () => {
    const { w } = await update({ w: [1, -1, 0], g: [0, 0, 0] }, { sparsity: 0.5 });
    expect(w).toEqual([0.95, -0.95, 0]);
  });

  it("proximal: shrinks after the update, ends at true zeros and never crosses them", async () => {
    const settings = { sparsity: 1, sparsityForm: "proximal" as const };
    const { w } = await update(
      { w: [1, -1, 0.05, -0.05, 0, 0.1], g: [0, 0, 0, 0, 0, 0] },
      settings,
    );
    expect(w.map(Math.abs)).toEqual([0.9, 0.9, 0, 0, 0, 0]);
    expect(w.map(Math.sign).slice(0, 2)).toEqual([1, -1]);
  });

  it("proximal: a gradient may carry γ across 0, the shrinking may not", async () => {
    const settings = { sparsity: 0.5, sparsityForm: "proximal" as const };
    const { w } = await update({ w: [0.05, 0.05], g: [2, 0.8] }, settings);
    // 0.05 − 0.2 = −0.15 → −0.10; 0.05 − 0.08 = −0.03 → 0.
    expect(w.map((value) => value + 0)).toEqual([-0.1, 0]);
  });

  it.each(["subgradient", "proximal"] as const)(
    "%s leaves every other weight alone",
    async (form) => {
      const settings = { sparsity: 1, sparsityForm: form };
      const numbers = { w: [0.3, -0.01], g: [0.2, 0.1] };
      expect(await update(numbers, settings, false)).toEqual(await update(numbers, {}, false));
    },
  );
});
