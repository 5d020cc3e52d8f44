/** @file A network that was cut and then folded still knows where its channels came from. */
import { describe, expect, it } from "vitest";
import { known, makeRandom } from "../core/index.ts";
import { exportNetwork } from "../files/index.ts";
import { buildArchitecture, type Network } from "../model/index.ts";
import {
  cutNetwork,
  findGroups,
  originsOf,
  planAt,
  planFromLists,
  preparePruning,
} from "../prune/index.ts";
import { withRandomWeights } from "../prune/testing/random-network.ts";
import { graphOf } from "../prune/testing/small-graphs.ts";
import { foldNetwork } from "./fold.ts";

const historyOf = ({ metadata }: Network) =>
  (metadata.surgery?.history ?? []).map(({ kind }) => kind);

describe("folding after a cut", () => {
  const graph = graphOf((b, from) => {
    const x = b.select("pick", b.bn("bn", b.conv("a", from, { filters: 6 })));
    return b.conv("b", b.relu("relu", x), { filters: 3 });
  });
  const network = withRandomWeights(graph, makeRandom(1));
  const table = findGroups(network);
  const lists = [
    ["pick", [1, 4, 5]],
    ["b", [0, 2]],
  ] as const;
  const cut = cutNetwork(network, planFromLists(table, lists)).network;

  it("gives the writer the origins of what was selected of it", () => {
    const { network: folded } = foldNetwork(cut);
    expect(folded.nodes.map(({ name }) => name)).not.toContain("pick");
    const origins = originsOf(folded);
    expect(origins.get("a")).toEqual({ node: "a", of: 6, channels: Int32Array.of(1, 4, 5) });
    expect(origins.get("b")).toEqual({ node: "b", of: 3, channels: Int32Array.of(0, 2) });
    expect(historyOf(folded)).toEqual(["cut", "folded"]);
  });

  it("says of a channel of zeros that it came from nowhere", () => {
    const nodes = cut.nodes.map((node) =>
      node.name === "pick"
        ? { ...node, op: { kind: "channelSelect" as const, indices: [4, -1, 1] } }
        : node,
    );
    const { network: folded } = foldNetwork({ ...cut, nodes });
    const origins = originsOf(folded);
    expect(origins.get("a")?.channels).toEqual(Int32Array.of(4, -1, 1));
    expect(origins.get("relu")?.channels).toEqual(Int32Array.of(4, -1, 1));
  });

  it("leaves a record that every format takes, whichever way selections go", async () => {
    const start = withRandomWeights(buildArchitecture("preresnet-11:width=0.25", 1), makeRandom(2));
    const plan = planAt(preparePruning(start, "bn-scale"), { ratio: 0.4 });
    const small = cutNetwork(start, plan).network;
    for (const columns of [false, true]) {
      const { network: folded } = foldNetwork(small, { columns });
      const before = originsOf(small);
      for (const [name, origin] of originsOf(folded)) {
        if (origin.channels.length !== before.get(name)?.channels.length) continue;
        expect(origin).toEqual(before.get(name));
      }
      for (const format of ["tfjs", "safetensors", "onnx"] as const) {
        await exportNetwork(folded, format);
      }
      const again = planAt(preparePruning(folded, "l1"), { ratio: 0.3 });
      const less = cutNetwork(folded, again).network;
      expect(known(less.metadata.surgery, "surgery").history).toHaveLength(3);
      await exportNetwork(less, "safetensors");
    }
    expect(historyOf(foldNetwork(start).network)).toEqual([]);
  });
});
