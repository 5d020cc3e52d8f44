/** @file Independent and greedy scoring (Li et al. 2017, §3.3). */
import { describe, expect, it } from "vitest";
import { makeRandom } from "../../core/index.ts";
import { tensorName, type Graph, type Network } from "../../model/index.ts";
import { keptOf } from "../plan.ts";
import { preparePruning, type PruneOptions } from "../prepare.ts";
import { withRandomWeights } from "../testing/random-network.ts";
import { graphOf, refusal, widthsOf } from "../testing/small-graphs.ts";
import { filterSums } from "./greedy.ts";
import { planAllocation } from "./index.ts";
import type { List } from "./list.ts";

const chain = graphOf((b, from) => {
  const x = b.conv("b", b.relu("relu", b.conv("a", from, { filters: 6 })), { filters: 8 });
  return b.conv("c", x, { filters: 4, groups: 2 });
});

function withKernel(network: Network, layer: string, values: readonly number[]): Network {
  const weights = new Map(network.weights);
  const name = tensorName(layer, "kernel");
  weights.set(name, { shape: weights.get(name)?.shape ?? [], values: Float32Array.from(values) });
  return { ...network, weights };
}

const withWeights = (graph: Graph): Network => withRandomWeights(graph, makeRandom(1));

const plans = (network: Network, layers: List["layers"]) =>
  (["independent", "greedy"] as const).map((scoring) =>
    planAllocation(
      preparePruning(network, "l1", { scoring, streams: "prune" }),
      { kind: "list", layers },
      { scoreOf: filterSums(network) },
    ),
  );

describe("filter sums", () => {
  it("are Li et al.'s Σ|w|: [[1,−2],[.5,.5],[−3,0]] → 3, 1, 3", () => {
    const graph = graphOf((b, from) => {
      const x = b.conv("two", from, { filters: 2, size: 1 });
      return b.conv("three", x, { filters: 3, size: 1 });
    });
    const network = withKernel(withWeights(graph), "three", [1, 0.5, -3, -2, 0.5, 0]);
    const sums = filterSums(network)("three", Int32Array.of(0, 1));
    expect([...(sums ?? [])]).toEqual([3, 1, 3]);
    const [plan] = plans(network, { three: { ratio: 1 / 3 } });
    expect([...(plan?.kept.get("three") ?? [])]).toEqual([0, 2]);
  });

  it("of a grouped convolution leave out only its own group's inputs", () => {
    const network = withKernel(withWeights(chain), "c", Array(9 * 4 * 4).fill(1) as number[]);
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
    const pair = withKernel(withWeights(graph), "pair", [1, 3, 9, 2]);
    const network = withKernel(pair, "two", [5, 1, 5, 1, 5, 1]);
    const [independent, greedy] = plans(network, { two: { keep: 1 }, pair: { keep: 1 } });
    expect(independent?.kept.get("two")).toEqual(Int32Array.of(0));
    expect(independent?.kept.get("pair")).toEqual(Int32Array.of(0));
    expect(greedy?.kept.get("two")).toEqual(Int32Array.of(0));
    expect(greedy?.kept.get("pair")).toEqual(Int32Array.of(1));
  });

  it("scores a depthwise kernel too, as the criterion does", () => {
    const graph = graphOf((b, from) => {
      const x = b.conv("a", from, { filters: 3, size: 1 });
      return b.conv("after", b.conv("deep", x, { filters: 3, groups: 3, size: 1 }), { filters: 2 });
    });
    // Filters of 3, 6 and 9 behind which stand 8, 1 and 1: the middle one is the weakest of all.
    const first = withKernel(withWeights(graph), "a", [1, 2, 3, 1, 2, 3, 1, 2, 3]);
    const [independent, greedy] = plans(withKernel(first, "deep", [8, 1, 1]), { a: { keep: 2 } });
    expect(independent?.kept.get("a")).toEqual(Int32Array.of(0, 2));
    expect(greedy?.kept).toEqual(independent?.kept);
  });

  it("keeps every width, guards and all, and says nothing of a threshold", () => {
    const network = withWeights(chain);
    const options = { rounding: { to: 2 }, minimumShare: 0.3 };
    const prepared = preparePruning(network, "l1", { ...options, scoring: "greedy" });
    const independent = preparePruning(network, "l1", options);
    for (const ratio of [0.2, 0.5, 0.9]) {
      const allocation = { kind: "global-threshold", ratio } as const;
      const greedy = planAllocation(prepared, allocation, { scoreOf: filterSums(network) });
      const other = planAllocation(independent, allocation);
      expect(widthsOf(greedy)).toEqual(widthsOf(other));
      const { requested, achieved, guarded } = other;
      expect(greedy).toMatchObject({ requested, achieved, guarded });
      expect(greedy).not.toHaveProperty("threshold");
      expect(other.threshold).toBeGreaterThan(0);
    }
  });

  it("keeps as many channels of each layer where a sum binds several", () => {
    const graph = graphOf((b, from) => {
      const [x, y] = [b.conv("a", from, { filters: 4 }), b.conv("b", from, { filters: 4 })];
      const both = b.add("both", { kind: "concat" }, x, y);
      return b.add("sum", { kind: "add" }, both, b.conv("c", from, { filters: 8 }));
    });
    for (let seed = 0; seed < 20; seed++) {
      const network = withRandomWeights(graph, makeRandom(seed));
      for (const minimumShare of [0, 0.5]) {
        const options = { streams: "prune", minimumShare } as const;
        const allocation = { kind: "uniform", ratio: 0.7 } as const;
        const independent = planAllocation(preparePruning(network, "l1", options), allocation);
        const prepared = preparePruning(network, "l1", { ...options, scoring: "greedy" });
        const scoreOf = filterSums(network);
        const greedy = planAllocation(prepared, allocation, { scoreOf });
        for (const layer of ["a", "b", "c"]) {
          const [own, other] = [greedy, independent].map((p) => keptOf(prepared.table, p, layer));
          expect(own?.length).toBe(other?.length);
        }
      }
    }
  });

  it("is refused without weights, and without filters", () => {
    const prepared = preparePruning(withWeights(chain), "l1", { scoring: "greedy" });
    const allocation = { kind: "uniform", ratio: 0.5 } as const;
    expect(refusal(() => planAllocation(prepared, allocation))).toMatch(
      /^prune\/bad-allocation \| scoring: /,
    );
    expect(
      refusal(() => planAllocation(prepared, allocation, { scoreOf: () => undefined })),
    ).toMatch(/^prune\/nothing-to-prune \| a: /);
  });

  it("is refused before anything is scored where it could not be carried out", () => {
    const network = withWeights(chain);
    const said = (criterion: string, options: PruneOptions = {}): string =>
      refusal(() => preparePruning(network, criterion, { ...options, scoring: "greedy" }));
    expect(said("bn-scale")).toBe(
      "prune/bad-allocation | scoring: this allocation does not fit (expected the criterion l1, for " +
        "greedy scoring, found bn-scale); choose l1, or score independently.",
    );
    // Nothing was measured for it, and nothing needs to be.
    for (const criterion of ["taylor", "l1:reduce=max", "l2", "lp:p=1"]) {
      expect(said(criterion)).toContain(`found ${criterion})`);
    }
    const shortcut = { streams: "prune", decider: "shortcut" } as const;
    expect(said("l1", shortcut)).toContain("found the decider shortcut");
    for (const criterion of ["l1", "l1:normalise=none"]) {
      expect(said(criterion, { decider: "shortcut" })).toBe("nothing was refused");
    }
  });
});
