/** @file What makes a channel: filters, batch norms, twins, and where its map is to be seen. */
import { assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { makeRandom } from "../core/index.ts";
import { buildArchitecture, initialize, tensorName } from "../model/index.ts";
import { anatomyOf, nearestFilter } from "./anatomy.ts";
import { withRandomWeights } from "./testing/random-network.ts";
import { graphOf } from "./testing/small-graphs.ts";

const graph = graphOf((b, from) => {
  const x = b.relu("r1", b.bn("bn1", b.conv("a", from, { filters: 4 })));
  return b.maxPool("pool1", b.relu("r2", b.bn("bn2", b.conv("b", x, { filters: 6 }))), 2, 2);
});
const network = withRandomWeights(graph, makeRandom(3));

describe("a channel's anatomy", () => {
  it("is its column of the kernel, with its entries in the batch norm behind it", () => {
    const { filter, norm, seenAt } = anatomyOf(network, "b", 5);
    const kernel = network.weights.get(tensorName("b", "kernel"))?.values ?? [];
    const column = [...kernel].filter((_, i) => i % 6 === 5);
    expect([filter?.height, filter?.width, filter?.inputs]).toEqual([3, 3, 4]);
    expect([...(filter?.values ?? [])]).toEqual(column);
    expect(filter?.l1).toBeCloseTo(
      column.reduce((sum, w) => sum + Math.abs(w), 0),
      5,
    );
    expect(norm?.node).toBe("bn2");
    expect(norm?.variance).toBe(network.weights.get("bn2/variance")?.values[5]);
    // Before the pooling, which makes another map of it.
    expect(seenAt).toBe("r2");
  });

  it("has no filter for a selection, and the batch norm's entry that it selects", () => {
    const preresnet = buildArchitecture("preresnet-20", 1);
    const { filter, norm, seenAt } = anatomyOf(preresnet, "layer2.0.select", 7);
    expect([filter, norm?.node, seenAt]).toEqual([null, "layer2.0.bn1", "layer2.0.relu1"]);
  });

  it("leaves out a batch norm that is not the channel's own", () => {
    const preresnet = buildArchitecture("preresnet-20", 1);
    const { norm, seenAt } = anatomyOf(preresnet, "layer1.0.conv3", 0);
    expect([norm, seenAt]).toEqual([null, "layer1.0.conv3"]);
  });
});

describe("a twin", () => {
  it("is the filter at the least distance of all", () => {
    assert(
      property(integer({ min: 0, max: 5 }), integer({ min: 1, max: 1000 }), (channel, seed) => {
        const drawn = withRandomWeights(graph, makeRandom(seed));
        const twin = nearestFilter(drawn, "b", channel);
        const filterOf = (c: number) => anatomyOf(drawn, "b", c).filter?.values ?? [];
        const distances = [0, 1, 2, 3, 4, 5].map((other) => {
          const [own, others] = [filterOf(channel), filterOf(other)];
          return Math.hypot(...own.map((w, i) => w - (others[i] ?? 0)));
        });
        const least = Math.min(...distances.filter((_, other) => other !== channel));
        expect(twin?.distance).toBeCloseTo(least, 4);
        expect(twin?.channel).toBe(distances.indexOf(least));
      }),
      { numRuns: 20 },
    );
  });

  it("is none where a layer has one channel, or no weights", () => {
    const lone = graphOf((b, from) => b.conv("a", from, { filters: 1 }));
    expect(nearestFilter(initialize(lone, { seed: 1 }), "a", 0)).toBeNull();
    expect(nearestFilter(buildArchitecture("preresnet-20", 1), "layer1.0.select", 0)).toBeNull();
  });
});
