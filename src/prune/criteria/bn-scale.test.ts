/** @file Who speaks for which channel. */
import { describe, expect, it } from "vitest";
import { initialize } from "../../model/index.ts";
import { preparePruning } from "../prepare.ts";
import { graphOf, refusal, withGamma } from "../testing/small-graphs.ts";
import { CRITERION_NAMES, criterionNamed, readCriterion } from "./index.ts";
import { scoreChannels } from "./score.ts";

describe("bn-scale", () => {
  it("lets a batch norm that only selections read speak for them", () => {
    const graph = graphOf((b, from) => {
      const bn = b.bn("bn", b.conv("a", from, { filters: 3 }));
      return b.add("pick", { kind: "channelSelect", indices: [2, 0, -1] }, bn);
    });
    const network = withGamma(graph, { bn: [3, -1, -2] });
    const scores = scoreChannels(network, readCriterion("bn-scale"), "as-defined");
    expect([...scores].map(([id, values]) => [id, [...values]])).toEqual([["pick", [2, 3, 0]]]);
  });

  it("lets a batch norm that something else reads too speak for its own axis", () => {
    const graph = graphOf((b, from) => {
      const bn = b.bn("bn", b.conv("a", from, { filters: 3 }));
      return b.add("sum", { kind: "concat" }, b.select("pick", bn), b.relu("relu", bn));
    });
    const network = withGamma(graph, { bn: [3, -1, 2] });
    const scores = scoreChannels(network, readCriterion("bn-scale"), "as-defined");
    expect([...scores].map(([id, values]) => [id, [...values]])).toEqual([["a", [3, 1, 2]]]);
  });

  it("leaves out a group of which it knows only a part", () => {
    const graph = graphOf((b, from) => {
      const half = b.bn("bn", b.conv("a", from, { filters: 2 }));
      const both = b.add("both", { kind: "concat" }, half, b.conv("b", from, { filters: 2 }));
      return b.add("sum", { kind: "add" }, both, b.conv("c", from, { filters: 4 }));
    });
    expect(refusal(() => preparePruning(initialize(graph, { seed: 1 }), "bn-scale"))).toBe(
      "prune/nothing-to-prune | small: no layer can be pruned by this criterion (expected groups that " +
        "bn-scale can score, found none); choose another criterion, such as l1, or a " +
        "network with batch normalization.",
    );
  });

  it("is offered by name", () => {
    expect(CRITERION_NAMES).toContain("bn-scale");
    expect(refusal(() => criterionNamed("toString"))).toMatch(
      /^prune\/unknown-criterion \| criterion: /,
    );
  });
});
