/** @file Independent and greedy scoring (Li et al. 2017, §3.3). */
import { describe, expect, it } from "vitest";
import { makeRandom } from "../../core/index.ts";
import { tensorName, type Graph, type Network } from "../../model/index.ts";
import { findGroups } from "../groups.ts";
import { prepareScores, type PruneOptions } from "../prepare.ts";
import { withRandomWeights } from "../testing/random-network.ts";
import { graphOf, refusal, widthsOf } from "../testing/small-graphs.ts";
import { filterSums, scorerOf } from "./greedy.ts";
import { planAllocation } from "./index.ts";
import type { List } from "./list.ts";

const chain = graphOf((b, from) => {
  const x = b.conv("b", b.relu("relu", b.conv("a", from, { filters: 6 })), { filters: 8 });
  return b.conv("c", x, { filters: 4, groups: 2 });
});

/** Every layer scored by whole filters. */
function prepareSums(network: Network, options: PruneOptions = {}) {
  const table = findGroups(network);
  const scoreOf = filterSums(network);
  const scores = table.groups
    .filter(({ fixed }) => !fixed)
    .map(({ id, size, start, layers }) => {
      const own = new Float64Array(size);
      const all = Int32Array.from({ length: 64 }, (_, i) => i);
      for (const layer of layers) {
        const axis = table.axes[table.axisOf.get(layer) ?? -1] ?? new Int32Array();
        axis.forEach((c, j) => {
          own[c - start] = (own[c - start] ?? 0) + (scoreOf(layer, all)?.[j] ?? 0);
        });
      }
      return [id, own] as const;
    });
  return prepareScores(table, "l1", new Map(scores), options);
}

function withKernel(graph: Graph, layer: string, values: readonly number[]): Network {
  const network = withRandomWeights(graph, makeRandom(1));
  const weights = new Map(network.weights);
  const name = tensorName(layer, "kernel");
  weights.set(name, { shape: weights.get(name)?.shape ?? [], values: Float32Array.from(values) });
  return { ...network, weights };
}

const plans = (network: Network, layers: List["layers"]) =>
  (["independent", "greedy"] as const).map((scoring) =>
    planAllocation(
      prepareSums(network, { scoring, streams: "prune" }),
      { kind: "list", layers },
      { scoreOf: filterSums(network) },
    ),
  );

describe("filter sums", () => {
  it("are METHODS C3's scores: [[1,−2],[.5,.5],[−3,0]] → 3, 1, 3", () => {
    const graph = graphOf((b, from) => {
      const x = b.conv("two", from, { filters: 2, size: 1 });
      return b.conv("three", x, { filters: 3, size: 1 });
    });
    const network = withKernel(graph, "three", [1, 0.5, -3, -2, 0.5, 0]);
    const sums = filterSums(network)("three", Int32Array.of(0, 1));
    expect([...(sums ?? [])]).toEqual([3, 1, 3]);
    const [plan] = plans(network, { three: { ratio: 1 / 3 } });
    expect([...(plan?.kept.get("three") ?? [])]).toEqual([0, 2]);
  });

  it("of a grouped convolution leave out only its own group's inputs", () => {
    const network = withKernel(chain, "c", Array(9 * 4 * 4).fill(1) as number[]);
    const sum = (kept: readonly number[]) => [
      ...(filterSums(network)("c", Int32Array.from(kept)) ?? []),
    ];
    expect(sum([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([36, 36, 36, 36]);
    expect(sum([1, 4, 5])).toEqual([9, 9, 18, 18]);
  });
});

describe("greedy scoring", () => {
  it("agrees with independent scoring while nothing was cut before", () => {
    for (let seed = 0; seed < 20; seed++) {
      const network = withRandomWeights(chain, makeRandom(seed));
      for (const name of ["a", "b", "c"]) {
        const [independent, greedy] = plans(network, { [name]: { ratio: 0.5 } });
        expect(greedy?.kept).toEqual(independent?.kept);
      }
    }
  });

  it("leaves out what was cut before, and only there decides otherwise", () => {
    const graph = graphOf((b, from) => {
      const x = b.conv("two", from, { filters: 2, size: 1 });
      return b.conv("pair", x, { filters: 2, size: 1 });
    });
    // Filters [1, 9] and [3, 2] over two inputs, of which the second is the weaker one to make.
    const base = withKernel(graph, "pair", [1, 3, 9, 2]);
    const weights = new Map(base.weights);
    const kernel = Float32Array.of(5, 1, 5, 1, 5, 1);
    weights.set("two/kernel", { shape: [1, 1, 3, 2], values: kernel });
    const [independent, greedy] = plans(
      { ...base, weights },
      {
        two: { keep: 1 },
        pair: { keep: 1 },
      },
    );
    expect(independent?.kept.get("two")).toEqual(Int32Array.of(0));
    expect(independent?.kept.get("pair")).toEqual(Int32Array.of(0));
    expect(greedy?.kept.get("two")).toEqual(Int32Array.of(0));
    expect(greedy?.kept.get("pair")).toEqual(Int32Array.of(1));
  });

  it("keeps every width, guards and all", () => {
    const network = withRandomWeights(chain, makeRandom(7));
    const prepared = prepareSums(network, { scoring: "greedy", rounding: { to: 2 } });
    const independent = prepareSums(network, { rounding: { to: 2 } });
    for (const ratio of [0.2, 0.5, 0.9]) {
      const allocation = { kind: "global-threshold", ratio } as const;
      const greedy = planAllocation(prepared, allocation, { scoreOf: filterSums(network) });
      expect(widthsOf(greedy)).toEqual(widthsOf(planAllocation(independent, allocation)));
    }
  });

  it("is refused without weights, without filters, and for criteria that sum no filters", () => {
    const network = withRandomWeights(chain, makeRandom(7));
    const prepared = prepareSums(network, { scoring: "greedy" });
    const allocation = { kind: "uniform", ratio: 0.5 } as const;
    expect(refusal(() => planAllocation(prepared, allocation))).toMatch(
      /^prune\/bad-allocation \| scoring: /,
    );
    expect(
      refusal(() => planAllocation(prepared, allocation, { scoreOf: () => undefined })),
    ).toMatch(/^prune\/nothing-to-prune \| a: /);
    const shortcut = prepareSums(network, {
      scoring: "greedy",
      streams: "prune",
      decider: "shortcut",
    });
    expect(refusal(() => planAllocation(shortcut, allocation))).toContain("the decider shortcut");
    expect(refusal(() => scorerOf(network, "bn-scale"))).toMatch(/scoring: .*found bn-scale/);
    expect(refusal(() => scorerOf(network, "l1:reduce=max"))).toContain("found l1:reduce=max");
    for (const name of ["l1", "l1:normalise=none"]) {
      expect(scorerOf(network, name)("a", Int32Array.of(0))).toHaveLength(6);
    }
  });
});
