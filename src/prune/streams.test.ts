/** @file Who decides for a residual stream. */
import { describe, expect, it } from "vitest";
import { makeRandom } from "../core/index.ts";
import type { Graph } from "../model/index.ts";
import { findGroups } from "./groups.ts";
import { preparePruning } from "./prepare.ts";
import { shortcutOf } from "./streams.ts";
import { blankNetwork, withRandomScales, withRandomWeights } from "./testing/random-network.ts";
import { graphOf, withGamma } from "./testing/small-graphs.ts";

/** A bottleneck whose shortcut is projected by a convolution that is 1×1, as its last one is. */
const projected = graphOf((b, from) => {
  const x = b.relu("relu1", b.bn("bn1", b.conv("conv1", from, { filters: 3 })));
  let y = b.relu("relu2", b.bn("bn2", b.conv("conv2", x, { filters: 2, size: 1 })));
  y = b.relu("relu3", b.bn("bn3", b.conv("conv3", y, { filters: 2 })));
  y = b.bn("bn4", b.conv("conv4", y, { filters: 4, size: 1 }));
  const shortcut = b.bn("bn5", b.conv("project", x, { filters: 4, size: 1 }));
  return b.relu("relu4", b.add("sum", { kind: "add" }, y, shortcut));
});

const shortcutsOf = (graph: Graph) => {
  const table = findGroups(graph);
  return table.groups
    .filter(({ stream, fixed }) => stream && !fixed)
    .map((group) => [group.id, shortcutOf(table, group)]);
};

describe("the shortcut of a stream", () => {
  it("is the projection where there is one, else what came in", () => {
    expect(shortcutsOf(projected)).toEqual([["conv4", "bn5"]]);
    expect(shortcutsOf(blankNetwork("resnet-20"))).toEqual([
      ["conv1", "relu1"],
      ["layer2.0.conv2", "layer2.0.widen"],
      ["layer3.0.conv2", "layer3.0.widen"],
    ]);
    expect(shortcutsOf(blankNetwork("preresnet-20"))).toEqual([
      ["layer1.0.conv3", "layer1.0.downsample"],
      ["layer2.0.conv3", "layer2.0.downsample"],
      ["layer3.0.conv3", "layer3.0.downsample"],
    ]);
  });
});

describe("a stream's scores", () => {
  const scoresOf = (decider: "closure" | "shortcut") => {
    const network = withGamma(projected, { bn4: [1, 2, 3, 4], bn5: [8, -6, 4, 2] });
    const { scores } = preparePruning(network, "bn-scale", { streams: "prune", decider });
    return [...(scores.get("conv4") ?? [])];
  };

  it("are the mean over its layers, or the projection's alone", () => {
    expect(scoresOf("closure")).toEqual([4.5, 4, 3.5, 3]);
    expect(scoresOf("shortcut")).toEqual([8, 6, 4, 2]);
  });

  it("are the stem's where the identity decides, and the mean where zeros would", () => {
    const network = withRandomScales(
      withRandomWeights(blankNetwork("resnet-20:width=0.25"), makeRandom(1)),
      2,
    );
    const by = (decider: "closure" | "shortcut") =>
      preparePruning(network, "bn-scale", { streams: "prune", decider }).scores;
    const [closure, shortcut] = [by("closure"), by("shortcut")];
    const stem = network.weights.get("bn1/gamma")?.values ?? new Float32Array();
    expect([...(shortcut.get("conv1") ?? [])]).toEqual(Array.from(stem, Math.abs));
    expect(shortcut.get("conv1")).not.toEqual(closure.get("conv1"));
    expect(shortcut.get("layer2.0.conv2")).toEqual(closure.get("layer2.0.conv2"));
    expect(shortcut.get("layer1.0.conv1")).toEqual(closure.get("layer1.0.conv1"));
  });
});
