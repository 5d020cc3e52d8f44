/** @file What the page is told of a network that is ready for the slider. */
import { describe, expect, it } from "vitest";
import { makeRandom } from "../core/index.ts";
import { buildArchitecture, costOf, factsOf, initialize } from "../model/index.ts";
import { cutNetwork } from "../prune/index.ts";
import { withRandomScales, withRandomWeights } from "../prune/testing/random-network.ts";
import { graphOf, refusal } from "../prune/testing/small-graphs.ts";
import { preparePage } from "./planner.ts";

const network = withRandomScales(
  withRandomWeights(buildArchitecture("resnet-20:width=0.25", 1), makeRandom(1)),
  2,
);

describe("the page's planner", () => {
  it("plans as ever where nothing is said", () => {
    const pruning = preparePage(network, "bn-scale");
    const preview = pruning.at(0.5);
    expect(preview.removed).toBe(Math.floor(pruning.total / 2));
    expect(preview.plan.allocation).toEqual({
      kind: "global-threshold",
      ratio: 0.5,
      mode: "exact",
    });
    expect(pruning.layers.map(({ name }) => name)).toHaveLength(9);
  });

  it("says how far one can go without harm, as channels are counted", () => {
    const pruning = preparePage(network, "bn-scale");
    const { exact, reference } = pruning.safe;
    expect(reference.guard).toBeCloseTo(exact.guard - 1 / pruning.total, 12);
    for (const mode of ["exact", "reference"] as const) {
      const { guard } = pruning.safe[mode];
      const guarded = (ratio: number) => pruning.at(ratio, { mode }).guarded.length;
      expect([guard, guard + 1 / pruning.total + 1e-9].map(guarded)).toEqual([0, 1]);
    }
  });

  it("says what goes together, and why", () => {
    const kept = preparePage(network, "bn-scale");
    expect(kept.layers[0]).toMatchObject({
      name: "layer1.0.conv1",
      layers: ["layer1.0.conv1"],
      readers: ["layer1.0.conv2"],
      joints: [],
    });
    expect(kept.spared.find(({ name }) => name === "conv1")).toMatchObject({
      reason: "stream",
      layers: ["conv1", "layer1.0.conv2", "layer1.1.conv2", "layer1.2.conv2"],
      joints: ["layer1.0.add", "layer1.1.add", "layer1.2.add"],
    });
    const pruned = preparePage(network, "bn-scale", { streams: "prune" });
    expect(pruned.layers[0]).toMatchObject({
      name: "conv1",
      joints: ["layer1.0.add"].concat(["layer1.1.add", "layer1.2.add"]),
    });
  });

  it("takes locks, scopes and steps, and says who is locked", () => {
    const pruning = preparePage(network, "bn-scale", {
      locked: ["layer1.0.conv1"],
      scope: "layer",
      rounding: { to: 2 },
    });
    expect(pruning.spared.find(({ reason }) => reason === "locked")?.name).toBe("layer1.0.conv1");
    const { kept } = pruning.at(0.5);
    pruning.layers.forEach(({ of, isLocked }, i) => expect(kept[i]).toBe(isLocked ? of : of / 2));
    expect(pruning.layers.filter(({ isLocked }) => isLocked).map(({ name }) => name)).toEqual([
      "layer1.0.conv1",
    ]);
  });

  it("shows any allocation as it shows a ratio", () => {
    const pruning = preparePage(network, "bn-scale");
    const whole = pruning.at(0).cost.macs;
    const preview = pruning.by({ kind: "target", of: "macs", share: 0.6 });
    expect(preview.cost.macs).toBeLessThanOrEqual(0.6 * whole);
    expect(preview.plan.allocation).toEqual({ kind: "target", of: "macs", share: 0.6 });
    const curves = {
      base: 0.9,
      ratios: [0.5],
      groups: pruning.layers.map(({ name }) => ({ name, accuracy: [0.9] })),
    };
    const sensitive = pruning.by({ kind: "sensitivity", loss: 0 }, curves);
    pruning.layers.forEach(({ of }, i) => expect(sensitive.kept[i]).toBe(of / 2));
    expect(refusal(() => pruning.by({ kind: "target", of: "macs", most: 1 }))).toMatch(
      /^prune\/out-of-reach/,
    );
  });

  it("takes a single channel from all layers that go together, and says under which streams", () => {
    const pruning = preparePage(network, "l1", { streams: "prune" });
    const layer = pruning.layers[0];
    const places = pruning.placesOf(0, 1);
    const { plan, removed, cost } = pruning.without(0, 1);
    expect([removed, plan.allocation?.streams]).toEqual([1, "prune"]);
    expect(plan.kept.get(layer?.name ?? "")).toHaveLength((layer?.of ?? 0) - 1);
    const cut = cutNetwork(network, plan).network;
    expect(cost).toMatchObject({ macs: costOf(cut).macs, parameters: costOf(cut).parameters });
    expect(places.length).toBeGreaterThan(1);
    for (const { layer: name, channels } of places) {
      const [before, after] = [network, cut].map((one) => factsOf(one).get(name)?.shape.at(-1));
      expect((before ?? 0) - (after ?? 0)).toBe(channels.length);
    }
  });

  it("refuses to take a layer's last channel", () => {
    const lone = graphOf((b, from) =>
      b.conv("b", b.conv("a", from, { filters: 1 }), { filters: 2 }),
    );
    const pruning = preparePage(initialize(lone, { seed: 1 }), "l1");
    const index = pruning.layers.findIndex(({ name }) => name === "a");
    expect(refusal(() => pruning.without(index, 0))).toMatch(
      /^prune\/out-of-reach \| a: this cannot be reached \(expected at least one channel that stays/,
    );
  });
});
