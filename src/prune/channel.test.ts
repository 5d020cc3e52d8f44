/** @file A group's channel in its layers: after cuts, through additions, in grouped convolutions. */
import { assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { channelsOf } from "../core/index.ts";
import { factsOf, initialize } from "../model/index.ts";
import { placesOf } from "./channel.ts";
import { findGroups } from "./groups.ts";
import { originsOf } from "./origins.ts";
import { planFromLists } from "./plan.ts";
import { cutNetwork } from "./surgery.ts";
import { randomNetwork } from "./testing/random-network.ts";
import { graphOf } from "./testing/small-graphs.ts";

describe("a channel's places", () => {
  it("name the channel that it was before the cuts", () => {
    const graph = graphOf((b, from) => b.relu("r", b.bn("bn", b.conv("a", from, { filters: 5 }))));
    const table = findGroups(graph);
    const plan = planFromLists(table, [["a", [1, 2, 4]]]);
    const cut = cutNetwork(initialize(graph, { seed: 1 }), plan).network;
    const places = placesOf(findGroups(cut), originsOf(cut), "a", 2);
    expect(places).toEqual([{ layer: "a", channels: [2], origins: [4], originLayer: "a" }]);
  });

  it("are all layers that write it into a stream, each by its own number", () => {
    const graph = graphOf((b, from) => {
      const [a, c] = [b.conv("a", from, { filters: 2 }), b.conv("b", from, { filters: 2 })];
      const both = b.add("both", { kind: "concat" }, a, c);
      return b.add("sum", { kind: "add" }, both, b.conv("c", from, { filters: 4 }));
    });
    const network = initialize(graph, { seed: 1 });
    const places = placesOf(findGroups(graph), originsOf(network), "a", 3);
    expect(places.map(({ layer, channels }) => [layer, channels])).toEqual([
      ["b", [1]],
      ["c", [3]],
    ]);
  });

  it("are the equal slots of a grouped convolution's groups", () => {
    const graph = graphOf((b, from) =>
      b.conv("g", b.conv("a", from, { filters: 4 }), { filters: 6, groups: 2 }),
    );
    const network = initialize(graph, { seed: 1 });
    const [place] = placesOf(findGroups(graph), originsOf(network), "g", 1);
    expect(place?.channels).toEqual([1, 4]);
  });

  it("share every layer's channels out among the channels of its group", () => {
    assert(
      property(integer({ min: 1, max: 1000 }), integer({ min: 3, max: 14 }), (seed, steps) => {
        const network = randomNetwork(seed, steps);
        const table = findGroups(network);
        const origins = originsOf(network);
        for (const { id, size, layers } of table.groups) {
          const found = new Map<string, number[]>(layers.map((layer) => [layer, []]));
          for (let channel = 0; channel < size; channel++) {
            for (const { layer, channels } of placesOf(table, origins, id, channel)) {
              found.get(layer)?.push(...channels);
            }
          }
          for (const [layer, channels] of found) {
            const width = channelsOf(factsOf(network).get(layer)?.shape ?? []);
            expect(channels.toSorted((a, b) => a - b)).toEqual(
              Array.from({ length: width }, (_, i) => i),
            );
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
