/**
 * @file How far one can prune without harm, on scales built to the figures of a public, sparsely
 * trained PreResNet-38 (`best_resnet34_sr0001`, docs/methods/network-slimming.md): its widths at .5 and
 * .7, its thresholds, the shares below 1e-3 and 1e-2, and the largest safe threshold.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known, makeRandom } from "../core/index.ts";
import { tensorName, type Network } from "../model/index.ts";
import type { Scores } from "./criteria/criterion.ts";
import { findGroups } from "./groups.ts";
import { planAt, preparePruning, prepareScores } from "./prepare.ts";
import { safeRatios } from "./safe-ratio.ts";
import { SCOPES } from "./scope.ts";
import { blankNetwork, randomNetwork, randomScores } from "./testing/random-network.ts";
import { graphOf, prepareBy } from "./testing/small-graphs.ts";

const AT_HALF = [
  11, 16, 16, 27, 14, 15, 27, 13, 15, 21, 9, 12, 30, 21, 21, 55, 28, 28, 46, 24, 25, 41, 19, 25, 35,
  26, 34, 90, 48, 48, 92, 47, 43, 81, 41, 56, 151,
];
const AT_SEVEN_TENTHS = [
  10, 15, 16, 15, 11, 14, 15, 10, 15, 6, 7, 12, 21, 15, 15, 32, 24, 27, 28, 22, 24, 21, 16, 18, 13,
  6, 9, 41, 41, 35, 56, 43, 26, 50, 31, 23, 28,
];
/** The batch norm whose largest scale is the smallest of all: layer1.1.bn1. */
const WEAKEST = 3;

/** `n` numbers spread evenly over a decade scale, the largest being `to`. */
const spread = (n: number, from: number, to: number): number[] =>
  Array.from({ length: n }, (_, i) => from * (to / from) ** ((i + 1) / n));

/** All 2704 scales by layer, as its figures describe them. */
function goldenScales(sizes: readonly number[]): number[][] {
  const layers = sizes.map((): number[] => []);
  const deal = (counts: readonly number[], values: readonly number[]): void => {
    let next = 0;
    counts.forEach((count, layer) => {
      for (let i = 0; i < count; i++) layers[layer]?.push(known(values[next++], "scale"));
    });
    expect(next).toBe(values.length);
  };
  const below = sizes.map((size, i) => size - (AT_HALF[i] ?? 0));
  const between = AT_HALF.map((kept, i) => kept - (AT_SEVEN_TENTHS[i] ?? 0));
  deal(below, spread(1353, 2e-8, 2.0688e-7));
  // 66.5 % below 1e-3, 67.3 % below 1e-2, 70 % up to .0427653.
  deal(between, [
    ...spread(1798 - 1353, 2.1e-7, 2.4e-7),
    ...spread(1820 - 1798, 2e-3, 9.9e-3),
    ...spread(1893 - 1820, 1.1e-2, 0.0427653),
  ]);
  // 84.8 % up to .0879, which is the most that the weakest layer has.
  const low = spread(2293 - 1893, 0.0428, 0.0879);
  const high = spread(2704 - 2293, 0.09, 0.9);
  const alive = AT_SEVEN_TENTHS.map((count, layer) => (layer === WEAKEST ? 0 : count));
  const weak = known(AT_SEVEN_TENTHS[WEAKEST], "width");
  layers[WEAKEST]?.push(...low.splice(-weak));
  // Every other layer ends in a high one: dealt from both ends.
  const [lows, highs] = [low.values(), high.values()];
  alive.forEach((count, layer) => {
    for (let i = 0; i < count; i++) {
      const value =
        i % 2 === 0
          ? (highs.next().value ?? lows.next().value)
          : (lows.next().value ?? highs.next().value);
      layers[layer]?.push(known(value, "scale"));
    }
  });
  return layers;
}

function withScales(network: Network, scales: readonly (readonly number[])[]): Network {
  const weights = new Map(network.weights);
  const norms = network.nodes.filter(({ op }) => op.kind === "batchNorm");
  norms.forEach(({ name }, i) => {
    const values = Float32Array.from(known(scales[i], name), (scale, j) =>
      j % 3 === 0 ? -scale : scale,
    );
    weights.set(tensorName(name, "gamma"), { shape: [values.length], values });
  });
  return { ...network, weights };
}

