/** @file What removed channels said reaches everybody who read them: exactly, or with the error shown. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known, makeRandom } from "../core/index.ts";
import {
  buildArchitecture,
  costOf,
  definitionOf,
  endsOf,
  factsOf,
  GraphBuilder,
  initialize,
  tensorName,
  type Graph,
  type Network,
  type Tensor,
} from "../model/index.ts";
import { absorbDead, type Absorption } from "./absorb.ts";
import { applyPlan } from "./apply.ts";
import { classesOf, findGroups } from "./groups.ts";
import { maskPlan } from "./mask-plan.ts";
import { planFromLists, survivorsOf, type Plan } from "./plan.ts";
import { planAt, prepareScores, preparePruning } from "./prepare.ts";
import { interpret, logitsOf } from "../model/testing/interpret.ts";
import {
  randomImage,
  randomNetwork,
  randomScores,
  withRandomWeights,
} from "./testing/random-network.ts";
import { graphOf } from "./testing/small-graphs.ts";

/** Makes constants of all that a plan removes: kernels of zeros; biases, γ and β as they are. */
function silenced(network: Network, plan: Plan): Network {
  const table = findGroups(network);
  const survives = survivorsOf(table, plan);
  const weights = new Map(network.weights);
  const nodes = [...factsOf(network).values()].map(({ node, inputs }) => {
    const stays = classesOf(table, node.name).map((c) => survives[c] as number);
    const kernel = weights.get(tensorName(node.name, "kernel"));
    if (kernel !== undefined && definitionOf(node.op).coupling(node.op, inputs).kind === "opens") {
      const values = kernel.values.map((value, i) => (stays[i % stays.length] === 1 ? value : 0));
      weights.set(tensorName(node.name, "kernel"), { shape: kernel.shape, values });
    }
    if (node.op.kind !== "channelSelect") return node;
    const indices = node.op.indices.map((index, i) => (stays[i] === 1 ? index : -1));
    return { ...node, op: { ...node.op, indices } };
  });
  return { ...network, nodes, weights };
}

function absorbAndCut(network: Network, plan: Plan): Absorption & { readonly cut: Network } {
  const absorption = absorbDead(network, findGroups(network), plan);
  const { network: ready } = absorption;
  return { ...absorption, cut: applyPlan(ready, findGroups(ready), plan) };
}

describe("absorbing on any network without padding", () => {
  const cases = fc.record({
    seed: fc.nat(1e9),
    steps: fc.integer({ min: 1, max: 16 }),
    ratio: fc.double({ min: 0.1, max: 0.95, noNaN: true }),
  });

  it("leaves the logits as they were", () => {
    let [absorbedSomething, keptBehind] = [0, 0];
    fc.assert(
      fc.property(cases, ({ seed, steps, ratio }) => {
        const drawn = randomNetwork(seed, steps, { padding: false });
        const table = findGroups(drawn);
        if (table.groups.every(({ fixed }) => fixed)) return;
        const scores = randomScores(table, seed);
        const plan = planAt(prepareScores(table, "random", scores, { streams: "prune" }), {
          ratio,
        });
        const network = silenced(drawn, plan);
        const { absorbed, cut } = absorbAndCut(network, plan);
        for (const { error, touched, isExact } of absorbed) {
          expect({ error, touched, isExact }).toEqual({ error: 0, touched: 0, isExact: true });
        }
        if (absorbed.some(({ into }) => into === "nothing")) return;
        absorbedSomething += absorbed.length > 0 ? 1 : 0;
        keptBehind += absorbed.some(({ into }) => into === "behind") ? 1 : 0;
        const image = randomImage(endsOf(network).input, seed);
        const expected = logitsOf(network, image);
        const scale = 1 + Math.max(...expected.map(Math.abs));
        const { network: ready } = absorbDead(network, table, plan);
        const masked = logitsOf(maskPlan(ready, findGroups(ready), plan), image);
        logitsOf(cut, image).forEach((logit, i) => {
          expect(logit).toBeCloseTo(masked[i] ?? NaN, 8);
          expect(Math.abs(logit - (expected[i] ?? NaN)) / scale).toBeLessThan(1e-5);
        });
      }),
      { numRuns: 400 },
    );
    expect(absorbedSomething).toBeGreaterThan(50);
    expect(keptBehind).toBeGreaterThan(10);
  });
});

