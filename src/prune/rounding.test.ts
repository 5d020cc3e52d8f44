/** @file Widths in steps: which they are, and what a group of several layers makes of them. */
import { describe, expect, it } from "vitest";
import { findGroups } from "./groups.ts";
import { planAt } from "./prepare.ts";
import { roundWidth, segmentsOf } from "./rounding.ts";
import { graphOf, prepareBy, refusal, widthsOf } from "./testing/small-graphs.ts";

describe("a rounded width", () => {
  const round = (kept: number, how?: "nearest" | "down" | "up", least = 1): number =>
    roundWidth(kept, { step: 8, how }, { least, size: 19 });

  it("is a multiple, or the whole layer", () => {
    expect([18, 17, 13, 12, 11, 5, 4, 3, 1].map((kept) => round(kept))).toEqual([
      16, 16, 16, 16, 8, 8, 8, 8, 8,
    ]);
    expect([18, 16, 15, 9, 7].map((kept) => round(kept, "down"))).toEqual([16, 16, 8, 8, 8]);
    expect([17, 16, 9, 7].map((kept) => round(kept, "up"))).toEqual([19, 16, 16, 8]);
    expect(round(19)).toBe(19);
  });

  it("is not below what the guard holds", () => {
    expect(round(10, "down", 9)).toBe(16);
    expect(round(18, "down", 17)).toBe(19);
  });

  it("is the whole layer where that is narrower than one step", () => {
    expect(roundWidth(3, { step: 8 }, { least: 1, size: 5 })).toBe(5);
  });

  it("rises with what was to stay", () => {
    for (const how of ["nearest", "down", "up"] as const) {
      for (const size of [1, 7, 8, 19, 32]) {
        const widths = Array.from({ length: size }, (_, i) =>
          roundWidth(i + 1, { step: 8, how }, { least: 1, size }),
        );
        expect(widths).toEqual(widths.toSorted((a, b) => a - b));
      }
    }
  });
});

describe("rounding a plan", () => {
  const rising = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

  it("takes or gives back the channels next in line", () => {
    const graph = graphOf((b, from) => b.conv("a", from, { filters: 12 }));
    const at = (ratio: number, how: "down" | "up") => {
      const prepared = prepareBy(graph, { a: rising(12) }, { rounding: { to: 4, how } });
      return planAt(prepared, { ratio });
    };
    expect([...(at(0.5, "down").kept.get("a") ?? [])]).toEqual([8, 9, 10, 11]);
    expect([...(at(0.5, "up").kept.get("a") ?? [])]).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    // What goes scores at most the threshold, rounding included.
    expect(at(0.5, "down")).toMatchObject({ threshold: 7, achieved: 8 / 12, requested: 0.5 });
    expect(at(0, "down")).toMatchObject({ achieved: 0, threshold: 0 });
  });

  it("rounds every layer of a concatenation that is added to", () => {
    const graph = graphOf((b, from) => {
      const [x, y] = [b.conv("a", from, { filters: 8 }), b.conv("b", from, { filters: 6 })];
      const both = b.add("both", { kind: "concat" }, x, y);
      return b.add("sum", { kind: "add" }, both, b.conv("c", from, { filters: 14 }));
    });
    const table = findGroups(graph);
    const group = table.groups.find(({ stream }) => stream);
    expect(group?.id).toBe("a");
    expect(
      segmentsOf(table, group ?? expect.fail(), 4).map(({ channels }) => [...channels]),
    ).toEqual([rising(8), [8, 9, 10, 11, 12, 13]]);
    const prepared = prepareBy(graph, { a: rising(14) }, { streams: "prune", rounding: { to: 4 } });
    const kept = [...(planAt(prepared, { ratio: 0.3 }).kept.get("a") ?? [])];
    expect(kept).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    const fewer = [...(planAt(prepared, { ratio: 0.8 }).kept.get("a") ?? [])];
    expect(fewer).toEqual([4, 5, 6, 7, 10, 11, 12, 13]);
  });

  it("counts a grouped convolution's channels once a group", () => {
    const graph = graphOf((b, from) =>
      b.conv("g", b.conv("a", from, { filters: 8 }), { filters: 24, groups: 4 }),
    );
    // "a" has 2 slots in 4 groups, "g" 6: any number of slots makes a width in steps of 4.
    const half = (to: number) => {
      const scores = { a: rising(2), g: rising(6) };
      const prepared = prepareBy(graph, scores, { scope: "layer", rounding: { to } });
      return widthsOf(planAt(prepared, { ratio: 0.5 }));
    };
    expect(half(4)).toEqual({ a: 1, g: 3 });
    expect(half(8)).toEqual({ a: 2, g: 4 });
  });

  it.each([0, -8, 1.5, NaN, 2048])("refuses steps of %d", (to) => {
    const graph = graphOf((b, from) => b.conv("a", from, { filters: 12 }));
    expect(refusal(() => prepareBy(graph, { a: rising(12) }, { rounding: { to } }))).toMatch(
      /^prune\/bad-allocation \| rounding: .*a whole number from 1/,
    );
  });
});
