/**
 * @file What must hold for every allocation under every option, on random networks. `ESPALIER_GRAPHS`
 * sets the number of networks.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known, makeRandom } from "../../core/index.ts";
import { costOf, type Network } from "../../model/index.ts";
import { applyPlan } from "../apply.ts";
import { readCriterion } from "../criteria/index.ts";
import { scoreChannels } from "../criteria/score.ts";
import { classesOf, findGroups, type GroupTable } from "../groups.ts";
import { keptOf, type Plan } from "../plan.ts";
import {
  costAt,
  planAt,
  preparePruning,
  prepareScores,
  type PreparedPruning,
  type PruneOptions,
} from "../prepare.ts";
import { ROUNDING_RULES, roundWidth, segmentsOf, type Rounding } from "../rounding.ts";
import { SCOPES } from "../scope.ts";
import { randomNetwork, randomScores } from "../testing/random-network.ts";
import { refusal, widthsOf } from "../testing/small-graphs.ts";
import type { Allocation } from "./allocation.ts";
import { filterSums } from "./greedy.ts";
import { planAllocation, type Knowledge } from "./index.ts";
import type { Curves } from "./sensitivity.ts";
import { COST_KINDS } from "./target.ts";
import { COUNT_RULES } from "./uniform.ts";

const RUNS = Number(process.env["ESPALIER_GRAPHS"] ?? 150);

const networks = fc
  .record({ seed: fc.nat(1e6), steps: fc.integer({ min: 1, max: 16 }) })
  .map(({ seed, steps }) => ({ seed, network: randomNetwork(seed, steps) }));
const ratios = fc.double({ min: 0, max: 0.9999, noNaN: true });
const shares = fc.double({ min: 0.01, max: 1, noNaN: true });
const roundings = fc.record({
  to: fc.constantFrom(1, 2, 3, 4, 8),
  how: fc.constantFrom(...ROUNDING_RULES),
});
const modes = fc.constantFrom("exact" as const, "reference" as const);

/** All but locks, which need to know the network. */
const optionSets: fc.Arbitrary<PruneOptions> = fc.record({
  streams: fc.constantFrom("keep" as const, "prune" as const),
  scope: fc.constantFrom(...SCOPES),
  rounding: roundings,
  minimumShare: fc.constantFrom(0, 0.3),
});

/** One that can be asked of any network, with the same meaning at every strength. */
const families: fc.Arbitrary<(strength: number) => Allocation> = fc.oneof(
  modes.map((mode) => (ratio: number) => ({ kind: "global-threshold" as const, ratio, mode })),
  fc
    .constantFrom(...COUNT_RULES)
    .map((keep) => (ratio: number) => ({ kind: "uniform" as const, ratio, keep })),
  fc.constant((loss: number) => ({ kind: "sensitivity" as const, loss })),
);

/** Locks about a third of the groups; nothing when nothing is left to prune. */
function prepare(network: Network, seed: number, options: PruneOptions) {
  const table = findGroups(network);
  const random = makeRandom(seed, 3);
  const free = table.groups.filter(({ fixed }) => !fixed);
  const locked = free.filter(() => random.uniform() < 0.3).map(({ layers }) => layers.at(-1) ?? "");
  const taking = free.filter(({ stream, layers }) => {
    const isLocked = layers.some((layer) => locked.includes(layer));
    return !isLocked && (options.streams === "prune" || !stream);
  });
  if (taking.length === 0) return undefined;
  const scores = randomScores(table, seed, seed % 2 === 0 ? 4 : 1 << 24);
  return prepareScores(table, "random", scores, { ...options, locked });
}

/** Curves that fall and rise at random for the groups that take part. */
function knowledgeFor({ lines }: PreparedPruning, seed: number): Knowledge {
  const random = makeRandom(seed, 4);
  const curves: Curves = {
    base: 0.9,
    ratios: [0.2, 0.4, 0.8],
    groups: lines.map(({ id }) => ({
      name: id,
      accuracy: [0, 1, 2].map(() => 0.9 * random.uniform()),
    })),
  };
  return { curves };
}

