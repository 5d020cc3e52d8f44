/** @file Whose scores are compared with whose. */
import { describe, expect, it } from "vitest";
import { parseArchitecture } from "../model/index.ts";
import { findGroups, type GroupId } from "./groups.ts";
import { planAt, preparePruning } from "./prepare.ts";
import { safeRatios } from "./safe-ratio.ts";
import { poolNames, type Scope } from "./scope.ts";
import { blankNetwork, withRandomScales } from "./testing/random-network.ts";
import { graphOf, prepareBy, widthsOf } from "./testing/small-graphs.ts";

/** The pools of an architecture's prunable groups, in forward order. */
function poolsOf(name: string, scope: Scope, takes: (id: GroupId) => boolean): GroupId[][] {
  const { graph } = parseArchitecture(name) ?? expect.fail(name);
  const table = findGroups(graph);
  const nameOf = poolNames(table, scope);
  const pools = new Map<string, GroupId[]>();
  for (const group of table.groups) {
    if (group.fixed || !takes(group.id)) continue;
    const pool = nameOf(group);
    pools.set(pool, [...(pools.get(pool) ?? []), group.id]);
  }
  return [...pools.values()];
}

describe("a scope", () => {
  it("by pattern ranks a block's first convolutions with their like in all stages", () => {
    const first = (id: string): boolean => id.endsWith(".conv1");
    expect(poolsOf("resnet-20", "isomorphic", first)).toHaveLength(1);
    expect(poolsOf("resnet-20", "stage", first)).toEqual(
      [1, 2, 3].map((stage) => [0, 1, 2].map((block) => `layer${stage}.${block}.conv1`)),
    );
    expect(poolsOf("resnet-20", "layer", first)).toHaveLength(9);
    expect(poolsOf("resnet-20", "global", first)).toHaveLength(1);
  });

  it("by pattern keeps 1×1 and 3×3 convolutions and selections apart", () => {
    const inside = (id: string): boolean => /^layer.*\.(select|conv1|conv2)$/.test(id);
    const pools = poolsOf("preresnet-20", "isomorphic", inside);
    expect(pools.map((ids) => new Set(ids.map((id) => id.split(".").at(-1))))).toEqual([
      new Set(["select"]),
      new Set(["conv1"]),
      new Set(["conv2"]),
    ]);
    expect(poolsOf("preresnet-20", "stage", inside)).toHaveLength(9);
  });

  it.each(["vgg11", "resnet-20", "preresnet-20", "densenet-40", "densenet-bc-100"])(
    "splits the pools of the wider one on %s",
    (name) => {
      const pools = (["global", "isomorphic", "stage", "layer"] as const).map((scope) =>
        poolsOf(name, scope, () => true),
      );
      pools.slice(1).forEach((narrow, i) => {
        for (const ids of narrow) {
          const wide = (pools[i] ?? []).filter((pool) => pool.some((id) => ids.includes(id)));
          expect(wide).toHaveLength(1);
        }
      });
    },
  );

  it("takes the same share of every pool", () => {
    const network = withRandomScales(blankNetwork("resnet-20"), 4);
    const prepared = preparePruning(network, "bn-scale", { scope: "layer" });
    const plan = planAt(prepared, { ratio: 0.3 });
    for (const [id, kept] of plan.kept) {
      const size = plan.sizes.get(id) ?? NaN;
      expect(kept.length).toBe(size - Math.floor(size * 0.3));
    }
    const staged = planAt(preparePruning(network, "bn-scale", { scope: "stage" }), { ratio: 0.3 });
    for (const stage of [1, 2, 3]) {
      const own = [...staged.kept].filter(([id]) => id.startsWith(`layer${stage}.`));
      const left = own.reduce((sum, [, kept]) => sum + kept.length, 0);
      const of = own.reduce((sum, [id]) => sum + (staged.sizes.get(id) ?? NaN), 0);
      expect(left).toBe(of - Math.floor(of * 0.3));
    }
  });

  it("is blind to how large another pool's scores are", () => {
    const graph = graphOf((b, from) =>
      b.conv("b", b.conv("a", from, { filters: 4 }), { filters: 4 }),
    );
    const scores = { a: [1, 2, 3, 4], b: [100, 200, 300, 400] };
    const at = (scope: Scope) => planAt(prepareBy(graph, scores, { scope }), { ratio: 0.5 });
    expect(widthsOf(at("global"))).toEqual({ a: 1, b: 4 });
    expect(widthsOf(at("layer"))).toEqual({ a: 2, b: 2 });
    expect(at("layer")).toMatchObject({ threshold: 200, guarded: [], achieved: 0.5 });
  });

  it("moves the ratio at which the first guard holds", () => {
    const graph = graphOf((b, from) =>
      b.conv("b", b.conv("a", from, { filters: 4 }), { filters: 4 }),
    );
    const scores = { a: [1, 2, 3, 4], b: [5, 6, 7, 8] };
    expect(safeRatios(prepareBy(graph, scores)).guard).toBe(3 / 8);
    const layered = prepareBy(graph, scores, { scope: "layer" });
    expect(safeRatios(layered).guard).toBe(3 / 4);
    expect(planAt(layered, { ratio: 0.75 }).guarded).toEqual([]);
    expect(planAt(layered, { ratio: 0.999 }).guarded).toEqual([]);
    const reference = planAt(layered, { ratio: 0.75, mode: "reference" });
    expect(reference.guarded).toEqual(["a", "b"]);
    expect(safeRatios(layered, "reference").guard).toBe(2 / 4);
    expect(planAt(layered, { ratio: 0.5, mode: "reference" }).guarded).toEqual([]);
    expect([...layered.ranking.sorted]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
