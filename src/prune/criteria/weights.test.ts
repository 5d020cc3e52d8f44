/** @file What criteria read off weights: golden numbers by hand, and slow references. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known, makeRandom } from "../../core/index.ts";
import { factsOf, parseArchitecture, type Network, type Tensor } from "../../model/index.ts";
import { classesOf, findGroups } from "../groups.ts";
import { planAt, preparePruning } from "../prepare.ts";
import { randomNetwork, withRandomWeights } from "../testing/random-network.ts";
import { graphOf, refusal, withGamma } from "../testing/small-graphs.ts";
import { distanceSums } from "./distances.ts";
import { readCriterion } from "./index.ts";
import { powerSums } from "./power-sums.ts";
import { scoreChannels } from "./score.ts";

/** A 1 × 1 convolution with these filters, one of which is one list of weights by input channel. */
function withFilters(filters: readonly (readonly number[])[]): Network {
  const inputs = filters[0]?.length ?? 0;
  const graph = graphOf((b, from) =>
    b.conv("a", b.conv("widen", from, { filters: inputs, size: 1 }), {
      filters: filters.length,
      size: 1,
    }),
  );
  const network = withGamma(graph, {});
  const values = Float32Array.from({ length: inputs * filters.length }, (_, at) =>
    known(filters[at % filters.length]?.[Math.floor(at / filters.length)], "weight"),
  );
  const kernel = { shape: [1, 1, inputs, filters.length], values };
  return { ...network, weights: new Map(network.weights).set("a/kernel", kernel) };
}

const scoresOf = (network: Network, text: string): number[] => [
  ...known(scoreChannels(network, readCriterion(text), "as-defined").get("a"), "scores of a"),
];

describe("norms of filters", () => {
  const three = withFilters([
    [1, -2],
    [0.5, 0.5],
    [-3, 0],
  ]);

  it("are Σ|w| as in Li et al. 2017, §3.1, and the smallest goes, of equals the higher", () => {
    expect(scoresOf(three, "l1")).toEqual([3, 1, 3]);
    const kept = (network: Network, ratio: number): number[] => [
      ...known(planAt(preparePruning(network, "l1"), { ratio }).kept.get("a"), "kept"),
    ];
    // Two of the five channels are the layer's in front; they are as large as they can be.
    const heavy = { shape: [1, 1, 3, 2], values: new Float32Array(6).fill(9) };
    const alone = { ...three, weights: new Map(three.weights).set("widen/kernel", heavy) };
    expect(kept(alone, 0.2)).toEqual([0, 2]);
    expect(kept(alone, 0.4)).toEqual([0, 2]);
  });

  it("agree with each other at p = 1 and p = 2, with the root and without", () => {
    expect(scoresOf(three, "lp:p=1")).toEqual(scoresOf(three, "l1"));
    expect(scoresOf(three, "lp")).toEqual(scoresOf(three, "l2"));
    expect(scoresOf(three, "lp:form=power")).toEqual([5, 0.5, 9]);
    expect(scoresOf(three, "l2")).toEqual([Math.sqrt(5), Math.sqrt(0.5), 3]);
    expect(scoresOf(three, "lp:p=3")[0]).toBeCloseTo(9 ** (1 / 3), 14);
  });

  it("are divided by the group's mean where groups are ranked together, unless told otherwise", () => {
    const ranked = preparePruning(three, "l1").scores.get("a") ?? [];
    expect([...ranked]).toEqual([3 / (7 / 3), 1 / (7 / 3), 3 / (7 / 3)]);
    expect([...(preparePruning(three, "l1:normalise=none").scores.get("a") ?? [])]).toEqual([
      3, 1, 3,
    ]);
    expect(scoresOf(three, "l1:normalise=mean")).toEqual([...ranked]);
    expect(scoresOf(three, "l1:normalise=l2")[1]).toBeCloseTo(1 / Math.sqrt(19), 14);
    const dead = withFilters([[0], [0]]);
    expect(scoresOf(dead, "l1:normalise=mean")).toEqual([0, 0]);
  });
});

describe("FPGM", () => {
  it("prunes what lies nearest to the others, where L1 prunes what is small (He et al. 2019)", () => {
    const five = withFilters([[0], [1], [2], [3], [10]]);
    scoresOf(five, "fpgm").forEach((score, i) => {
      expect(score).toBeCloseTo([16, 13, 12, 13, 34][i] ?? NaN, 12);
    });
    const least = (text: string): number => {
      const scores = scoresOf(five, text);
      return scores.indexOf(Math.min(...scores));
    };
    expect([least("fpgm"), least("l1")]).toEqual([2, 0]);
  });

  it("does not know where zero is", () => {
    fc.assert(
      fc.property(filters, fc.float({ min: -8, max: 8, noNaN: true }), (kernel, shift) => {
        const width = kernel.shape.at(-1) ?? 1;
        const values = kernel.values.map((w, at) => w + shift * Math.floor(at / width + 1));
        const [here, there] = [distanceSums(kernel), distanceSums({ ...kernel, values })];
        here.forEach((sum, i) => {
          expect(Math.abs(sum - (there[i] ?? NaN))).toBeLessThan(1e-4 * (1 + sum));
        });
      }),
    );
  });

  it("scores a filter lower when it has a twin", () => {
    const apart = scoresOf(
      withFilters([
        [1, 5],
        [4, -2],
        [7, 7],
        [-6, 1],
      ]),
      "fpgm",
    );
    const twins = scoresOf(
      withFilters([
        [1, 5],
        [1, 5],
        [7, 7],
        [-6, 1],
      ]),
      "fpgm",
    );
    expect(twins[0]).toBeLessThan(apart[0] ?? NaN);
    expect(twins[0]).toBeCloseTo(twins[1] ?? NaN, 12);
  });
});