describe("the public checkpoint of a PreResNet-38", () => {
  const blank = blankNetwork("preresnet-38");
  const sizes = blank.nodes
    .filter(({ op }) => op.kind === "batchNorm")
    .map(({ name }) => blank.weights.get(tensorName(name, "gamma"))?.shape[0] ?? 0);
  const prepared = preparePruning(withScales(blank, goldenScales(sizes)), "bn-scale");

  it("has its widths and thresholds at .5 and .7", () => {
    const golden = [
      [0.5, AT_HALF, 2.0688e-7, 1351],
      [0.7, AT_SEVEN_TENTHS, 0.0427653, 811],
    ] as const;
    for (const [ratio, widths, threshold, sum] of golden) {
      const plan = planAt(prepared, { ratio, mode: "reference" });
      expect([...plan.kept.values()].map(({ length }) => length)).toEqual(widths);
      expect(widths.reduce((a, b) => a + b, 0)).toBe(sum);
      expect((plan.threshold ?? NaN) / threshold).toBeCloseTo(1, 6);
    }
  });

  it("can lose two thirds for nothing, and 84.8 % before a layer empties", () => {
    expect(prepared.ranking.sorted).toHaveLength(2704);
    expect(prepared.gap?.ratio).toBeGreaterThan(0.66);
    expect(prepared.gap?.ratio).toBeLessThan(0.674);
    const { free, guard = NaN } = safeRatios(prepared);
    expect(free).toBe(prepared.gap?.ratio);
    expect(guard).toBeCloseTo(0.848, 3);
    const reference = safeRatios(prepared, "reference");
    expect(reference.free).toBeCloseTo((free ?? NaN) - 1 / 2704, 9);
    expect(reference.guard).toBeCloseTo(guard - 1 / 2704, 9);
    for (const mode of ["exact", "reference"] as const) {
      const at = (ratio: number) => planAt(prepared, { ratio, mode }).guarded;
      const last = safeRatios(prepared, mode).guard ?? NaN;
      expect(at(last)).toEqual([]);
      expect(at(last + 1 / 2704 + 1e-9)).toEqual(["layer1.1.select"]);
    }
  });
});

describe("the safe ratios", () => {
  const graph = graphOf((b, from) =>
    b.conv("b", b.conv("a", from, { filters: 4 }), { filters: 4 }),
  );

  it("stop below equals in reference mode, which takes them all", () => {
    const tied = prepareBy(graph, { a: [1, 2, 3, 3], b: [5, 6, 7, 8] });
    expect(safeRatios(tied)).toEqual({ free: undefined, guard: 3 / 8 });
    // At 2/8 the threshold is 3, and both of a's last go.
    expect(safeRatios(tied, "reference")).toEqual({ free: undefined, guard: 1 / 8 });
    expect(planAt(tied, { ratio: 1 / 8, mode: "reference" }).guarded).toEqual([]);
    expect(planAt(tied, { ratio: 2 / 8, mode: "reference" }).guarded).toEqual(["a"]);
  });

  it("are none where reference mode does harm at any ratio", () => {
    const alive = prepareBy(
      graph,
      { a: [1e-6, 1e-6, 1e-6, 1], b: [1, 1, 1, 1] },
      { scope: "layer" },
    );
    expect(safeRatios(alive)).toEqual({ free: 0, guard: 3 / 4 });
    expect(safeRatios(alive, "reference")).toEqual({ free: undefined, guard: undefined });
    expect(planAt(alive, { ratio: 0, mode: "reference" }).guarded).toEqual(["b"]);
  });

  it("do no harm on any network in either mode, and one step more does", () => {
    const cases = fc.record({
      seed: fc.nat(1e6),
      steps: fc.integer({ min: 1, max: 12 }),
      levels: fc.constantFrom(2, 5, 1 << 24),
      mode: fc.constantFrom("exact" as const, "reference" as const),
      scope: fc.constantFrom(...SCOPES),
      minimumShare: fc.constantFrom(0, 0.3),
    });
    fc.assert(
      fc.property(cases, ({ seed, steps, levels, mode, ...options }) => {
        const table = findGroups(randomNetwork(seed, steps));
        const scores = withDead(randomScores(table, seed, levels), seed);
        if (scores.size === 0) return;
        const prepared = prepareScores(table, "random", scores, { ...options, streams: "prune" });
        const { gap, ranking } = prepared;
        const { free, guard } = safeRatios(prepared, mode);
        const at = (ratio: number) => planAt(prepared, { ratio, mode });
        // A hair more than a whole number of channels, so that none is lost in n · (k / n).
        const hair = 1e-9;
        const step = 1 / Math.min(...ranking.pools.map(({ order }) => order.length));
        const check = (ratio: number | undefined, harms: (at: number) => boolean): void => {
          if (ratio === undefined) expect(harms(0)).toBe(true);
          else {
            expect([ratio, ratio + hair].map(harms)).toEqual([false, false]);
            const next = ratio + step + hair;
            if (next < 1) expect(harms(next)).toBe(true);
          }
        };
        check(guard, (ratio) => at(ratio).guarded.length > 0);
        if (gap === undefined) expect(free).toBeUndefined();
        else check(free, (ratio) => (at(ratio).threshold ?? NaN) > gap.low);
      }),
      { numRuns: 200 },
    );
  });
});

/** The same scores, with some channels of each group dead, from none to all. */
function withDead(scores: Scores, seed: number): Scores {
  const random = makeRandom(seed, 12);
  return new Map(
    [...scores].map(([id, own]) => {
      const share = random.uniform() * 1.2 - 0.1;
      return [id, own.map((score) => (random.uniform() < share ? score * 1e-7 : score))];
    }),
  );
}
