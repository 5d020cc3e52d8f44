/** @file Layers set by hand beside any allocation: they are what was set, the others what they were. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeRandom } from "../../core/index.ts";
import { costOf } from "../../model/index.ts";
import { applyPlan } from "../apply.ts";
import { findGroups } from "../groups.ts";
import { costAt, planAt, prepareScores, type PruneOptions } from "../prepare.ts";
import { randomNetwork, randomScores } from "../testing/random-network.ts";
import { graphOf, prepareBy, refusal, widthsOf } from "../testing/small-graphs.ts";
import type { Allocation } from "./allocation.ts";
import { withByHand, type Widths } from "./by-hand.ts";
import { planAllocation } from "./index.ts";
import { widthsIn } from "./list.ts";

const graph = graphOf((b, from) =>
  b.conv("c", b.conv("b", b.relu("relu", b.conv("a", from, { filters: 4 })), { filters: 6 }), {
    filters: 5,
  }),
);
const SCORES = { a: [1, 2, 3, 4], b: [6, 5, 4, 3, 2, 1], c: [3, 1, 2, 5, 4] };
const HALF: Allocation = { kind: "global-threshold", ratio: 0.5 };

const plan = (byHand: Widths, allocation: Allocation = HALF, options: PruneOptions = {}) =>
  planAllocation(prepareBy(graph, SCORES, options), { ...allocation, byHand });

describe("layers set by hand", () => {
  it("keep their highest channels, and move no other layer", () => {
    const alone = plan({});
    expect(widthsOf(alone)).toEqual({ a: 1, b: 4, c: 3 });
    const made = plan({ relu: 3 });
    expect(widthsOf(made)).toEqual({ a: 3, b: 4, c: 3 });
    expect([...(made.kept.get("a") ?? [])]).toEqual([1, 2, 3]);
    expect(made.kept.get("b")).toEqual(alone.kept.get("b"));
    expect(made).toMatchObject({ requested: 0.5, allocation: { ...HALF, byHand: { relu: 3 } } });
    expect(made.achieved).toBeCloseTo(5 / 15, 12);
    // A guard has no part in what a person has set.
    const most = { kind: "global-threshold", ratio: 0.99 } as const;
    expect(plan({}, most).guarded).toContain("a");
    expect(plan({ a: 1 }, most).guarded).not.toContain("a");
  });

  it("cannot be what no list could ask for", () => {
    expect(refusal(() => plan({ a: 0 }))).toMatch(
      /^prune\/out-of-reach \| by hand › a: .*from 1 to 4/,
    );
    expect(refusal(() => plan({ a: 1 }, HALF, { minimumShare: 0.5 }))).toContain("from 2 to 4");
    expect(refusal(() => plan({ b: 5 }, HALF, { rounding: { to: 4 } }))).toContain(
      "4 or 6 channels",
    );
    expect(refusal(() => plan({ b: 5 }, HALF, { locked: ["b"] }))).toContain("is locked");
    expect(refusal(() => plan({ a: 2, relu: 3 }))).toContain("each group once, found a too");
    expect(refusal(() => plan({ nowhere: 2 }))).toMatch(/^prune\/unknown-group/);
  });

  it("count towards a target, which the others meet", () => {
    const prepared = prepareBy(graph, SCORES);
    const goal = { kind: "target", of: "macs", share: 0.5 } as const;
    const whole = prepared.costs.whole.macs;
    const made = plan({ b: 6 }, goal);
    expect(made.kept.get("b")).toHaveLength(6);
    expect(costAt(prepared, made).macs).toBeLessThanOrEqual(whole / 2);
    // What the target comes to alone would miss it with this layer whole.
    const alone = planAllocation(prepared, goal);
    expect(costAt(prepared, withByHand(prepared, alone, { b: 6 })).macs).toBeGreaterThan(whole / 2);
    expect(refusal(() => plan({ a: 4, b: 6, c: 5 }, goal))).toContain(
      "guards and layers set by hand leave",
    );
  });
});

const networks = fc
  .record({ seed: fc.nat(1e6), steps: fc.integer({ min: 1, max: 14 }) })
  .map(({ seed, steps }) => ({ seed, network: randomNetwork(seed, steps) }));
const allocations: fc.Arbitrary<Allocation> = fc.oneof(
  fc.record({
    kind: fc.constant("global-threshold" as const),
    ratio: fc.double({ min: 0, max: 0.99, noNaN: true }),
    mode: fc.constantFrom("exact" as const, "reference" as const),
  }),
  fc.record({
    kind: fc.constant("uniform" as const),
    ratio: fc.double({ min: 0, max: 0.99, noNaN: true }),
  }),
);
const optionSets: fc.Arbitrary<PruneOptions> = fc.record({
  streams: fc.constantFrom("keep" as const, "prune" as const),
  rounding: fc.record({ to: fc.constantFrom(1, 4) }),
  minimumShare: fc.constantFrom(0, 0.3),
});

it("make a sound network on any graph, of just these widths and the others' channels", () => {
  fc.assert(
    fc.property(networks, allocations, optionSets, ({ network, seed }, allocation, options) => {
      const table = findGroups(network);
      const free = table.groups.some(({ fixed, stream }) => {
        return !fixed && (options.streams === "prune" || !stream);
      });
      if (!free) return;
      const prepared = prepareScores(table, "random", randomScores(table, seed, 1 << 24), options);
      const random = makeRandom(seed, 9);
      const byHand = Object.fromEntries(
        prepared.lines.flatMap(({ id }) => {
          const widths = widthsIn(prepared, id);
          const width = widths[random.integer(widths.length)];
          return random.uniform() < 0.5 && width !== undefined ? [[id, width] as const] : [];
        }),
      );
      const alone = planAllocation(prepared, allocation);
      const made = planAllocation(prepared, { ...allocation, byHand });
      for (const [id, kept] of made.kept) {
        if (!(id in byHand)) expect(kept).toEqual(alone.kept.get(id));
        else {
          const list = { kind: "list", layers: { [id]: { keep: byHand[id] ?? 0 } } } as const;
          expect(kept).toHaveLength(byHand[id] ?? 0);
          expect(kept).toEqual(planAllocation(prepared, list).kept.get(id));
        }
      }
      if (allocation.kind === "global-threshold") {
        const { kind: _, ...request } = allocation;
        expect(withByHand(prepared, planAt(prepared, request), byHand).kept).toEqual(made.kept);
      }
      const { parameters, macs, bytes } = costAt(prepared, made);
      expect({ parameters, macs, bytes }).toEqual(costOf(applyPlan(network, table, made)));
    }),
    { numRuns: 100 },
  );
});
