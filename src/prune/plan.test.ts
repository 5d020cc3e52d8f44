/** @file Plans that fit, and plans that do not. */
import { describe, expect, it } from "vitest";
import { buildArchitecture, fingerprintNetwork } from "../model/index.ts";
import { applyPlan, sliceTensors } from "./apply.ts";
import { findGroups } from "./groups.ts";
import { maskPlan } from "./mask-plan.ts";
import { keptOf, planFromLists } from "./plan.ts";
import { costAt, planAt, prepareScores, preparePruning } from "./prepare.ts";
import { blankNetwork } from "./testing/random-network.ts";
import { graphOf, refusal } from "./testing/small-graphs.ts";

describe("a plan for another network", () => {
  const network = buildArchitecture("vgg11:width=0.125", 1);
  const prepared = preparePruning(network, "bn-scale");
  const { table } = prepared;
  const plan = planAt(prepared, { ratio: 0.5 });

  it("is refused wherever it is used", () => {
    const wide = preparePruning(blankNetwork("vgg11:width=0.25"), "bn-scale");
    for (const act of [
      () => costAt(wide, plan),
      () => applyPlan(network, wide.table, plan),
      () => applyPlan(blankNetwork("vgg11:width=0.25"), table, plan),
      () => maskPlan(network, table, planAt(wide, { ratio: 0.5 })),
      () => keptOf(wide.table, plan, "conv1"),
      () => applyPlan(blankNetwork("vgg13:width=0.125"), table, plan),
    ]) {
      expect(refusal(act)).toMatch(/^prune\/plan-mismatch \| /);
    }
  });

  it("is accepted on a clone of its own", () => {
    const clone = structuredClone(network);
    const [one, other] = [clone, network].map((of) => applyPlan(of, table, structuredClone(plan)));
    expect(one && fingerprintNetwork(one)).toBe(other && fingerprintNetwork(other));
  });

  it.each([
    ["an unknown group", "conv99", [0]],
    ["a channel that is not there", "conv1", [0, 16]],
    ["a channel twice", "conv1", [3, 3]],
    ["a negative channel", "conv1", [-1, 3]],
    ["no channel", "conv1", []],
    ["a cut of the answer", "fc", [0]],
    ["a cut of the image", "input", [0, 1]],
  ])("is refused with %s", (_, id, list) => {
    expect(refusal(() => planFromLists(table, [[id, list]]))).toMatch(
      /^prune\/plan-mismatch \| plan › /,
    );
  });

  it("is refused where one layer of a group would be empty", () => {
    const graph = graphOf((b, from) => {
      const [a, c] = [b.conv("a", from, { filters: 2 }), b.conv("b", from, { filters: 2 })];
      const both = b.add("both", { kind: "concat" }, a, c);
      return b.add("sum", { kind: "add" }, both, b.conv("c", from, { filters: 4 }));
    });
    const small = findGroups(graph);
    expect(refusal(() => planFromLists(small, [["a", [0, 1]]]))).toMatch(/plan › b: /);
    // The guard sees to it: the scores alone would leave channel 0 only.
    const scores = new Map([["a", Float64Array.of(9, 1, 2, 3)]]);
    const guarded = planAt(prepareScores(small, "given", scores, { streams: "prune" }), {
      ratio: 0.75,
    });
    expect([...(guarded.kept.get("a") ?? [])]).toEqual([0, 3]);
  });

  it("is refused for accumulators that do not fit", () => {
    const stray = new Map([["conv1/momentum", { shape: [1], values: new Float32Array(1) }]]);
    expect(refusal(() => sliceTensors(stray, table, plan))).toMatch(/^prune\/plan-mismatch/);
    const wrong = new Map([["bn1/gamma", { shape: [1], values: new Float32Array(1) }]]);
    expect(refusal(() => sliceTensors(wrong, table, plan))).toMatch(/expected \[8\], found \[1\]/);
  });
});
