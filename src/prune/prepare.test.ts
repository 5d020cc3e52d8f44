/** @file From scores to plans: threshold, ties, guards, refusals, one group alone. */
import { describe, expect, it } from "vitest";
import { buildArchitecture, type Network } from "../model/index.ts";
import { rankScores } from "./ranking.ts";
import { findGroups } from "./groups.ts";
import { planAt, planGroupAt, preparePruning } from "./prepare.ts";
import { safeRatios } from "./safe-ratio.ts";
import { withRandomScales } from "./testing/random-network.ts";
import { graphOf, refusal, withGamma } from "./testing/small-graphs.ts";

describe("the global threshold", () => {
  const graph = graphOf((b, from) => {
    const x = b.bn("bn1", b.conv("a", from, { filters: 4 }));
    return b.bn("bn2", b.conv("b", x, { filters: 4 }));
  });
  const kept = (network: Network, ratio: number, mode: "exact" | "reference"): number[][] => {
    const plan = planAt(preparePruning(network, "bn-scale"), { ratio, mode });
    return [...plan.kept.values()].map((list) => [...list]);
  };
  const distinct = withGamma(graph, { bn1: [8, 1, 6, 3], bn2: [2, -7, 4, 5] });

  it("takes ⌊total · ratio⌋ channels, and one more in reference mode", () => {
    expect(kept(distinct, 0.25, "exact")).toEqual([
      [0, 2, 3],
      [1, 2, 3],
    ]);
    expect(kept(distinct, 0.25, "reference")).toEqual([
      [0, 2],
      [1, 2, 3],
    ]);
    expect(kept(distinct, 0, "reference")).toEqual([
      [0, 2, 3],
      [0, 1, 2, 3],
    ]);
  });

  it("splits equals by group and channel in exact mode, the lower channel staying", () => {
    const tied = withGamma(graph, { bn1: [1, 1, 1, 1], bn2: [1, 1, 1, 9] });
    expect(kept(tied, 0.25, "exact")).toEqual([
      [0, 1],
      [0, 1, 2, 3],
    ]);
    expect(kept(tied, 0.25, "reference")).toEqual([[0], [3]]);
  });

  it("reports the guard, and the largest ratio before it holds", () => {
    const lopsided = withGamma(graph, { bn1: [1, 2, 3, 4], bn2: [5, 6, 7, 8] });
    const prepared = preparePruning(lopsided, "bn-scale");
    expect(safeRatios(prepared).guard).toBe(3 / 8);
    expect(planAt(prepared, { ratio: 3 / 8 }).guarded).toEqual([]);
    const plan = planAt(prepared, { ratio: 0.5 });
    expect(plan).toMatchObject({ requested: 0.5, achieved: 3 / 8, threshold: 4, guarded: ["a"] });
    expect([...(plan.kept.get("a") ?? [])]).toEqual([3]);
    const shared = preparePruning(lopsided, "bn-scale", { minimumShare: 0.3 });
    expect([...planAt(shared, { ratio: 0.99 }).kept.values()].map(({ length }) => length)).toEqual([
      2, 2,
    ]);
    expect(structuredClone(plan)).toEqual(plan);
  });

  it("does not depend on the order in which scores were listed", () => {
    const table = findGroups(graph);
    const scores = [
      ["b", Float64Array.of(1, 1, 2, 2)],
      ["a", Float64Array.of(1, 2, 1, 2)],
    ] as const;
    const [one, other] = [scores, scores.toReversed()].map((list) =>
      rankScores(table, new Map(list)),
    );
    expect(one).toEqual(other);
  });

  it.each([-1, 1, NaN, Infinity, 1.5])("refuses the ratio %d", (ratio) => {
    const prepared = preparePruning(distinct, "bn-scale");
    for (const mode of ["exact", "reference"] as const) {
      expect(refusal(() => planAt(prepared, { ratio, mode }))).toBe(
        "prune/bad-ratio | ratio: the ratio is out of range (expected a number from 0 up to, but not " +
          `including, 1, found ${ratio}); choose a ratio from 0 up to, but not including, 1.`,
      );
    }
    expect(refusal(() => planGroupAt(prepared, "a", ratio))).toMatch(/^prune\/bad-ratio/);
  });

  it("leaves what the guards hold at the largest ratio below 1", () => {
    const prepared = preparePruning(distinct, "bn-scale");
    for (const mode of ["exact", "reference"] as const) {
      const plan = planAt(prepared, { ratio: 1 - Number.EPSILON / 2, mode });
      expect([...plan.kept.values()].map((list) => [...list])).toEqual([[0], [1]]);
      expect(plan.threshold).toBe(mode === "exact" ? 7 : 8);
    }
  });

  it("refuses scores that are no numbers, and a share out of range", () => {
    const broken = withGamma(graph, { bn1: [1, NaN, 1, 1] });
    expect(refusal(() => preparePruning(broken, "bn-scale"))).toMatch(
      /^files\/not-finite \| a › score of channel 1: .*found NaN/,
    );
    for (const minimumShare of [-0.1, 1.1, NaN]) {
      expect(refusal(() => preparePruning(distinct, "bn-scale", { minimumShare }))).toMatch(
        /^prune\/bad-ratio \| minimum share: /,
      );
    }
  });
});

describe("a plan for one group", () => {
  const network = withRandomScales(buildArchitecture("preresnet-20", 1), 6);
  const prepared = preparePruning(network, "bn-scale");

  it("takes the group's lowest channels and no others", () => {
    for (const [id, scores] of prepared.scores) {
      const plan = planGroupAt(prepared, id, 0.5);
      const lowestKept = Math.min(...[...(plan.kept.get(id) ?? [])].map((c) => scores[c] ?? NaN));
      expect([...plan.kept.keys()]).toEqual([id]);
      expect(plan.kept.get(id)).toHaveLength(Math.ceil(scores.length / 2));
      expect(plan.threshold).toBeLessThan(lowestKept);
      expect(plan.achieved).toBe(0.5);
    }
    expect(planGroupAt(prepared, "select", 0).achieved).toBe(0);
    expect(planGroupAt(prepared, "select", 0.999).guarded).toEqual([]);
  });

  it("is refused for a group that takes no part", () => {
    expect(refusal(() => planGroupAt(prepared, "conv1", 0.5))).toMatch(
      /^prune\/plan-mismatch.*unscored/,
    );
    expect(refusal(() => planGroupAt(prepared, "conv99", 0.5))).toMatch(/^prune\/plan-mismatch/);
  });
});
