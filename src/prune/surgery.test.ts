/** @file What surgery remembers: where every channel came from, and the plans, to be replayed and undone. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known, makeRandom } from "../core/index.ts";
import { sameNetwork } from "../files/graph.ts";
import { buildArchitecture, factsOf, fingerprintNetwork, type Network } from "../model/index.ts";
import { classesOf, findGroups, type GroupTable } from "./groups.ts";
import { originsOf } from "./origins.ts";
import { keptOf, type Plan } from "./plan.ts";
import { planAt, prepareScores, preparePruning } from "./prepare.ts";
import { cutNetwork, maskNetwork, noteTraining, replay, selectNetwork, undo } from "./surgery.ts";
import {
  randomNetwork,
  randomScores,
  withRandomScales,
  withRandomWeights,
} from "./testing/random-network.ts";
import { graphOf, refusal } from "./testing/small-graphs.ts";
import { withoutSelections } from "./testing/without-selections.ts";

function randomPlan(network: Network, seed: number, ratio: number): Plan | undefined {
  const table = findGroups(network);
  if (table.groups.every(({ fixed }) => fixed)) return undefined;
  const scores = randomScores(table, seed);
  return planAt(prepareScores(table, "random", scores, { streams: "prune" }), { ratio });
}

const historyOf = ({ metadata }: Network) => metadata.surgery?.history ?? [];

const cases = fc.record({
  seed: fc.nat(1e9),
  steps: fc.integer({ min: 1, max: 16 }),
  doings: fc.array(
    fc.record({
      ratio: fc.double({ min: 0, max: 0.9, noNaN: true }),
      kind: fc.constantFrom("cut" as const, "cut" as const, "mask" as const),
      dead: fc.constantFrom("zero" as const, "absorb" as const),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

/** Carries out plan after plan; every state on the way, the first untouched. */
function operated({ seed, steps, doings }: typeof cases extends fc.Arbitrary<infer T> ? T : never) {
  const states: { readonly network: Network; readonly plan?: Plan; readonly kind?: string }[] = [
    { network: randomNetwork(seed, steps) },
  ];
  for (const [at, { ratio, kind, dead }] of doings.entries()) {
    const { network } = known(states.at(-1), "state");
    const plan = randomPlan(network, seed + at, ratio);
    if (plan === undefined) break;
    const act = kind === "cut" ? cutNetwork : maskNetwork;
    states.push({ network: act(network, plan, { dead }).network, plan, kind });
  }
  return states;
}

