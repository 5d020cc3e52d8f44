/** @file The same share of every group, counted as each tool counts. */
import { describe, expect, it } from "vitest";
import { graphOf, prepareBy, refusal, widthsOf } from "../testing/small-graphs.ts";
import { planAllocation } from "./index.ts";
import { keptOfSize } from "./uniform.ts";

describe("a uniform ratio", () => {
  it("keeps what the code for Li et al. 2017 keeps", () => {
    const golden = [
      [16, 0.1, 14],
      [32, 0.1, 28],
      [64, 0.1, 57],
      [32, 0.3, 22],
      [64, 0.3, 44],
      [64, 0.7, 19],
    ] as const;
    for (const [size, ratio, kept] of golden) expect(keptOfSize(size, ratio)).toBe(kept);
  });

  it("counts as other tools do where it is asked to", () => {
    expect([0.1, 0.5].map((ratio) => keptOfSize(15, ratio, "round"))).toEqual([14, 8]);
    expect([0.1, 0.5].map((ratio) => keptOfSize(15, ratio, "ceil"))).toEqual([14, 8]);
    expect([0.1, 0.5].map((ratio) => keptOfSize(15, ratio))).toEqual([13, 7]);
    expect(keptOfSize(15, 0.3, "round")).toBe(11);
    expect(keptOfSize(15, 0.37, "round")).toBe(9);
  });

  it("is not led astray by doubles", () => {
    expect(10 * (1 - 0.9)).toBeLessThan(1);
    expect(keptOfSize(10, 0.9)).toBe(1);
    for (let size = 1; size <= 200; size++) {
      for (let gone = 0; gone < size; gone++) {
        for (const rule of ["floor", "round", "ceil"] as const) {
          expect(keptOfSize(size, gone / size, rule)).toBe(size - gone);
        }
      }
    }
  });

  const graph = graphOf((b, from) =>
    b.conv("b", b.conv("a", from, { filters: 4 }), { filters: 10 }),
  );
  const scores = { a: [4, 1, 2, 3], b: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0] };

  it("takes the lowest of every group, whatever the others score", () => {
    const plan = planAllocation(prepareBy(graph, scores), { kind: "uniform", ratio: 0.5 });
    expect([...plan.kept].map(([id, kept]) => [id, [...kept]])).toEqual([
      ["a", [0, 3]],
      ["b", [0, 1, 2, 3, 4]],
    ]);
    expect(plan).toMatchObject({ achieved: 0.5, requested: 0.5, threshold: 4, guarded: [] });
    expect(plan.allocation).toEqual({ kind: "uniform", ratio: 0.5 });
  });

  it("leaves the guards what they hold, and says so", () => {
    const plan = planAllocation(prepareBy(graph, scores), { kind: "uniform", ratio: 0.9 });
    expect(widthsOf(plan)).toEqual({ a: 1, b: 1 });
    expect(plan.guarded).toEqual(["a"]);
  });

  it.each([-0.1, 1, NaN])("refuses the ratio %d", (ratio) => {
    const prepared = prepareBy(graph, scores);
    expect(refusal(() => planAllocation(prepared, { kind: "uniform", ratio }))).toMatch(
      /^prune\/bad-ratio/,
    );
  });
});
