/**
 * @file How far one can prune without harm, on scales built to what METHODS C1 records of a sparsely
 * trained PreResNet-38: its widths at .5 and .7, its thresholds, the shares below 1e-3 and 1e-2, and the
 * largest safe threshold.
 */
import { describe, expect, it } from "vitest";
import { known } from "../core/index.ts";
import { tensorName, type Network } from "../model/index.ts";
import { planAt, preparePruning } from "./prepare.ts";
import { blankNetwork } from "./testing/random-network.ts";

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

/** All 2704 scales by layer, as C1 describes them. */
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

describe("the golden checkpoint of METHODS C1", () => {
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
      expect(plan.threshold / threshold).toBeCloseTo(1, 6);
    }
  });

  it("can lose two thirds for nothing, and 84.8 % before a layer empties", () => {
    expect(prepared.ranking.sorted).toHaveLength(2704);
    expect(prepared.gap?.ratio).toBeGreaterThan(0.66);
    expect(prepared.gap?.ratio).toBeLessThan(0.674);
    expect(prepared.guardRatio).toBeCloseTo(0.848, 3);
    const at = (ratio: number) => planAt(prepared, { ratio }).guarded;
    expect(at(prepared.guardRatio)).toEqual([]);
    expect(at(prepared.guardRatio + 1 / 2704 + 1e-9)).toEqual(["layer1.1.select"]);
  });
});
