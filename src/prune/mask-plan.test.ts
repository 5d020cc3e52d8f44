/** @file What a mask touches; that it equals the cut is in `properties.test.ts`. */
import { expect, it } from "vitest";
import { known, makeRandom } from "../core/index.ts";
import { findGroups } from "./groups.ts";
import { maskPlan } from "./mask-plan.ts";
import { planFromLists } from "./plan.ts";
import { withRandomWeights } from "./testing/random-network.ts";
import { graphOf } from "./testing/small-graphs.ts";

it("zeroes what makes a channel, and leaves running statistics and readers alone", () => {
  const graph = graphOf((b, from) => {
    const x = b.bn("bn", b.conv("a", from, { filters: 3, bias: true }));
    return b.conv("b", b.select("pick", x), { filters: 2 });
  });
  const network = withRandomWeights(graph, makeRandom(1));
  const table = findGroups(graph);
  const lists = [
    ["a", [0, 2]],
    ["pick", [1, 2]],
  ] as const;
  const masked = maskPlan(network, table, planFromLists(table, lists));
  for (const slot of ["a/bias", "bn/gamma", "bn/beta"]) {
    const before = known(network.weights.get(slot), slot).values;
    expect([...known(masked.weights.get(slot), slot).values]).toEqual([before[0], 0, before[2]]);
  }
  for (const slot of ["bn/mean", "bn/variance", "b/kernel", "fc/kernel"]) {
    expect(masked.weights.get(slot)).toBe(network.weights.get(slot));
  }
  const kernel = known(masked.weights.get("a/kernel"), "a/kernel").values;
  expect(kernel.every((value, i) => (value === 0) === (i % 3 === 1))).toBe(true);
  const pick = known(
    masked.nodes.find(({ name }) => name === "pick"),
    "pick",
  );
  expect(pick.op).toEqual({ kind: "channelSelect", indices: [-1, 1, 2] });
});