describe("a network after several plans", () => {
  it("knows of every channel of every node where it came from", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const states = operated(given);
        const [first] = states;
        const original = known(first, "first").network;
        // Node by node, what each plan left, one behind the other.
        const expected = new Map(
          [...factsOf(original)].map(([name]) => [
            name,
            [...channelsOf(findGroups(original), name)],
          ]),
        );
        states.slice(1).forEach(({ plan, kind }, i) => {
          if (kind !== "cut" || plan === undefined) return;
          const table = findGroups(known(states[i], "state").network);
          for (const [name, channels] of expected) {
            const kept = keptOf(table, plan, name);
            expected.set(
              name,
              [...kept].map((place) => known(channels[place], "channel")),
            );
          }
        });
        const { network } = known(states.at(-1), "last");
        for (const [name, { node, of, channels }] of originsOf(network)) {
          expect({ name, node, of, channels: [...channels] }).toEqual({
            name,
            node: name,
            of: classesOf(findGroups(original), name).length,
            channels: expected.get(name),
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it("comes out again bit for bit when its history is replayed, and goes back when it is undone", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const states = operated(given);
        const { network: original } = known(states[0], "first");
        for (const { network } of states) {
          expect(sameNetwork(replay(original, historyOf(network)), network)).toBe(true);
        }
        // A plan that took nothing is no step.
        const taken = states.filter(({ network }, i) => network !== states[i - 1]?.network);
        const { network } = known(taken.at(-1), "last");
        expect(historyOf(network)).toHaveLength(taken.length - 1);
        const before = known(taken.at(-2) ?? taken.at(-1), "before").network;
        expect(sameNetwork(undo(original, network), before)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

const channelsOf = (table: GroupTable, name: string): Iterable<number> =>
  classesOf(table, name).keys();

describe("a history", () => {
  const original = buildArchitecture("vgg11:width=0.125", 1);
  const planFor = (network: Network): Plan =>
    planAt(preparePruning(network, "bn-scale"), { ratio: 0.5 });
  const cut = cutNetwork(original, planFor(original)).network;

  it("is refused on another network, in one sentence and without a change", () => {
    for (const other of [buildArchitecture("vgg11:width=0.25", 1), cut]) {
      const before = fingerprintNetwork(other);
      expect(refusal(() => replay(other, historyOf(cut)))).toMatch(
        /^prune\/plan-mismatch \| .* › step 1 of 1: .*expected the graph that it was made for.*\.$/,
      );
      expect(fingerprintNetwork(other)).toBe(before);
    }
  });

  it("gives the same structure to fresh weights, which is training from scratch", () => {
    const fresh = buildArchitecture("vgg11:width=0.125", 2);
    const scratch = replay(fresh, historyOf(cut));
    expect(scratch.nodes).toEqual(cut.nodes);
    expect(fingerprintNetwork(scratch)).not.toBe(fingerprintNetwork(cut));
  });

  it("says that there was a training, and leaves it out of a replay", () => {
    const trained = noteTraining(cut, 7);
    expect(historyOf(trained).map(({ kind }) => kind)).toEqual(["cut", "trained"]);
    const again = cutNetwork(trained, planFor(trained)).network;
    expect(historyOf(again).map(({ kind }) => kind)).toEqual(["cut", "trained", "cut"]);
    expect(replay(original, historyOf(again)).nodes).toEqual(again.nodes);
    expect(noteTraining(original, 7)).toBe(original);
  });

  it("knows of selections that were put in on the way", () => {
    const bare = graphOf((b, from) => {
      const stem = b.conv("stem", from, { filters: 6 });
      const x = b.conv("block", b.relu("relu", b.bn("bn", stem)), { filters: 6 });
      return b.add("sum", { kind: "add" }, x, stem);
    });
    const network = withRandomWeights(bare, makeRandom(1));
    const ready = selectNetwork(network);
    expect(ready.nodes.map(({ name }) => name)).toContain("bn.select");
    const made = cutNetwork(ready, planFor(ready)).network;
    expect(historyOf(made).map(({ kind }) => kind)).toEqual(["select", "cut"]);
    expect(sameNetwork(replay(network, historyOf(made)), made)).toBe(true);
    expect(selectNetwork(ready)).toBe(ready);
  });

  it("goes back behind the selections that were put in for a plan, and keeps those from before", () => {
    const network = withRandomScales(buildArchitecture("preresnet-11:width=0.125", 1), 2);
    const bare = withoutSelections(network);
    const ready = selectNetwork(bare);
    expect(ready).not.toBe(bare);
    const once = cutNetwork(ready, planFor(ready)).network;
    const twice = cutNetwork(once, planFor(once)).network;
    expect(historyOf(twice).map(({ kind }) => kind)).toEqual(["select", "cut", "cut"]);
    expect(sameNetwork(undo(bare, twice, 0), twice)).toBe(true);
    expect(sameNetwork(undo(bare, twice), once)).toBe(true);
    expect(sameNetwork(undo(bare, twice, 2), bare)).toBe(true);
    expect(sameNetwork(undo(bare, once), bare)).toBe(true);
    // What was trained with its selections had them before the cut.
    const trained = noteTraining(ready, 3);
    const cutLater = cutNetwork(trained, planFor(trained)).network;
    expect(undo(bare, cutLater).nodes).toEqual(ready.nodes);
    expect(sameNetwork(undo(network, cutNetwork(network, planFor(network)).network), network)).toBe(
      true,
    );
  });

  it("keeps the rest of the metadata, and is a value that can be posted", () => {
    const named = { ...original, metadata: { classes: ["a"], provenance: { by: "hand" } } };
    const { metadata } = cutNetwork(named, planFor(named)).network;
    expect(metadata).toMatchObject(named.metadata);
    expect(structuredClone(metadata)).toEqual(JSON.parse(JSON.stringify(metadata)));
  });
});