/** Every layer has what the guard promises, and every part of a group a width that rounding allows. */
function checkWidths(prepared: PreparedPruning, plan: Plan): void {
  const { table, options, lines } = prepared;
  const { minimumShare = 0, rounding = { to: 1 } } = options;
  for (const { layers } of table.groups) {
    for (const layer of layers) {
      const width = new Set(classesOf(table, layer)).size;
      const axis = classesOf(table, layer);
      const left = new Set([...keptOf(table, plan, layer)].map((j) => axis[j])).size;
      const least = Math.max(1, Math.ceil(minimumShare * width - 1e-9));
      expect(left).toBeGreaterThanOrEqual(plan.kept.size === 0 ? width : least);
    }
  }
  for (const { id } of lines) checkSteps(table, plan, id, rounding);
}

function checkSteps(table: GroupTable, plan: Plan, id: string, rounding: Rounding): void {
  const group = table.byId.get(id) ?? expect.fail(id);
  const kept = new Set(plan.kept.get(id));
  for (const { channels, step } of segmentsOf(table, group, rounding.to)) {
    const width = channels.filter((channel) => kept.has(channel)).length;
    expect(width === channels.length || width % step === 0).toBe(true);
    // Rounding what is rounded changes nothing.
    const limits = { least: 0, size: channels.length };
    expect(roundWidth(width, { ...rounding, step }, limits)).toBe(width);
  }
}

const isWithin = (narrow: Plan, wide: Plan): boolean =>
  [...narrow.kept].every(([id, kept]) => {
    const before = new Set(wide.kept.get(id));
    return kept.every((channel) => before.has(channel));
  });

