/** @file A folded network computes what the network did, and costs no more unless that was asked for. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeRandom } from "../core/index.ts";
import { buildArchitecture, costOf, endsOf, GraphBuilder, type Network } from "../model/index.ts";
import { applyPlan, findGroups, planAt, preparePruning } from "../prune/index.ts";
import { logitsOf } from "../model/testing/interpret.ts";
import {
  randomImage,
  randomNetwork,
  withRandomScales,
  withRandomWeights,
} from "../prune/testing/random-network.ts";
import { foldNetwork, type FoldOptions } from "./index.ts";

const networks = fc
  .record({ seed: fc.nat(1e6), steps: fc.integer({ min: 1, max: 16 }) })
  .map(({ seed, steps }) => ({ seed, network: randomNetwork(seed, steps) }));
const options = fc.record({ batchNorms: fc.boolean(), columns: fc.boolean() });

function expectSameLogits(folded: Network, network: Network, seed: number): void {
  const image = randomImage(endsOf(network).input, seed);
  const [found, expected] = [logitsOf(folded, image), logitsOf(network, image)];
  const scale = Math.max(1, ...expected.map(Math.abs));
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] ?? NaN)) / scale).toBeLessThan(1e-4);
  });
}

/** Weights of order 1 on a graph that is written here. */
const filled = (b: GraphBuilder, output: string): Network =>
  withRandomWeights(b.finish("net", output), makeRandom(4));

const left = ({ nodes }: Network, kind: string): readonly string[] =>
  nodes.filter(({ op }) => op.kind === kind).map(({ name }) => name);

describe("foldNetwork", () => {
  it("changes no logit of any network", () => {
    fc.assert(
      fc.property(networks, options, ({ seed, network }, how: FoldOptions) => {
        const { network: folded, macs, batchNorms, selections } = foldNetwork(network, how);
        expectSameLogits(folded, network, seed);
        expect(macs.after).toBe(costOf(folded).macs);
        if (how.columns !== true) expect(macs.after).toBeLessThanOrEqual(macs.before);
        expect(batchNorms.left).toEqual(left(folded, "batchNorm"));
        expect(selections.left).toEqual(left(folded, "channelSelect"));
        if (how.batchNorms === false) expect(batchNorms.left.length).toBe(batchNorms.of);
        expect(folded.nodes.map(({ name }) => name)).toEqual(
          network.nodes
            .map(({ name }) => name)
            .filter((name) => folded.nodes.some((n) => n.name === name)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("folds a cut pre-activation network, its selections only when zero columns are wanted", () => {
    const base = withRandomScales(buildArchitecture("preresnet-20:width=0.5", 1), 3);
    const plan = planAt(preparePruning(base, "bn-scale"), { ratio: 0.4 });
    const network = applyPlan(base, findGroups(base), plan);
    const plain = foldNetwork(network);
    expect(plain.batchNorms).toMatchObject({ of: 19 });
    expect(plain.batchNorms.left).toEqual(
      left(network, "batchNorm").filter((name) => !/bn[23]$/.test(name)),
    );
    expect(plain.selections.left.length).toBeGreaterThan(0);
    expect(plain.macs.after).toBe(plain.macs.before);
    const whole = foldNetwork(network, { columns: true });
    expect(whole.selections.left).toEqual([]);
    expect(whole.macs.after).toBeGreaterThan(whole.macs.before);
    for (const { network: folded } of [plain, whole]) expectSameLogits(folded, network, 1);
    expect(plain.notes).toEqual([
      "12 of 19 batch norms were folded into the layers in front of them",
      expect.stringMatching(/^kept, because they read no layer .*layer1\.0\.bn1, .* and 1 more$/),
      expect.stringMatching(/^\d of 7 channel selections were folded away$/),
      expect.stringMatching(/^kept: .*select/),
    ]);
  });

  it("lets a layer compute only what is selected, through what lies between", () => {
    const b = new GraphBuilder();
    let x = b.conv("conv", b.input([6, 6, 2]), { filters: 5, bias: true });
    x = b.maxPool("pool", b.relu("relu", b.bn("bn", x)));
    x = b.add("pick", { kind: "channelSelect", indices: [4, -1, 1] }, x);
    x = b.conv("next", x, { filters: 3 });
    const network = filled(b, b.bn("last", x));
    const { network: folded, macs } = foldNetwork(network);
    expect(folded.nodes.map(({ name }) => name)).toEqual(["input", "conv", "relu", "pool", "next"]);
    expect(folded.weights.get("conv/kernel")?.shape).toEqual([3, 3, 2, 3]);
    expect(macs.after).toBeLessThan(macs.before);
    expectSameLogits(folded, network, 2);
  });

  it("leaves alone what others read too, and what a softmax weighs", () => {
    const b = new GraphBuilder();
    const stem = b.conv("stem", b.input([4, 4, 2]), { filters: 4 });
    const pick = b.add("pick", { kind: "channelSelect", indices: [0, 2] }, b.bn("bn", stem));
    const conv = b.conv("conv", pick, { filters: 4 });
    const sum = b.add("sum", { kind: "add" }, conv, stem);
    const pooled = b.add("mean", { kind: "globalAveragePool" }, sum);
    const fc1 = b.add("fc", { kind: "dense", units: 4, bias: true }, pooled);
    const soft = b.add("soft", { kind: "softmax" }, fc1);
    const network = filled(b, b.add("two", { kind: "channelSelect", indices: [3, 1] }, soft));
    const { network: folded } = foldNetwork(network);
    expect(left(folded, "batchNorm")).toEqual(["bn"]);
    expect(left(folded, "channelSelect")).toEqual(["pick", "two"]);
    expect(left(foldNetwork(network, { columns: true }).network, "channelSelect")).toEqual(["two"]);
  });
});
