/** @file Straight to a size: the largest network that meets it, or what is possible. */
import { describe, expect, it } from "vitest";
import { buildArchitecture } from "../../model/index.ts";
import { costAt, planAt, preparePruning, type PruneOptions } from "../prepare.ts";
import { withRandomScales } from "../testing/random-network.ts";
import { graphOf, prepareBy, refusal, widthsOf } from "../testing/small-graphs.ts";
import { planAllocation } from "./index.ts";
import { COST_KINDS, type CostKind } from "./target.ts";

const network = withRandomScales(buildArchitecture("vgg11:width=0.25", 1), 3);

describe("a target", () => {
  it.each(COST_KINDS)("of %s is met by the largest network on the line", (of) => {
    const prepared = preparePruning(network, "bn-scale");
    for (const share of [0.9, 0.5, 0.1]) {
      const most = share * prepared.costs.whole[of];
      const plan = planAllocation(prepared, { kind: "target", of, share });
      expect(costAt(prepared, plan)[of]).toBeLessThanOrEqual(most);
      const gone = Math.round(plan.requested * prepared.ranking.sorted.length);
      // One channel fewer would be too much.
      const ratio = (gone - 1 + 1e-6) / prepared.ranking.sorted.length;
      expect(costAt(prepared, planAt(prepared, { ratio }))[of]).toBeGreaterThan(most);
      expect(planAllocation(prepared, { kind: "target", of, most }).kept).toEqual(plan.kept);
    }
  });

  it("takes nothing where the network meets it already", () => {
    const prepared = preparePruning(network, "bn-scale");
    const plan = planAllocation(prepared, { kind: "target", of: "macs", share: 1 });
    expect(plan).toMatchObject({ achieved: 0, threshold: 0, requested: 0 });
  });

  it("goes evenly where layers are ranked each for itself", () => {
    const graph = graphOf((b, from) =>
      b.conv("b", b.conv("a", from, { filters: 20 }), { filters: 10 }),
    );
    const scores = {
      a: Array.from({ length: 20 }, (_, i) => i),
      b: Array(10).fill(100) as number[],
    };
    const half = (scope: PruneOptions["scope"]) =>
      widthsOf(
        planAllocation(prepareBy(graph, scores, { scope }), {
          kind: "target",
          of: "parameters",
          share: 0.5,
        }),
      );
    const { a = 0, b = 0 } = half("layer");
    expect(Math.abs(a / 20 - b / 10)).toBeLessThanOrEqual(0.1);
    expect(half("global")).toMatchObject({ b: 10 });
  });

  it("is met with widths in steps too", () => {
    for (const how of ["nearest", "down", "up"] as const) {
      const prepared = preparePruning(network, "bn-scale", { rounding: { to: 8, how } });
      const plan = planAllocation(prepared, { kind: "target", of: "macs", share: 0.4 });
      expect(costAt(prepared, plan).macs).toBeLessThanOrEqual(0.4 * prepared.costs.whole.macs);
      for (const kept of plan.kept.values()) expect(kept.length % 8).toBe(0);
    }
  });

  it("is refused below what the guards leave, with what they do", () => {
    const prepared = preparePruning(network, "bn-scale");
    const ask = (of: CostKind, most: number) =>
      refusal(() => planAllocation(prepared, { kind: "target", of, most }));
    const least = costAt(prepared, planAt(prepared, { ratio: 1 - 2 ** -53 }));
    expect(ask("parameters", 10)).toBe(
      `prune/out-of-reach | target › parameters: this cannot be reached (expected at least ${
        least.parameters
      } parameters, which is what guards leave, found 10 parameters); ask for at least ${
        least.parameters
      } parameters.`,
    );
    expect(ask("macs", least.macs)).toBe("nothing was refused");
    expect(ask("macs", least.macs - 1)).toMatch(/^prune\/out-of-reach/);
  });

  it("names the lock that stands in the way", () => {
    const locked = (...names: string[]) => preparePruning(network, "bn-scale", { locked: names });
    const ask = (prepared: ReturnType<typeof locked>, share: number) =>
      refusal(() => planAllocation(prepared, { kind: "target", of: "macs", share }));
    // Two neighbours that stay whole cost more than all others at one channel.
    expect(ask(locked("conv4", "bn5"), 0.02)).toMatch(
      /guards and the locked conv4 leave, found .* MACs\); unlock conv4, or ask for at least/,
    );
    expect(ask(locked("conv1", "conv2", "conv3", "conv4", "conv5"), 0.02)).toMatch(
      /unlock conv1, conv2, conv3, conv4, conv5, or/,
    );
    expect(ask(locked("conv2"), 1e-7)).toMatch(/which is what guards and locks leave/);
  });

  it.each([0, -1, 1.5, NaN])("refuses the share %d", (share) => {
    const prepared = preparePruning(network, "bn-scale");
    expect(refusal(() => planAllocation(prepared, { kind: "target", of: "macs", share }))).toMatch(
      /^prune\/bad-allocation \| target › macs: .*a share above 0/,
    );
  });
});
