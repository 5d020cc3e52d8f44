/** @file Selections for networks that come without them. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeRandom } from "../core/index.ts";
import { buildArchitecture, endsOf, validateNetwork } from "../model/index.ts";
import { applyPlan } from "./apply.ts";
import { maskPlan } from "./mask-plan.ts";
import { costAt, planAt, preparePruning } from "./prepare.ts";
import { selectAtReaders } from "./select-readers.ts";
import { logitsOf } from "../model/testing/interpret.ts";
import {
  blankNetwork,
  randomImage,
  randomNetwork,
  withRandomScales,
  withRandomWeights,
} from "./testing/random-network.ts";
import { withoutSelections } from "./testing/without-selections.ts";

describe("selections at readers", () => {
  it.each(["preresnet-20", "preresnet-164", "densenet-40", "densenet-bc-100"])(
    "give %s back what Network Slimming has it with",
    (name) => {
      const network = withRandomScales(blankNetwork(name), 1);
      const bare = withoutSelections(network);
      const selected = selectAtReaders(bare);
      const [own, given] = [network, selected].map((made) => preparePruning(made, "bn-scale"));
      expect(bare.nodes.length).toBeLessThan(network.nodes.length);
      expect(selected.nodes.map(({ op }) => op)).toEqual(network.nodes.map(({ op }) => op));
      expect(given?.ranking).toEqual(own?.ranking);
      for (const ratio of [0.3, 0.6]) {
        const costs = [own, given].map((prepared) => {
          if (prepared === undefined) return undefined;
          const { parameters, macs } = costAt(prepared, planAt(prepared, { ratio }));
          return { parameters, macs };
        });
        expect(costs[1]).toEqual(costs[0]);
      }
    },
  );

  it.each(["vgg11", "resnet-20", "preresnet-20", "densenet-40"])("add nothing to %s", (name) => {
    const network = blankNetwork(name);
    expect(selectAtReaders(network)).toBe(network);
  });

  it("lets a bare network be cut at its readers, masked as cut", () => {
    const whole = withRandomWeights(buildArchitecture("preresnet-20:width=0.25", 3), makeRandom(4));
    const network = selectAtReaders(withoutSelections(whole));
    const prepared = preparePruning(network, "bn-scale");
    const plan = planAt(prepared, { ratio: 0.5 });
    const image = randomImage([32, 32, 3], 5);
    const masked = logitsOf(maskPlan(network, prepared.table, plan), image);
    const cut = logitsOf(applyPlan(network, prepared.table, plan), image);
    masked.forEach((logit, i) => expect(cut[i]).toBeCloseTo(logit, 9));
  });

  it("change no value of any network", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 16 }), (seed, steps) => {
        const network = randomNetwork(seed, steps);
        const selected = selectAtReaders(network);
        validateNetwork(selected);
        const image = randomImage(endsOf(network).input, seed);
        expect(logitsOf(selected, image)).toEqual(logitsOf(network, image));
        expect(selectAtReaders(selected)).toBe(selected);
      }),
      // There a grouped convolution ties two groups until its selection parts them.
      { numRuns: 200, examples: [[600_036, 13]] },
    );
  });
});
