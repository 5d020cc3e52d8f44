/**
 * @file What must hold for every graph, every plan, every ratio and every criterion, on random networks.
 * `ESPALIER_GRAPHS=20000` runs that many of each instead of a few hundred.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { channelsOf } from "../core/index.ts";
import {
  costOf,
  definitionOf,
  endsOf,
  factsOf,
  factsOfNode,
  fingerprintNetwork,
  validateNetwork,
  weightSpecs,
  type Graph,
} from "../model/index.ts";
import { applyPlan, sliceTensors } from "./apply.ts";
import { CRITERION_NAMES, readCriterion } from "./criteria/index.ts";
import { scoreSubject } from "./criteria/score.ts";
import { classesOf, findGroups } from "./groups.ts";
import { maskPlan } from "./mask-plan.ts";
import { keptOf } from "./plan.ts";
import { costAt, planAt, prepareScores } from "./prepare.ts";
import { interpret } from "../model/testing/interpret.ts";
import { randomImage, randomNetwork, randomScores } from "./testing/random-network.ts";
import { refusal } from "./testing/small-graphs.ts";

const RUNS = Number(process.env["ESPALIER_GRAPHS"] ?? 300);
/** For what compares several plans of one graph. */
const FEWER = Math.ceil(RUNS / 3);
const MINUTES = 60_000;

const networks = fc
  .record({ seed: fc.nat(0x7fffffff), steps: fc.integer({ min: 1, max: 16 }) })
  .map(({ seed, steps }) => ({ seed, network: randomNetwork(seed, steps) }));
const ratios = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: 0, max: 0.9999, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 1e-12, 5e-324, 1 - Number.EPSILON / 2) },
);
const noRatios = fc.oneof(
  fc.constantFrom(1, NaN, Infinity, -Infinity, -Number.MIN_VALUE, 1 + Number.EPSILON),
  fc.double({ min: 1 }),
  fc.double({ max: -Number.MIN_VALUE }),
);
const modes = fc.constantFrom("exact" as const, "reference" as const);
/** Everything that may be cut at random, with many ties or none, or what a criterion can judge. */
const scorers = fc.constantFrom(
  "random",
  "ties",
  ...CRITERION_NAMES.filter((name) => {
    const { criterion, options } = readCriterion(name);
    return criterion.needs(options) === undefined;
  }),
);
const shares = fc.constantFrom(0, 0, 0.1, 0.3, 0.5, 1);
const cuts = fc.record({
  of: networks,
  ratio: ratios,
  mode: modes,
  scorer: scorers,
  share: shares,
});
type Cut = typeof cuts extends fc.Arbitrary<infer T> ? T : never;

/** Streams take part; nothing when there is nothing to prune. */
function prepare({ of: { network, seed }, scorer, share }: Omit<Cut, "ratio" | "mode">) {
  const table = findGroups(network);
  const isDrawn = scorer === "random" || scorer === "ties";
  const scores = isDrawn
    ? randomScores(table, seed, scorer === "ties" ? 3 : 1 << 24)
    : scoreSubject({ network, table }, readCriterion(scorer), "ranking");
  if (scores.size === 0) return undefined;
  return prepareScores(table, scorer, scores, { streams: "prune", minimumShare: share });
}

/** Each channel of each node as a point, joined by the coupling rules alone; then its component. */
function naiveClosure(graph: Graph): Map<string, Set<string>> {
  const component = new Map<string, Set<string>>();
  const join = (a: string, b: string): void => {
    const [left, right] = [component.get(a) ?? new Set([a]), component.get(b) ?? new Set([b])];
    const both = new Set([...left, ...right]);
    for (const point of both) component.set(point, both);
  };
  for (const { node, inputs, shape } of factsOf(graph).values()) {
    const { name } = node;
    const [from = ""] = node.inputs;
    const coupling = definitionOf(node.op).coupling(node.op, inputs);
    const cin = channelsOf(inputs[0] ?? []);
    for (let j = 0; j < channelsOf(shape); j++) {
      const out = `${name} ${j}`;
      join(out, out);
      if (coupling.kind === "passes") join(out, `${from} ${j}`);
      if (coupling.kind === "tiles") join(out, `${from} ${j % cin}`);
      if (coupling.kind === "repeats") join(out, `${from} ${Math.floor(j / coupling.each)}`);
      if (coupling.kind === "ties") for (const input of node.inputs) join(out, `${input} ${j}`);
      if (coupling.kind === "opens")
        join(out, `${name} ${j % (channelsOf(shape) / coupling.groups)}`);
    }
    if (coupling.kind === "opens") {
      for (let i = 0; i < cin; i++) join(`${from} ${i}`, `${from} ${i % (cin / coupling.groups)}`);
    }
    if (coupling.kind === "joins") {
      let j = 0;
      node.inputs.forEach((input, which) => {
        for (let i = 0; i < channelsOf(inputs[which] ?? []); i++)
          join(`${name} ${j++}`, `${input} ${i}`);
      });
    }
  }
  return component;
}

