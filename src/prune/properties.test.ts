/** @file What must hold for every graph, every plan and every ratio, on random networks. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { channelsOf } from "../core/index.ts";
import {
  costOf,
  definitionOf,
  endsOf,
  factsOf,
  validateNetwork,
  weightSpecs,
  type Graph,
  type Network,
} from "../model/index.ts";
import { applyPlan, sliceTensors } from "./apply.ts";
import { classesOf, findGroups } from "./groups.ts";
import { maskPlan } from "./mask.ts";
import { keptOf } from "./plan.ts";
import { costAt, planAt, prepareScores, type PreparedPruning } from "./prepare.ts";
import { interpret } from "./testing/interpret.ts";
import { randomImage, randomNetwork, randomScores } from "./testing/random-network.ts";

const RUNS = 300;
const networks = fc
  .record({ seed: fc.nat(1e6), steps: fc.integer({ min: 1, max: 16 }) })
  .map(({ seed, steps }) => ({ seed, network: randomNetwork(seed, steps) }));
const ratios = fc.double({ min: 0, max: 0.9999, noNaN: true });
const modes = fc.constantFrom("exact" as const, "reference" as const);
const levels = fc.constantFrom(3, 1 << 24);

/** Everything that may be cut is scored at random, streams included; nothing when nothing may. */
function prepareAll(
  network: Network,
  seed: number,
  level: number,
  share = 0,
): PreparedPruning | undefined {
  const table = findGroups(network);
  if (table.groups.every(({ fixed }) => fixed)) return undefined;
  const scores = randomScores(table, seed, level);
  return prepareScores(table, "random", scores, { streams: "prune", minimumShare: share });
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
  it("are the same closure from any member", () => {
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

  it("number their channels by first appearance and leave none out", () => {
    fc.assert(
      fc.property(networks, ({ network }) => {
        const table = findGroups(network);
        let next = 0;
        for (const group of table.groups) {
          expect(group.start).toBe(next);
          next += group.size;
          const seen = new Set(group.layers.flatMap((layer) => [...classesOf(table, layer)]));
          expect([...seen]).toEqual(Array.from({ length: group.size }, (_, i) => group.start + i));
        }
        expect(next).toBe(table.classCount);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("a plan on any network", () => {
  it("masks to the same values as it cuts, at every node", () => {
    fc.assert(
      fc.property(networks, ratios, modes, ({ network, seed }, ratio, mode) => {
        const prepared = prepareAll(network, seed, 1 << 24);
        if (prepared === undefined) return;
        const plan = planAt(prepared, { ratio, mode });
        const { table } = prepared;
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

  it("costs what the cut network costs", () => {
    fc.assert(
      fc.property(networks, ratios, modes, levels, ({ network, seed }, ratio, mode, level) => {
        const prepared = prepareAll(network, seed, level);
        if (prepared === undefined) return;
        const plan = planAt(prepared, { ratio, mode });
        const { parameters, macs, bytes } = costAt(prepared, plan);
        const cut = applyPlan(network, prepared.table, plan);
        expect({ parameters, macs, bytes }).toEqual(costOf(cut));
      }),
      { numRuns: RUNS },
    );
  });

  it("keeps at a higher ratio only what it keeps at a lower one, for no higher cost", () => {
    fc.assert(
      fc.property(
        networks,
        fc.tuple(ratios, ratios),
        modes,
        levels,
        fc.constantFrom(0, 0.3),
        ({ network, seed }, pair, mode, level, share) => {
          const prepared = prepareAll(network, seed, level, share);
          if (prepared === undefined) return;
          const [low, high] = [Math.min(...pair), Math.max(...pair)];
          const wide = planAt(prepared, { ratio: low, mode });
          const narrow = planAt(prepared, { ratio: high, mode });
          for (const [id, kept] of narrow.kept) {
            const before = new Set(wide.kept.get(id));
            expect(kept.every((channel) => before.has(channel))).toBe(true);
          }
          expect(costAt(prepared, narrow).macs).toBeLessThanOrEqual(costAt(prepared, wide).macs);
          expect(narrow.achieved).toBeGreaterThanOrEqual(wide.achieved);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("empties no layer at any ratio, and leaves each its minimum share", () => {
    const shares = fc.constantFrom(0, 0.1, 0.5, 1);
    fc.assert(
      fc.property(
        networks,
        ratios,
        modes,
        levels,
        shares,
        ({ network, seed }, ratio, mode, level, share) => {
          const prepared = prepareAll(network, seed, level, share);
          if (prepared === undefined) return;
          const plan = planAt(prepared, { ratio, mode });
          const { table } = prepared;
          for (const { layers } of table.groups) {
            for (const layer of layers) {
              const width = new Set(classesOf(table, layer)).size;
              const kept = keptOf(table, plan, layer);
              const left = new Set([...kept].map((j) => classesOf(table, layer)[j])).size;
              expect(left).toBeGreaterThanOrEqual(Math.max(1, Math.ceil(share * width - 1e-9)));
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("can be followed by another plan on what it left", () => {
    fc.assert(
      fc.property(networks, ratios, ratios, ({ network, seed }, first, second) => {
        let current = network;
        for (const ratio of [first, second]) {
          const prepared = prepareAll(current, seed, 1 << 24);
          if (prepared === undefined) return;
          const plan = planAt(prepared, { ratio });
          const image = randomImage(endsOf(network).input, seed);
          const masked = interpret(maskPlan(current, prepared.table, plan), image);
          const expected = masked.get(current.output) ?? new Float64Array();
          current = applyPlan(current, prepared.table, plan);
          validateNetwork(current);
          interpret(current, image)
            .get(current.output)
            ?.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 8));
        }
      }),
      { numRuns: 100 },
    );
  });

  it("cuts an optimizer's accumulators to the cut network's shapes", () => {
    fc.assert(
      fc.property(networks, ratios, ({ network, seed }, ratio) => {
        const prepared = prepareAll(network, seed, 1 << 24);
        if (prepared === undefined) return;
        const plan = planAt(prepared, { ratio });
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