/** Kernels of every odd size around the blocks that distances are taken in. */
const filters: fc.Arbitrary<Tensor> = fc
  .record({
    rows: fc.constantFrom(1, 2, 9, 255, 257, 300),
    width: fc.integer({ min: 1, max: 13 }),
    seed: fc.nat(1e6),
  })
  .map(({ rows, width, seed }) => {
    const random = makeRandom(seed, 3);
    const values = Float32Array.from({ length: rows * width }, () => random.normal());
    return { shape: [rows, width], values };
  });

/** Each filter of a kernel as a list of its weights, by the definition of the layout. */
function filtersOf({ shape, values }: Tensor): number[][] {
  const width = shape.at(-1) ?? 1;
  const columns: number[][] = Array.from({ length: width }, () => []);
  values.forEach((w, at) => columns[at % width]?.push(w));
  return columns;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(sum(a.map((w, k) => (w - (b[k] ?? NaN)) ** 2)));

/** Each by its definition. */
const DEFINITIONS: Readonly<Record<string, (own: number[], all: number[][]) => number>> = {
  l1: (own) => sum(own.map(Math.abs)),
  l2: (own) => Math.sqrt(sum(own.map((w) => w * w))),
  "lp:p=3": (own) => sum(own.map((w) => Math.abs(w) ** 3)) ** (1 / 3),
  "lp:p=0.5,form=power": (own) => sum(own.map((w) => Math.abs(w) ** 0.5)),
  fpgm: (own, all) => sum(all.map((other) => distance(own, other))),
};

/** All opinions on each channel of each group, by going through the graph node by node. */
function opinions(network: Network, text: string): Map<string, number[][]> {
  const table = findGroups(network);
  const found = new Map<string, number[][]>();
  for (const { id, start, size, fixed } of table.groups) {
    if (fixed) continue;
    const ofGroup: number[][] = Array.from({ length: size }, () => []);
    for (const { node } of factsOf(network).values()) {
      if (node.op.kind !== "conv2d" && node.op.kind !== "dense") continue;
      const columns = filtersOf(known(network.weights.get(`${node.name}/kernel`), node.name));
      classesOf(table, node.name).forEach((c, j) => {
        if (c < start || c >= start + size) return;
        const define = known(DEFINITIONS[text], text);
        ofGroup[c - start]?.push(define(known(columns[j], "filter"), columns));
      });
    }
    if (ofGroup.every(({ length }) => length > 0)) found.set(id, ofGroup);
  }
  return found;
}

const REDUCTIONS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  mean: (values) => sum(values) / values.length,
  max: (values) => Math.max(...values),
  sum,
};

function compareWithReference(network: Network, text: string): void {
  const all = opinions(network, text);
  for (const [reduction, reduce] of Object.entries(REDUCTIONS)) {
    const separator = text.includes(":") ? "," : ":";
    const chosen = readCriterion(`${text}${separator}reduce=${reduction}`);
    const scores = scoreChannels(network, chosen, "as-defined");
    expect([...scores.keys()]).toEqual([...all.keys()]);
    for (const [id, own] of scores) {
      own.forEach((score, i) => {
        const expected = reduce(all.get(id)?.[i] ?? []);
        expect(Math.abs(score - expected)).toBeLessThan(1e-6 * (1e-3 + expected));
      });
    }
  }
}

describe("scores by weights", () => {
  it.each(Object.keys(DEFINITIONS))("%s is its definition on any graph", (text) => {
    const cases = fc.record({ seed: fc.nat(1e6), steps: fc.integer({ min: 1, max: 16 }) });
    fc.assert(
      fc.property(cases, ({ seed, steps }) => {
        compareWithReference(randomNetwork(seed, steps), text);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    "preresnet-20:width=0.25",
    "densenet-40:growth=3",
    "densenet-bc-16:growth=3",
    "resnet-20:width=0.5",
  ])("are their definition on %s", (name) => {
    const { graph } = known(parseArchitecture(name), name);
    const network = withRandomWeights(graph, makeRandom(5));
    for (const text of Object.keys(DEFINITIONS)) compareWithReference(network, text);
  });

  it("leave selections out, which no filter makes", () => {
    const { graph } = known(parseArchitecture("preresnet-20:width=0.25"), "preresnet");
    const network = withRandomWeights(graph, makeRandom(5));
    const prepared = preparePruning(network, "l1");
    expect(prepared.spared.get("select")).toBe("unscored");
    expect(prepared.spared.get("layer1.0.conv3")).toBe("stream");
    expect(prepared.scores.has("layer1.0.conv1")).toBe(true);
  });

  it("never ask for the classifier's", () => {
    const only = graphOf((_, from) => from);
    expect(refusal(() => preparePruning(withGamma(only, {}), "l1"))).toMatch(
      /^prune\/nothing-to-prune/,
    );
  });

  it("hold for the kernels alone", () => {
    fc.assert(
      fc.property(filters, (kernel) => {
        const columns = filtersOf(kernel);
        const distances = distanceSums(kernel);
        const [ones, twos] = [powerSums(kernel, 1), powerSums(kernel, 2)];
        columns.forEach((own, i) => {
          const far = sum(columns.map((other) => distance(own, other)));
          expect(Math.abs((distances[i] ?? NaN) - far)).toBeLessThan(1e-5 * (1e-3 + far));
          expect(ones[i]).toBeCloseTo(sum(own.map(Math.abs)), 9);
          expect(twos[i]).toBeCloseTo(sum(own.map((w) => w * w)), 9);
        });
      }),
    );
  });
});
