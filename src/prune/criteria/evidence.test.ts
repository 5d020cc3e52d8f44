/** @file What criteria make of evidence: golden numbers by hand, and what they refuse. */
import { describe, expect, it } from "vitest";
import { known } from "../../core/index.ts";
import type { Network, Tensor } from "../../model/index.ts";
import { planAt, preparePruning } from "../prepare.ts";
import { graphOf, refusal, withGamma } from "../testing/small-graphs.ts";
import type { Evidence } from "./evidence.ts";
import { CRITERION_NAMES, readCriterion } from "./index.ts";
import { ActivationMeter, GradientMeter, ResponseMeter } from "./meters.ts";
import { scoreChannels } from "./score.ts";

/** Two filters of two weights each, as columns; batch norm and ReLU behind them. */
const graph = graphOf((b, from) => {
  const two = b.conv("narrow", from, { filters: 2, size: 1 });
  return b.relu("relu", b.bn("bn", b.conv("a", two, { filters: 2, size: 1 })));
});
const columns = (...filters: readonly (readonly number[])[]): Tensor => ({
  shape: [1, 1, 2, 2],
  values: Float32Array.from([0, 1].flatMap((row) => filters.map((own) => own[row] ?? NaN))),
});
const network: Network = {
  ...withGamma(graph, { bn: [2, -1] }),
  weights: new Map(withGamma(graph, { bn: [2, -1] }).weights).set(
    "a/kernel",
    columns([1, 2], [3, -1]),
  ),
};
const vector = (...values: number[]): Tensor => ({
  shape: [values.length],
  values: Float32Array.from(values),
});

const scoresOf = (text: string, evidence: Evidence): number[] => [
  ...known(scoreChannels(network, readCriterion(text), "as-defined", evidence).get("a"), "scores"),
];

describe("Taylor", () => {
  const meter = new GradientMeter(network);
  meter.take(
    new Map([
      ["a/kernel", columns([0.5, -0.25], [0.1, 0.2])],
      ["bn/gamma", vector(0.5, 2)],
      ["bn/beta", vector(7, 7)],
    ]),
  );
  const evidence = meter.evidence();

  it.each([
    ["squared", [0.5, 0.13]],
    ["absolute", [1, 0.5]],
    ["multivariable", [0, 0.1]],
    ["multivariable-squared", [0, 0.01]],
    // β starts at 0: (2 · 0.5)² and (−1 · 2)².
    ["gate", [1, 4]],
  ])("%s is %j, and the order depends on it", (variant, expected) => {
    scoresOf(`taylor:variant=${variant}`, evidence).forEach((score, i) => {
      expect(score).toBeCloseTo(expected[i] ?? NaN, 7);
    });
  });

  it("is the mean over the steps, of which one may know nothing of a weight", () => {
    const two = new GradientMeter(network);
    two.take(new Map([["a/kernel", columns([0.5, -0.25], [0.1, 0.2])]]));
    two.take(new Map());
    expect(scoresOf("taylor:variant=absolute", two.evidence())[0]).toBeCloseTo(0.5, 7);
    expect(scoresOf("taylor:variant=squared", two.evidence())[0]).toBeCloseTo(0.25, 7);
  });

  it("at the activation is the mean over the images of what one pulls by place", () => {
    const pulls = new ResponseMeter();
    pulls.take(new Map([["relu", Float32Array.of(-8, 4)]]), () => 16);
    pulls.take(new Map([["relu", Float32Array.of(16, 0)]]), () => 16);
    expect(scoresOf("taylor:variant=activation", pulls.evidence())).toEqual([0.75, 0.125]);
  });
});

describe("activations", () => {
  const meter = new ActivationMeter(network);
  meter.take(new Map([["relu", Float32Array.of(0, 1, 3, 0, 0, 0)]]));
  meter.take(new Map([["relu", Float32Array.of(1, 0)]]));
  const evidence = meter.evidence();

  it("are counted and averaged over images and places", () => {
    expect(meter.nodes).toEqual(["relu"]);
    expect(scoresOf("apoz", evidence)).toEqual([0.5, 0.25]);
    expect(scoresOf("mean-activation", evidence)).toEqual([1, 0.25]);
  });

  it("lets go what is silent most, and what says least", () => {
    const dead = { kind: "activations" as const, byNode: new Map(evidence.byNode) };
    dead.byNode.set("relu", { zeros: Float64Array.of(1, 0), mean: Float64Array.of(0, 2) });
    for (const criterion of ["apoz", "mean-activation"]) {
      const prepared = preparePruning(network, criterion, {}, dead);
      expect([...(planAt(prepared, { ratio: 0.5 }).kept.get("a") ?? [])], criterion).toEqual([1]);
    }
  });

  it("of which nobody can be silent say nothing about zeros", () => {
    const curved = graphOf((b, from) =>
      b.add("swish", { kind: "swish" }, b.conv("a", from, { filters: 2 })),
    );
    const own = withGamma(curved, {});
    const swish = new ActivationMeter(own);
    swish.take(new Map([["swish", Float32Array.of(-0.25, 1)]]));
    expect(refusal(() => preparePruning(own, "apoz", {}, swish.evidence()))).toMatch(
      /^prune\/nothing-to-prune/,
    );
    const means = scoreChannels(
      own,
      readCriterion("mean-activation"),
      "as-defined",
      swish.evidence(),
    );
    expect([...(means.get("a") ?? [])]).toEqual([-0.25, 1]);
  });
});

describe("what was not measured", () => {
  it("is asked for in one sentence", () => {
    expect(refusal(() => preparePruning(network, "taylor"))).toBe(
      "prune/needs-images | taylor: this criterion judges by what was measured on images; measure it " +
        "on images first, or choose one that looks at weights alone, such as l1.",
    );
    const evidence = new ActivationMeter(network).evidence();
    expect(refusal(() => preparePruning(network, "taylor", {}, evidence))).toMatch(
      /^prune\/needs-images/,
    );
    expect(refusal(() => preparePruning(network, "apoz"))).toMatch(/^prune\/needs-images \| apoz/);
  });

  it("is declared by every criterion, and needed by no other", () => {
    const needs = CRITERION_NAMES.map((name) => {
      const { criterion, options } = readCriterion(name);
      return [name, criterion.needs(options)];
    });
    expect(needs.filter(([, kind]) => kind !== undefined)).toEqual([
      ["taylor", "gradients"],
      ["apoz", "activations"],
      ["mean-activation", "activations"],
    ]);
    const { criterion, options } = readCriterion("taylor:variant=activation");
    expect(criterion.needs(options)).toBe("responses");
  });
});