/** Gives the named BN scales a 0 where a channel is listed, and a β to each. */
function withDead(network: Network, dead: Readonly<Record<string, readonly number[]>>): Network {
  const weights = new Map(network.weights);
  for (const [bn, channels] of Object.entries(dead)) {
    const { shape, values } = known(weights.get(`${bn}/gamma`), bn);
    const gamma = values.map((value, c) => (channels.includes(c) ? 0 : value));
    weights.set(`${bn}/gamma`, { shape, values: gamma });
    const beta = values.map((_, c) => 0.3 + 0.2 * c);
    weights.set(`${bn}/beta`, { shape, values: beta });
  }
  return { ...network, weights };
}

const chain = (padding: number, bias: boolean): Graph => {
  const b = new GraphBuilder();
  let x = b.relu("relu", b.bn("bn", b.conv("a", b.input([6, 6, 3]), { filters: 4 })));
  x = b.relu("last", b.conv("b", x, { filters: 2, padding, bias }));
  x = b.add("pool", { kind: "globalAveragePool" }, x);
  return b.finish("chain", b.add("fc", { kind: "dense", units: 2, bias: true }, x));
};

describe("absorbing into a convolution that pads", () => {
  it.each([true, false])("is exact inside and as wrong as it says at the border", (bias) => {
    const network = withDead(withRandomWeights(chain(1, bias), makeRandom(5)), { bn: [1, 2] });
    const table = findGroups(network);
    const plan = planFromLists(table, [["a", [0, 3]]]);
    const { absorbed, cut } = absorbAndCut(network, plan);
    const { touched, error, ...rest } = known(absorbed[0], "b");
    expect(rest).toMatchObject({
      layer: "b",
      channels: 2,
      isExact: true,
      into: bias ? "bias" : "new-bias",
    });
    expect(touched).toBeCloseTo(1 - (4 * 4) / (6 * 6), 12);
    const image = randomImage([6, 6, 3], 1);
    const [before, after] = [network, cut].map((of) => known(interpret(of, image).get("b"), "b"));
    const off = before?.map((value, i) => Math.abs(value - (after?.[i] ?? NaN))) ?? [];
    const isInside = (i: number): boolean => {
      const [y, x] = [Math.floor(i / 12), Math.floor(i / 2) % 6];
      return y > 0 && y < 5 && x > 0 && x < 5;
    };
    expect(Math.max(...off.filter((_, i) => isInside(i)))).toBeLessThan(1e-5);
    expect(Math.max(...off)).toBeCloseTo(error, 5);
    expect(error).toBeGreaterThan(0.1);
    expect(costOf(cut).parameters - costOf(applyPlan(network, table, plan)).parameters).toBe(
      bias ? 0 : 2,
    );
  });

  it("takes the mean over a map that has no inside", () => {
    const graph = graphOf((b, from) => {
      const x = b.relu("relu", b.bn("bn", b.conv("a", from, { filters: 2, stride: 2 })));
      return b.bn("bn2", b.conv("b", x, { filters: 1 }));
    });
    const network = withDead(withRandomWeights(graph, makeRandom(2)), { bn: [1] });
    const table = findGroups(network);
    const { absorbed, cut } = absorbAndCut(network, planFromLists(table, [["a", [0]]]));
    expect(absorbed).toMatchObject([{ layer: "b", into: "behind", touched: 1 }]);
    const image = randomImage([4, 4, 3], 1);
    const [before, after] = [network, cut].map((of) => known(interpret(of, image).get("bn2"), ""));
    const off = before?.map((value, i) => value - (after?.[i] ?? NaN)) ?? new Float64Array();
    expect(off.reduce((all, by) => all + by, 0)).toBeCloseTo(0, 5);
    expect(Math.max(...off.map(Math.abs))).toBeGreaterThan(0.01);
  });

  it("bounds the error of a constant that is uneven by itself", () => {
    const graph = graphOf((b, from) => {
      let x = b.relu("relu", b.bn("bn", b.conv("a", from, { filters: 3 })));
      x = b.conv("depthwise", x, { filters: 3, groups: 3 });
      return b.bn("bn2", b.conv("b", x, { filters: 2, size: 1 }));
    });
    const network = withDead(withRandomWeights(graph, makeRandom(3)), { bn: [1] });
    const table = findGroups(network);
    const { absorbed, cut } = absorbAndCut(network, planFromLists(table, [["a", [0, 2]]]));
    const { touched, error } = known(absorbed[0], "b");
    expect(absorbed.map(({ layer }) => layer)).toEqual(["b"]);
    expect(touched).toBeCloseTo(1 - (2 * 2) / (4 * 4), 12);
    const image = randomImage([4, 4, 3], 1);
    const [before, after] = [network, cut].map((of) => known(interpret(of, image).get("b"), "b"));
    const mean = known(cut.weights.get("bn2/mean"), "mean").values;
    const old = known(network.weights.get("bn2/mean"), "mean").values;
    const off = before?.map((value, i) => {
      const shift = (old[i % 2] ?? NaN) - (mean[i % 2] ?? NaN);
      return Math.abs(value - (after?.[i] ?? NaN) - shift);
    });
    expect(Math.max(...(off ?? []))).toBeLessThanOrEqual(error + 1e-6);
    expect(Math.max(...(off?.filter((_, i) => [5, 6, 9, 10].includes(i >> 1)) ?? []))).toBeLessThan(
      1e-5,
    );
  });
});

