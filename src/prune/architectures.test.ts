/**
 * @file The real architectures, to the last channel: what Network Slimming's code keeps of them, and
 * what its paper's networks cost (docs/methods/allocation.md).
 */
import { describe, expect, it } from "vitest";
import { known, makeRandom } from "../core/index.ts";
import {
  buildArchitecture,
  costOf,
  factsOfNode,
  tensorName,
  type Network,
  type Tensor,
} from "../model/index.ts";
import { applyPlan } from "./apply.ts";
import { planCost, prepareCost } from "./cost.ts";
import { findGroups, type GroupTable } from "./groups.ts";
import { maskPlan } from "./mask-plan.ts";
import { keptOf, planFromLists, type Plan } from "./plan.ts";
import { costAt, planAt, preparePruning } from "./prepare.ts";
import { logitsOf } from "../model/testing/interpret.ts";
import {
  blankNetwork,
  randomImage,
  withRandomScales,
  withRandomWeights,
} from "./testing/random-network.ts";

const keptCount = (plan: Plan): number =>
  [...plan.kept.values()].reduce((sum, { length }) => sum + length, 0);

const indicesOf = (network: Network, node: string): readonly number[] => {
  const { op } = factsOfNode(network, node).node;
  return op.kind === "channelSelect" ? op.indices : [];
};

/** Keeps the first so many channels of the scored groups, in forward order. */
function keepFirst(table: GroupTable, ids: readonly string[], widths: readonly number[]): Plan {
  expect(ids.length).toBe(widths.length);
  return planFromLists(
    table,
    ids.map((id, i) => [id, Array.from({ length: known(widths[i], "width") }, (_, c) => c)]),
  );
}

describe("keep counts in reference mode, total − ⌊total · ratio⌋ − 1", () => {
  it.each([
    ["vgg19", 0.5, 5504, 2751],
    ["vgg19", 0.7, 5504, 1651],
    ["vgg16", 0.7, 4224, 1267],
    ["preresnet-164", 0.4, 12_112, 7267],
    ["preresnet-164", 0.6, 12_112, 4844],
    ["densenet-40", 0.4, 9360, 5615],
    ["densenet-40", 0.6, 9360, 3743],
  ])("%s at %d: %d → %d", (name, ratio, total, expected) => {
    const network = withRandomScales(blankNetwork(name), 11);
    const prepared = preparePruning(network, "bn-scale");
    expect(prepared.ranking.sorted.length).toBe(total);
    const reference = planAt(prepared, { ratio, mode: "reference" });
    expect(reference.guarded).toEqual([]);
    expect(keptCount(reference)).toBe(expected);
    expect(reference.threshold).toBe(prepared.ranking.sorted[Math.floor(total * ratio)]);
    expect(keptCount(planAt(prepared, { ratio }))).toBe(expected + 1);
    expect(costAt(prepared, reference)).toMatchObject({ channels: expected, totalChannels: total });
  });
});

