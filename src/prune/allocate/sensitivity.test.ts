/** @file From curves to ratios: PaddleSlim's rule worked out by hand, and a loss that meets a size. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costAt } from "../prepare.ts";
import { graphOf, prepareBy, refusal, widthsOf } from "../testing/small-graphs.ts";
import { planAllocation } from "./index.ts";
import { ratioAtLoss, type Curves } from "./sensitivity.ts";

const graph = graphOf((b, from) =>
  b.conv("b", b.conv("a", from, { filters: 20 }), { filters: 10 }),
);
const rising = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const prepared = prepareBy(graph, { a: rising(20), b: rising(10) });

const curves = (a: readonly number[], b: readonly number[]): Curves => ({
  base: 0.9,
  ratios: [0.1, 0.2, 0.5],
  groups: [
    { name: "a", accuracy: a.map((loss) => 0.9 * (1 - loss)) },
    { name: "b", accuracy: b.map((loss) => 0.9 * (1 - loss)) },
  ],
});
const at = (loss: number, given: Curves) =>
  planAllocation(prepared, { kind: "sensitivity", loss }, { curves: given });

describe("the ratio at a loss", () => {
  const golden = { ratios: [0, 0.1, 0.2], losses: [0, 0.01, 0.03] };

  it("is .15 for losses .1 → .01, .2 → .03 and L = .02", () => {
    expect(ratioAtLoss(golden, 0.02)).toBeCloseTo(0.15, 12);
    expect(ratioAtLoss(golden, 0.005)).toBeCloseTo(0.05, 12);
  });

  it("is 0 where any cut costs more, and the last measured one where none does", () => {
    expect(ratioAtLoss(golden, 0)).toBe(0);
    expect(ratioAtLoss(golden, 0.5)).toBe(0.2);
  });

  it("is the largest where a noisy curve comes back", () => {
    const noisy = { ratios: [0, 0.1, 0.2, 0.3], losses: [0, 0.04, 0.01, 0.05] };
    expect(ratioAtLoss(noisy, 0.02)).toBeCloseTo(0.225, 12);
  });

  it("rises with the loss, on any curve", () => {
    // Losses are counts of images over their number, so no two are nearer than that: of the smallest numbers
    // that there are, no share can be taken.
    const share = (least: number) => fc.integer({ min: least, max: 10_000 }).map((n) => n / 10_000);
    const losses = fc.array(share(-1000), { minLength: 3, maxLength: 3 });
    const limits = fc.tuple(share(0), share(0));
    fc.assert(
      fc.property(losses, limits, (measured, pair) => {
        const curve = { ratios: [0, 0.1, 0.2, 0.5], losses: [0, ...measured] };
        const [low, high] = [Math.min(...pair), Math.max(...pair)];
        expect(ratioAtLoss(curve, low)).toBeLessThanOrEqual(ratioAtLoss(curve, high) + 1e-12);
      }),
    );
  });
});

describe("an allocation from sensitivity", () => {
  it("gives each layer what it can lose for the same loss", () => {
    const plan = at(0.02, curves([0.01, 0.03, 0.2], [0, 0, 0.01]));
    // 15 % of 20, and all that was measured, 50 % of 10.
    expect(widthsOf(plan)).toEqual({ a: 17, b: 5 });
    expect(plan.requested).toBeCloseTo(8 / 30, 12);
  });

  it("leaves layers without a curve whole", () => {
    const both = curves([0, 0, 0], [0, 0, 0]);
    expect(widthsOf(at(0.1, { ...both, groups: both.groups.slice(0, 1) }))).toEqual({
      a: 10,
      b: 10,
    });
  });

  it("finds the loss at which a size is met, and not much more", () => {
    const given = curves([0.01, 0.03, 0.2], [0.02, 0.05, 0.3]);
    const cost = (plan: ReturnType<typeof at>): number => costAt(prepared, plan).macs;
    const whole = prepared.costs.whole.macs;
    for (const share of [0.9, 0.6, 0.4]) {
      const goal = { of: "macs", share } as const;
      const plan = planAllocation(prepared, { kind: "sensitivity", goal }, { curves: given });
      expect(cost(plan)).toBeLessThanOrEqual(share * whole);
      // The loss that was found: a hair less does not meet the size.
      const losses = Array.from({ length: 301 }, (_, i) => i / 1000);
      const least = losses.find((loss) => cost(at(loss, given)) <= share * whole) ?? NaN;
      expect(cost(plan)).toBeGreaterThanOrEqual(cost(at(least, given)));
      expect(cost(at(Math.max(0, least - 0.002), given))).toBeGreaterThan(share * whole);
    }
  });

  it("refuses a size that the curves do not reach", () => {
    const goal = { of: "macs", share: 0.01 } as const;
    const given = curves([0.01, 0.03, 0.2], [0.02, 0.05, 0.3]);
    expect(
      refusal(() => planAllocation(prepared, { kind: "sensitivity", goal }, { curves: given })),
    ).toMatch(
      /^prune\/out-of-reach \| target › MACs: .*last ratios.*; measure higher ratios, or ask/,
    );
  });

  it("refuses curves of another network or that are none", () => {
    const good = curves([0, 0, 0], [0, 0, 0]);
    const why = (changed: Partial<Curves>) => refusal(() => at(0.1, { ...good, ...changed }));
    expect(why({ base: 0 })).toMatch(/^prune\/bad-allocation \| sensitivity › base: /);
    expect(why({ ratios: [0.1, 0.1, 0.5] })).toMatch(/sensitivity › ratios: .*rising/);
    expect(why({ ratios: [0.1, 0.2] })).toMatch(/sensitivity › a: .*2 accuracies.*found 3 numbers/);
    expect(why({ groups: [{ name: "a", accuracy: [1, 2, 0] }] })).toContain("found 2");
    expect(why({ groups: [{ name: "z", accuracy: [0, 0, 0] }] })).toMatch(/^prune\/unknown-group/);
    expect(refusal(() => at(1.5, good))).toMatch(/^prune\/bad-allocation \| sensitivity › loss: /);
    expect(refusal(() => planAllocation(prepared, { kind: "sensitivity", loss: 0.1 }))).toMatch(
      /^prune\/bad-allocation \| sensitivity: .*measure the sensitivity/,
    );
  });
});