describe("groups of any graph", () => {
  it("are the same closure from any member", { timeout: 30 * MINUTES }, () => {
    fc.assert(
      fc.property(networks, ({ network }) => {
        const table = findGroups(network);
        const component = naiveClosure(network);
        const classOf = new Map<Set<string>, number>();
        let points = 0;
        for (const node of network.nodes) {
          classesOf(table, node.name).forEach((c, j) => {
            const set = component.get(`${node.name} ${j}`) ?? new Set();
            expect(classOf.get(set) ?? c).toBe(c);
            classOf.set(set, c);
            points++;
          });
        }
        expect(points).toBe(component.size);
        expect(new Set(classOf.values()).size).toBe(new Set(component.values()).size);
        expect(classOf.size).toBe(table.classCount);
      }),
      { numRuns: RUNS },
    );
  });

  it(
    "number their channels by first appearance and leave none out",
    { timeout: 30 * MINUTES },
    () => {
      fc.assert(
        fc.property(networks, ({ network }) => {
          const table = findGroups(network);
          let next = 0;
          for (const group of table.groups) {
            expect(group.start).toBe(next);
            next += group.size;
            const seen = new Set(group.layers.flatMap((layer) => [...classesOf(table, layer)]));
            expect([...seen]).toEqual(
              Array.from({ length: group.size }, (_, i) => group.start + i),
            );
          }
          expect(next).toBe(table.classCount);
        }),
        { numRuns: RUNS },
      );
    },
  );
});