describe("VGG", () => {
  it("becomes the paper's compact VGGNet (Liu et al. 2017, multi-pass)", () => {
    const network = blankNetwork("vgg19");
    const table = findGroups(network);
    const widths = [22, 62, 83, 119, 193, 168, 85, 40, 32, 32, 32, 32, 32, 32, 32, 38];
    const ids = table.groups.filter(({ fixed }) => !fixed).map(({ id }) => id);
    const plan = keepFirst(table, ids, widths);
    const cost = planCost(prepareCost(table), plan);
    expect(cost).toMatchObject({ parameters: 885_934, macs: 90_662_204 });
    expect(costOf(applyPlan(network, table, plan))).toMatchObject({
      parameters: 885_934,
      macs: 90_662_204,
    });
  });

  it("keeps a channel where the threshold would empty a layer (RV issue 50)", () => {
    const widths = [45, 64, 128, 128, 256, 256, 249, 184, 36, 6, 2, 0, 0, 0, 5, 292];
    const network = blankNetwork("vgg19");
    const weights = new Map(network.weights);
    widths.forEach((width, i) => {
      const name = tensorName(`bn${i + 1}`, "gamma");
      const { shape } = known(weights.get(name), name);
      // The first `width` live; of the dead the last is the largest: the argmax of an emptied layer.
      const values = Float32Array.from({ length: shape[0] ?? 0 }, (_, c) =>
        c < width ? 0.1 + c * 1e-4 + i * 1e-6 : -1e-7 * (1 + c + i / 32),
      );
      weights.set(name, { shape, values });
    });
    const prepared = preparePruning({ ...network, weights }, "bn-scale");
    const plan = planAt(prepared, { ratio: 0.7, mode: "reference" });
    expect([...plan.kept.values()].map(({ length }) => length)).toEqual(
      widths.map((width) => Math.max(1, width)),
    );
    expect(plan.guarded).toEqual(["conv12", "conv13", "conv14"]);
    expect(plan.guarded.map((id) => [...(plan.kept.get(id) ?? [])])).toEqual([[511], [511], [511]]);
    expect(plan.requested).toBe(0.7);
    expect(plan.achieved).toBe((5504 - 1654) / 5504);
    // The heaps are 6 decades apart: 1651 live, 3853 are dead.
    expect(prepared.gap).toMatchObject({ ratio: 3853 / 5504 });
    const cut = applyPlan({ ...network, weights }, prepared.table, plan);
    expect(costOf(cut)).toMatchObject({ macs: costAt(prepared, plan).macs });
  });
});

describe("pre-activation ResNet", () => {
  it("keeps stem, shortcuts, third convolutions and first batch norms whole", () => {
    const network = withRandomScales(blankNetwork("preresnet-38"), 2);
    const prepared = preparePruning(network, "bn-scale");
    const plan = planAt(prepared, { ratio: 0.4 });
    const cut = applyPlan(network, prepared.table, plan);
    for (const name of ["conv1", "layer1.0.downsample", "layer3.2.bn1", "bn"]) {
      expect(factsOfNode(cut, name).shape).toEqual(factsOfNode(network, name).shape);
    }
    expect(factsOfNode(cut, "layer2.1.conv3").weights.kernel?.shape).toEqual([
      1,
      1,
      plan.kept.get("layer2.1.conv2")?.length,
      128,
    ]);
    for (const node of ["layer1.0.select", "layer2.1.select", "select"]) {
      const kept = plan.kept.get(node) ?? [];
      expect(kept.length).toBeLessThan(indicesOf(network, node).length);
      expect(indicesOf(cut, node)).toEqual([...kept]);
    }
    expect(prepared.spared.get("layer1.0.conv3")).toBe("unscored");
    expect(prepared.table.byId.get("layer1.0.conv3")?.stream).toBe(true);
  });

  it.each([
    [
      [
        11, 16, 16, 27, 14, 15, 27, 13, 15, 21, 9, 12, 30, 21, 21, 55, 28, 28, 46, 24, 25, 41, 19,
        25, 35, 26, 34, 90, 48, 48, 92, 47, 43, 81, 41, 56, 151,
      ],
      224_748,
      36_046_950,
    ],
    [
      [
        10, 15, 16, 15, 11, 14, 15, 10, 15, 6, 7, 12, 21, 15, 15, 32, 24, 27, 28, 22, 24, 21, 16,
        18, 13, 6, 9, 41, 41, 35, 56, 43, 26, 50, 31, 23, 28,
      ],
      144_472,
      26_951_640,
    ],
  ])("of depth 38 costs what the cut public checkpoint costs", (widths, parameters, macs) => {
    const network = blankNetwork("preresnet-38");
    const prepared = preparePruning(network, "bn-scale");
    const plan = keepFirst(prepared.table, [...prepared.scores.keys()], widths);
    expect(costAt(prepared, plan)).toMatchObject({ parameters, macs });
  });

  it("gives the same logits masked and cut", () => {
    const start = buildArchitecture("preresnet-20:width=0.25", 3);
    const network = withRandomWeights(start, makeRandom(4));
    const prepared = preparePruning(network, "bn-scale");
    const plan = planAt(prepared, { ratio: 0.5 });
    const image = randomImage([32, 32, 3], 5);
    const masked = logitsOf(maskPlan(network, prepared.table, plan), image);
    const cut = logitsOf(applyPlan(network, prepared.table, plan), image);
    masked.forEach((logit, i) => expect(cut[i]).toBeCloseTo(logit, 9));
  });
});