describe("absorbing in the architectures of Network Slimming", () => {
  /** Random weights, and every BN scale below the median exactly 0. */
  function sparse(name: string): Network {
    const network = withRandomWeights(buildArchitecture(name, 1), makeRandom(7));
    const weights = new Map<string, Tensor>();
    for (const [tensor, { shape, values }] of network.weights) {
      const isScale = tensor.endsWith("/gamma");
      weights.set(tensor, {
        shape,
        values: values.map((v) => (isScale ? (Math.abs(v) < 0.6 ? 0 : v) : v)),
      });
    }
    return { ...network, weights };
  }

  it.each([
    ["vgg11:width=0.0625", ["behind", "bias"]],
    ["preresnet-11:width=0.25", ["behind", "bias"]],
    ["densenet-13:growth=4", ["behind", "bias"]],
  ])("%s needs no parameter more, and keeps what it said", (name, places) => {
    const network = sparse(name);
    const prepared = preparePruning(network, "bn-scale");
    const share = prepared.ranking.sorted.filter((s) => s === 0).length;
    const plan = planAt(prepared, { ratio: share / prepared.ranking.sorted.length });
    const { absorbed, cut } = absorbAndCut(network, plan);
    expect(costOf(cut)).toEqual(costOf(applyPlan(network, prepared.table, plan)));
    expect([...new Set(absorbed.map(({ into }) => into))].toSorted()).toEqual(places);
    expect(absorbed.every(({ isExact }) => isExact)).toBe(true);
    const image = randomImage([32, 32, 3], 5);
    const truth = logitsOf(network, image);
    const off = (of: Network): number =>
      Math.hypot(...logitsOf(of, image).map((logit, i) => logit - (truth[i] ?? NaN)));
    const zeroed = off(applyPlan(network, prepared.table, plan));
    expect(off(cut)).toBeLessThan(zeroed / 2);
  });

  it("changes nothing where all that goes says 0", () => {
    const network = sparse("vgg11:width=0.0625");
    const weights = new Map(network.weights);
    for (const [tensor, { shape, values }] of network.weights) {
      if (tensor.endsWith("/beta")) weights.set(tensor, { shape, values: values.map(() => -1) });
    }
    const quiet = { ...network, weights };
    const prepared = preparePruning(quiet, "bn-scale");
    const { absorbed, network: same } = absorbDead(
      quiet,
      prepared.table,
      planAt(prepared, { ratio: 0.3 }),
    );
    expect(absorbed).toEqual([]);
    for (const [tensor, { values }] of same.weights) {
      expect(values).toBe(quiet.weights.get(tensor)?.values);
    }
  });
});

it("says of a small scale that it was taken for 0", () => {
  const network = initialize(chain(0, true), { seed: 1 });
  const table = findGroups(network);
  const dead = withDead(network, { bn: [] });
  const { absorbed } = absorbDead(dead, table, planFromLists(table, [["a", [0, 1, 2]]]));
  expect(absorbed).toMatchObject([{ layer: "b", channels: 1, isExact: false, error: 0 }]);
});

it("says where nobody could keep what went", () => {
  const graph = graphOf((b, from) => {
    const x = b.relu("relu", b.bn("bn", b.conv("a", from, { filters: 3 })));
    return b.relu("last", b.select("widen", x));
  });
  const network = withDead(withRandomWeights(graph, makeRandom(1)), { bn: [1] });
  const table = findGroups(network);
  const { absorbed } = absorbDead(network, table, planFromLists(table, [["a", [0, 2]]]));
  expect(absorbed).toMatchObject([{ layer: "widen", channels: 1, into: "nothing" }]);
});
