/** @file The line about a channel. */
import { expect, it } from "vitest";
import { buildArchitecture } from "../../model/index.ts";
import { cutNetwork, planAt, preparePruning } from "../../prune/index.ts";
import { channelFacts } from "../../state/channel.ts";
import { preparePage } from "../../state/planner.ts";
import { makeSparseNetwork } from "../../state/testing/fake-network.ts";
import { channelLine, channelSpoken, originName } from "./channel-words.ts";

it("says which channel, what it scores, and whether it stays", () => {
  const pruning = preparePage(makeSparseNetwork(), "bn-scale");
  const index = pruning.layers.length - 1;
  const { of, own, name } = pruning.layers[index] ?? { of: 0, own: [], name: "" };
  const half = pruning.at(0.5);
  const kept = half.kept[index] ?? 0;
  const line = (rank: number): string => {
    const facts = channelFacts(pruning, half, index, rank);
    return facts === null ? "" : channelLine(facts);
  };
  const [best] = [...own.keys()].toSorted((a, b) => (own[b] ?? 0) - (own[a] ?? 0));
  expect(line(0)).toMatch(
    new RegExp(`^${name}, channel ${best} · \\d\\.\\d+, rank 1 of ${of} · kept$`),
  );
  const first = channelFacts(pruning, half, index, 0);
  expect(first === null ? "" : channelSpoken(first)).toMatch(
    new RegExp(`^${name}, channel ${best}, score \\d\\.\\d+, rank 1 of ${of}, kept$`),
  );
  expect(line(kept - 1)).toMatch(/· kept$/);
  expect(line(kept)).toMatch(/· removed$/);
  expect(line(of)).toBe("");
});

it("says where a channel came from once the network was cut", () => {
  const network = makeSparseNetwork();
  const prepared = preparePruning(network, "bn-scale");
  const plan = planAt(prepared, { ratio: 0.5 });
  const pruning = preparePage(cutNetwork(network, plan).network, "bn-scale");
  const { name } = pruning.layers[8] ?? { name: "" };
  const facts = channelFacts(pruning, null, 8, 0);
  const before = plan.kept.get(name)?.[facts?.channel ?? -1];
  expect(facts?.places.map(originName)).toEqual([String(before)]);
  expect(facts === null ? "" : channelLine(facts)).toContain(`(${before} before the cut)`);
});

it("says when more than one layer goes with it", () => {
  const network = buildArchitecture("resnet-20:width=0.25", 1);
  const pruning = preparePage(network, "l1", { streams: "prune" });
  const facts = channelFacts(pruning, null, 0, 2);
  expect(facts?.places.length).toBeGreaterThan(2);
  expect(facts === null ? "" : channelLine(facts)).toMatch(/· together with \d+ more layers$/);
});