describe("DenseNet", () => {
  it("keeps every layer's growth, hence all offsets of the concatenations", () => {
    const network = withRandomScales(blankNetwork("densenet-40"), 3);
    const prepared = preparePruning(network, "bn-scale");
    expect([...prepared.scores.keys()].every((id) => id.endsWith("select"))).toBe(true);
    expect(prepared.scores.size).toBe(39);
    const cut = applyPlan(network, prepared.table, planAt(prepared, { ratio: 0.6 }));
    for (const { name, op } of network.nodes) {
      // Selections and what passes them on to the next reader.
      if (op.kind === "channelSelect" || op.kind === "relu" || name === "pool") continue;
      expect(factsOfNode(cut, name).shape).toEqual(factsOfNode(network, name).shape);
    }
  });
});

describe("post-activation ResNet", () => {
  const network = withRandomScales(blankNetwork("resnet-20"), 4);

  it("keeps its streams by default and prunes inside the blocks", () => {
    const prepared = preparePruning(network, "bn-scale");
    expect([...prepared.scores.keys()]).toHaveLength(9);
    expect([...prepared.scores.keys()].every((id) => id.endsWith(".conv1"))).toBe(true);
    expect(["conv1", "layer2.0.conv2"].map((id) => prepared.spared.get(id))).toEqual([
      "stream",
      "stream",
    ]);
    expect(prepared.table.byId.get("layer2.0.conv2")?.layers).toEqual([
      "layer2.0.conv2",
      "layer2.0.widen",
      "layer2.1.conv2",
      "layer2.2.conv2",
    ]);
  });

  it("scores a stream by the mean over its batch norms when streams are pruned", () => {
    const prepared = preparePruning(network, "bn-scale", { streams: "prune" });
    const gammas = ["layer2.0.bn2", "layer2.1.bn2", "layer2.2.bn2"].map(
      (bn) => known<Tensor>(network.weights.get(`${bn}/gamma`), bn).values,
    );
    const expected = gammas.reduce((sum, gamma) => sum + Math.abs(gamma[5] ?? NaN), 0) / 3;
    expect(prepared.scores.get("layer2.0.conv2")?.[5]).toBeCloseTo(expected, 12);
    const plan = planAt(prepared, { ratio: 0.5 });
    const cut = applyPlan(network, prepared.table, plan);
    const stage1 = plan.kept.get("conv1") ?? new Int32Array();
    // A widened channel whose source went reads as zero.
    const before = indicesOf(network, "layer2.0.widen");
    const stays = [...keptOf(prepared.table, plan, "layer2.0.widen")];
    expect(indicesOf(cut, "layer2.0.widen")).toEqual(
      stays.map((j) => stage1.indexOf(before[j] ?? -1)),
    );
  });
});

describe("exact mode at ratio 0", () => {
  it.each(["vgg11:width=0.25", "preresnet-20", "densenet-40:growth=4", "resnet-20"])(
    "leaves %s as it is",
    (name) => {
      const network = blankNetwork(name);
      const prepared = preparePruning(network, "bn-scale");
      const plan = planAt(prepared, { ratio: 0 });
      expect(plan).toMatchObject({ achieved: 0, threshold: 0, guarded: [] });
      const same = applyPlan(network, prepared.table, plan);
      expect(same.nodes).toEqual(network.nodes);
      for (const [tensor, value] of same.weights) expect(value).toBe(network.weights.get(tensor));
    },
  );
});