describe("a plan on any network", () => {
  it(
    "leaves a valid network without an empty layer, of the cost that the plan says",
    { timeout: 30 * MINUTES },
    () => {
      fc.assert(
        fc.property(cuts, (given) => {
          const prepared = prepare(given);
          if (prepared === undefined) return;
          const { network } = given.of;
          const plan = planAt(prepared, given);
          const cut = applyPlan(network, prepared.table, plan);
          validateNetwork(cut);
          const { parameters, macs, bytes } = costAt(prepared, plan);
          expect({ parameters, macs, bytes }).toEqual(costOf(cut));
          for (const { layers } of prepared.table.groups) {
            for (const layer of layers) {
              const classes = classesOf(prepared.table, layer);
              const kept = [...keptOf(prepared.table, plan, layer)];
              const [left, width] = [new Set(kept.map((j) => classes[j])), new Set(classes)];
              const least = Math.max(1, Math.ceil(given.share * width.size - 1e-9));
              expect(left.size).toBeGreaterThanOrEqual(least);
              expect(channelsOf(factsOfNode(cut, layer).shape)).toBe(kept.length);
            }
          }
        }),
        { numRuns: RUNS },
      );
    },
  );

  it("masks to the same values as it cuts, at every node", { timeout: 30 * MINUTES }, () => {
    fc.assert(
      fc.property(cuts, (given) => {
        const prepared = prepare(given);
        if (prepared === undefined) return;
        const { network, seed } = given.of;
        const { table } = prepared;
        const plan = planAt(prepared, given);
        const image = randomImage(endsOf(network).input, seed);
        const masked = interpret(maskPlan(network, table, plan), image);
        const cut = interpret(applyPlan(network, table, plan), image);
        for (const [name, small] of cut) {
          const kept = keptOf(table, plan, name);
          const large = masked.get(name) ?? new Float64Array();
          const width = classesOf(table, name).length;
          const worst = small.reduce((most, value, i) => {
            const row = Math.floor(i / kept.length);
            const other = large[row * width + (kept[i % kept.length] ?? NaN)] ?? NaN;
            return Math.max(most, Math.abs(value - other) / (1e-12 + Math.abs(other)));
          }, 0);
          expect(worst).toBeLessThanOrEqual(1e-5);
          const stays = new Set(kept);
          expect(large.every((value, i) => stays.has(i % width) || value === 0)).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("is refused at what is no ratio, and nothing changes", () => {
    fc.assert(
      fc.property(cuts, noRatios, (given, ratio) => {
        const prepared = prepare(given);
        if (prepared === undefined) return;
        const before = fingerprintNetwork(given.of.network);
        expect(refusal(() => planAt(prepared, { ...given, ratio }))).toMatch(
          /^prune\/bad-ratio \| ratio: .*; .*\.$/,
        );
        expect(fingerprintNetwork(given.of.network)).toBe(before);
      }),
      { numRuns: 100 },
    );
  });

  it("is that of ratio 0 at −0, and takes nothing in exact mode at a ratio of almost 0", () => {
    fc.assert(
      fc.property(cuts, fc.constantFrom(-0, 5e-324, 1e-12), (given, ratio) => {
        const prepared = prepare(given);
        if (prepared === undefined) return;
        const { mode } = given;
        const [zero, other] = [0, ratio].map((at) => planAt(prepared, { ratio: at, mode }));
        // All but what was asked for.
        expect({ ...other, requested: 0, allocation: zero?.allocation }).toEqual(zero);
        if (mode === "exact") expect(other?.achieved).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it(
    "keeps at a higher ratio only what it keeps at a lower one, for no higher cost",
    { timeout: 30 * MINUTES },
    () => {
      fc.assert(
        fc.property(cuts, ratios, (given, other) => {
          const prepared = prepare(given);
          if (prepared === undefined) return;
          const { mode } = given;
          const [low, high] = [Math.min(given.ratio, other), Math.max(given.ratio, other)];
          const wide = planAt(prepared, { ratio: low, mode });
          const narrow = planAt(prepared, { ratio: high, mode });
          for (const [id, kept] of narrow.kept) {
            const before = new Set(wide.kept.get(id));
            expect(kept.every((channel) => before.has(channel))).toBe(true);
          }
          expect(costAt(prepared, narrow).macs).toBeLessThanOrEqual(costAt(prepared, wide).macs);
          expect(narrow.achieved).toBeGreaterThanOrEqual(wide.achieved);
        }),
        { numRuns: RUNS },
      );
    },
  );

  it("can be followed by another plan on what it left", { timeout: 30 * MINUTES }, () => {
    fc.assert(
      fc.property(cuts, ratios, (given, second) => {
        let current = given.of.network;
        for (const ratio of [given.ratio, second]) {
          const prepared = prepare({ ...given, of: { ...given.of, network: current } });
          if (prepared === undefined) return;
          const plan = planAt(prepared, { ratio, mode: given.mode });
          const image = randomImage(endsOf(current).input, given.of.seed);
          const masked = interpret(maskPlan(current, prepared.table, plan), image);
          const expected = masked.get(current.output) ?? new Float64Array();
          current = applyPlan(current, prepared.table, plan);
          validateNetwork(current);
          interpret(current, image)
            .get(current.output)
            ?.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 8));
        }
      }),
      { numRuns: FEWER },
    );
  });

  it("cuts an optimizer's accumulators to the cut network's shapes", () => {
    fc.assert(
      fc.property(cuts, (given) => {
        const prepared = prepare(given);
        if (prepared === undefined) return;
        const { network } = given.of;
        const plan = planAt(prepared, given);
        const momentum = new Map([...network.weights].filter(([name]) => !name.endsWith("/mean")));
        const specs = weightSpecs(applyPlan(network, prepared.table, plan));
        const cut = sliceTensors(momentum, prepared.table, plan);
        expect(cut.size).toBe(momentum.size);
        for (const [name, { shape }] of cut) expect(shape).toEqual(specs.get(name)?.shape);
      }),
      { numRuns: 100 },
    );
  });
});
