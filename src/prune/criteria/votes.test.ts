/** @file From opinions to scores. */
import { describe, expect, it } from "vitest";
import { known } from "../../core/index.ts";
import { initialize } from "../../model/index.ts";
import { findGroups } from "../groups.ts";
import { graphOf } from "../testing/small-graphs.ts";
import { readCriterion } from "./index.ts";
import { scoreChannels } from "./score.ts";
import { normalise, Votes } from "./votes.ts";

const graph = graphOf((b, from) => b.conv("b", b.conv("a", from, { filters: 2 }), { filters: 3 }));
const table = findGroups(graph);
const classes = (id: string): Int32Array => {
  const { start, size } = known(table.byId.get(id), id);
  return Int32Array.from({ length: size }, (_, i) => start + i);
};

describe("votes", () => {
  it.each([
    ["mean", [2, 3]],
    ["max", [3, 4]],
    ["sum", [4, 6]],
  ] as const)("become one number by their %s", (reduction, expected) => {
    const votes = new Votes(table.classCount, reduction);
    votes.add({ classes: classes("a"), values: [1, 4] });
    votes.add({ classes: classes("a"), values: [3, 2] });
    expect([...(votes.byGroup(table).get("a") ?? [])]).toEqual(expected);
  });

  it("may all be negative", () => {
    const votes = new Votes(table.classCount, "max");
    votes.add({ classes: classes("a"), values: [-1, -4] });
    votes.add({ classes: classes("a"), values: [-3, -2] });
    expect([...(votes.byGroup(table).get("a") ?? [])]).toEqual([-1, -2]);
  });

  it("leave out a group of which one channel has none, and fixed ones", () => {
    const votes = new Votes(table.classCount, "mean");
    votes.add({ classes: classes("a"), values: [1, 2] });
    votes.add({ classes: classes("b").subarray(1), values: [1, 2] });
    votes.add({ classes: classes("input"), values: [1, 2, 3] });
    expect([...votes.byGroup(table).keys()]).toEqual(["a"]);
  });

  it("keep their order and sign when they are normalised", () => {
    const scores = new Map([
      ["a", Float64Array.of(-3, 1)],
      ["b", Float64Array.of(0, 0, 0)],
    ]);
    expect(normalise(scores, "none")).toBe(scores);
    expect(normalise(scores, "mean").get("a")).toEqual(Float64Array.of(-1.5, 0.5));
    expect(normalise(scores, "l2").get("a")).toEqual(
      Float64Array.of(-3 / Math.sqrt(10), 1 / Math.sqrt(10)),
    );
    expect(normalise(scores, "mean").get("b")).toEqual(Float64Array.of(0, 0, 0));
  });
});

describe("random", () => {
  const network = initialize(graph, { seed: 1 });
  const draw = (text: string) => scoreChannels(network, readCriterion(text), "as-defined");

  it("repeats with its seed and not with another", () => {
    expect(draw("random:seed=7")).toEqual(draw("random:seed=7"));
    expect(draw("random:seed=7")).not.toEqual(draw("random:seed=8"));
    expect(draw("random")).toEqual(draw("random:seed=1"));
  });

  it("is spread over 0 to 1, a number of its own for each channel", () => {
    const wide = graphOf((b, from) => b.conv("a", from, { filters: 4000, size: 1 }));
    const values = [
      ...(scoreChannels(initialize(wide, { seed: 1 }), readCriterion("random"), "ranking").get(
        "a",
      ) ?? []),
    ];
    expect(new Set(values).size).toBe(4000);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const tenths = Array.from({ length: 10 }, (_, t) =>
      values.filter((v) => Math.floor(v * 10) === t),
    );
    // 400 are due in each; five deviations are 95.
    for (const { length } of tenths) expect(Math.abs(length - 400)).toBeLessThan(95);
  });
});