describe("an allocation on any network", () => {
  it("leaves a sound network of the promised cost, and locked groups alone", () => {
    fc.assert(
      fc.property(networks, families, ratios, optionSets, ({ network, seed }, ask, at, options) => {
        const prepared = prepare(network, seed, options);
        if (prepared === undefined) return;
        const plan = planAllocation(prepared, ask(at), knowledgeFor(prepared, seed));
        checkWidths(prepared, plan);
        for (const id of prepared.spared.keys()) expect(plan.kept.has(id)).toBe(false);
        const { parameters, macs, bytes } = costAt(prepared, plan);
        // `applyPlan` validates what it makes.
        expect({ parameters, macs, bytes }).toEqual(
          costOf(applyPlan(network, prepared.table, plan)),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it("takes at a higher strength all that it takes at a lower one", () => {
    fc.assert(
      fc.property(
        networks,
        families,
        fc.tuple(ratios, ratios),
        optionSets,
        ({ network, seed }, ask, pair, options) => {
          const prepared = prepare(network, seed, options);
          if (prepared === undefined) return;
          const knowledge = knowledgeFor(prepared, seed);
          const [wide, narrow] = [Math.min(...pair), Math.max(...pair)].map((at) =>
            planAllocation(prepared, ask(at), knowledge),
          );
          if (wide === undefined || narrow === undefined) return;
          expect(isWithin(narrow, wide)).toBe(true);
          for (const of of COST_KINDS) {
            expect(costAt(prepared, narrow)[of]).toBeLessThanOrEqual(costAt(prepared, wide)[of]);
          }
          expect(narrow.achieved).toBeGreaterThanOrEqual(wide.achieved);
          expect(narrow.threshold).toBeGreaterThanOrEqual(wide.threshold ?? NaN);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("scores nothing that goes above the threshold", () => {
    fc.assert(
      fc.property(networks, families, ratios, optionSets, ({ network, seed }, ask, at, options) => {
        const prepared = prepare(network, seed, options);
        if (prepared === undefined) return;
        const plan = planAllocation(prepared, ask(at), knowledgeFor(prepared, seed));
        for (const [id, scores] of prepared.scores) {
          const kept = new Set(plan.kept.get(id));
          scores.forEach((score, channel) => {
            if (!kept.has(channel)) expect(score).toBeLessThanOrEqual(plan.threshold ?? NaN);
          });
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("meets a target with the largest network of its line, nested in those of larger targets", () => {
    fc.assert(
      fc.property(
        networks,
        fc.tuple(shares, shares),
        fc.constantFrom(...COST_KINDS),
        optionSets,
        ({ network, seed }, pair, of, options) => {
          const prepared = prepare(network, seed, options);
          if (prepared === undefined) return;
          const least = costAt(prepared, planAt(prepared, { ratio: 1 - 2 ** -53 }))[of];
          const whole = prepared.costs.whole[of];
          const most = pair
            .map((share) => Math.ceil(least + share * (whole - least)))
            .toSorted((a, b) => b - a);
          const [wide, narrow] = most.map((limit) =>
            planAllocation(prepared, { kind: "target", of, most: limit }),
          );
          if (wide === undefined || narrow === undefined) return;
          expect(costAt(prepared, wide)[of]).toBeLessThanOrEqual(most[0] ?? NaN);
          expect(isWithin(narrow, wide)).toBe(true);
          // No ratio gives a larger network that meets it.
          for (const ratio of [0, 0.1, 0.25, 0.5, 0.75, 0.9]) {
            const other = costAt(prepared, planAt(prepared, { ratio }))[of];
            if (other <= (most[0] ?? NaN)) {
              expect(other).toBeLessThanOrEqual(costAt(prepared, wide)[of]);
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("keeps the number that a list says, or refuses it and would keep the numbers it names", () => {
    fc.assert(
      fc.property(networks, shares, optionSets, ({ network, seed }, share, options) => {
        const prepared = prepare(network, seed, { ...options, streams: "prune" });
        if (prepared === undefined) return;
        const { rounding = { to: 1 } } = options;
        for (const { id, size, least } of prepared.lines) {
          const keep = Math.max(least, Math.round(share * size));
          const said = (number: number) => () =>
            planAllocation(prepared, { kind: "list", layers: { [id]: { keep: number } } });
          const refused = refusal(said(keep));
          const named = /expected ([\d or]+) channels to keep, as/.exec(refused)?.[1];
          expect(rounding.to > 1 || named === undefined).toBe(true);
          for (const number of named?.split(" or ").map(Number) ?? [keep]) {
            expect(widthsOf(said(number)())[id]).toBe(number);
          }
          // What a plan came to can be said as a list.
          const { kept } = planAt(prepared, { ratio: 1 - share / 2 });
          expect(said(kept.get(id)?.length ?? NaN)().kept.get(id)).toEqual(kept.get(id));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("keeps every layer as wide, whoever chooses the channels", () => {
    fc.assert(
      fc.property(networks, ratios, optionSets, ({ network }, ratio, options) => {
        const prepared = prepareGreedy(network, options);
        if (prepared === undefined) return;
        const { table } = prepared;
        const allocation = { kind: "uniform", ratio } as const;
        const [greedy, other] = chooseBoth(network, prepared, allocation);
        checkWidths(prepared, greedy);
        for (const { name } of network.nodes) {
          expect(keptOf(table, greedy, name)).toHaveLength(keptOf(table, other, name).length);
        }
        const { requested, achieved, guarded } = other;
        expect(greedy).toMatchObject({ requested, achieved, guarded });
        applyPlan(network, table, greedy);
      }),
      { numRuns: RUNS },
    );
  });

  it("chooses alike where nothing was cut before, depthwise kernels and streams included", () => {
    fc.assert(
      fc.property(networks, ratios, optionSets, ({ network }, ratio, options) => {
        const prepared = prepareGreedy(network, options);
        for (const { id } of prepared?.lines ?? []) {
          const list = { kind: "list", layers: { [id]: { ratio } } } as const;
          const [greedy, other] = chooseBoth(network, known(prepared, id), list);
          expect(greedy.kept).toEqual(other.kept);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

/** Made ready for greedy scoring; nothing where no group has filters of its own. */
function prepareGreedy(network: Network, options: PruneOptions): PreparedPruning | undefined {
  const scored = scoreChannels(network, readCriterion("l1"), "ranking");
  const isThere = findGroups(network).groups.some(
    ({ id, stream }) => scored.has(id) && (options.streams === "prune" || !stream),
  );
  if (!isThere) return undefined;
  return preparePruning(network, "l1", { ...options, scoring: "greedy" });
}

/** The greedy plan and the independent one. */
function chooseBoth(
  network: Network,
  prepared: PreparedPruning,
  allocation: Allocation,
): readonly [Plan, Plan] {
  const { scoring: _, ...independent } = prepared.options;
  return [
    planAllocation(prepared, allocation, { scoreOf: filterSums(network) }),
    planAllocation({ ...prepared, options: independent }, allocation),
  ];
}
