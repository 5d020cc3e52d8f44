/** @file Groups of odd graphs. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { GraphBuilder, initialize, parseArchitecture, type Coupling } from "../model/index.ts";
import { relu } from "../model/ops/activation.ts";
import { applyPlan } from "./apply.ts";
import { classesOf, findGroups, findLayers, groupNamed } from "./groups.ts";
import { keptOf, planFromLists } from "./plan.ts";
import { graphOf, refusal } from "./testing/small-graphs.ts";

describe("groups", () => {
  it("align a concatenation with what is added to it", () => {
    const graph = graphOf((b, from) => {
      const [a, c] = [b.conv("a", from, { filters: 2 }), b.conv("b", from, { filters: 2 })];
      const both = b.add("both", { kind: "concat" }, a, c);
      return b.add("sum", { kind: "add" }, both, b.conv("c", from, { filters: 4 }));
    });
    const table = findGroups(graph);
    expect(
      table.groups.map(({ id, layers, size, stream }) => ({ id, layers, size, stream })),
    ).toEqual([
      { id: "input", layers: ["input"], size: 3, stream: false },
      { id: "a", layers: ["a", "b", "c"], size: 4, stream: true },
      { id: "fc", layers: ["fc"], size: 2, stream: false },
    ]);
    const group = table.byId.get("a");
    expect(group?.readers).toEqual(["fc"]);
    const local = (node: string): number[] =>
      [...classesOf(table, node)].map((c) => c - (group?.start ?? 0));
    expect([local("a"), local("b"), local("c")]).toEqual([
      [0, 1],
      [2, 3],
      [0, 1, 2, 3],
    ]);
  });

  it("leave what is only laid side by side apart", () => {
    const graph = graphOf((b, from) =>
      b.add(
        "both",
        { kind: "concat" },
        b.conv("a", from, { filters: 2 }),
        b.conv("b", from, { filters: 2 }),
      ),
    );
    expect(findGroups(graph).groups.map(({ id }) => id)).toEqual(["input", "a", "b", "fc"]);
  });

  it("fix the image, what is added to it, and the answer", () => {
    const graph = graphOf((b, from) => {
      const x = b.add("sum", { kind: "add" }, from, b.conv("a", from, { filters: 3 }));
      return b.conv("b", x, { filters: 4 });
    });
    expect(findGroups(graph).groups.map(({ id, reason }) => [id, reason])).toEqual([
      ["input", "input"],
      ["b", undefined],
      ["fc", "output"],
    ]);
  });

  it("fix the logits below a softmax, and what a softmax in the middle weighs", () => {
    const b = new GraphBuilder();
    let x = b.add("pool", { kind: "globalAveragePool" }, b.input([4, 4, 3]));
    x = b.add("d1", { kind: "dense", units: 4, bias: true }, x);
    x = b.add("attend", { kind: "softmax" }, x);
    x = b.add("d2", { kind: "dense", units: 2, bias: true }, x);
    const table = findGroups(b.finish("softmaxes", b.add("answer", { kind: "softmax" }, x)));
    expect(table.groups.map(({ id, reason }) => [id, reason])).toEqual([
      ["input", "input"],
      ["d1", "mixed"],
      ["d2", "output"],
    ]);
  });

  it("keep a grouped convolution's groups equally wide, in and out", () => {
    const graph = graphOf((b, from) => {
      const x = b.conv("a", from, { filters: 4 });
      return b.conv("g", x, { filters: 6, groups: 2 });
    });
    const table = findGroups(graph);
    expect(table.groups.map(({ id, size }) => [id, size])).toEqual([
      ["input", 3],
      ["a", 2],
      ["g", 3],
      ["fc", 2],
    ]);
    const network = initialize(graph, { seed: 1 });
    const plan = planFromLists(table, [
      ["a", [1]],
      ["g", [0, 2]],
    ]);
    expect([...keptOf(table, plan, "g")]).toEqual([0, 2, 3, 5]);
    const cut = applyPlan(network, table, plan);
    expect(cut.weights.get("g/kernel")?.shape).toEqual([3, 3, 1, 4]);
    const [large, small] = [network, cut].map(
      ({ weights }) => weights.get("g/kernel")?.values ?? [],
    );
    // Row 1 (the second slot of each group), columns 0, 2, 3, 5 of the first tap.
    expect([...(small ?? [])].slice(0, 4)).toEqual([0, 2, 3, 5].map((j) => large?.[6 + j]));
  });

  it("are found once for a graph", () => {
    const graph = graphOf((b, from) => b.conv("a", from, { filters: 2 }));
    expect(findGroups(graph)).toBe(findGroups({ ...graph, name: "renamed" }));
    expect(findGroups({ ...graph, output: "pool" })).not.toBe(findGroups(graph));
    expect(structuredClone(findGroups(graph))).toEqual(findGroups(graph));
  });
});

describe("what binds a group", () => {
  const tableOf = (name: string) => findGroups(parseArchitecture(name)?.graph ?? expect.fail(name));

  it("is every addition of its stream", () => {
    const table = tableOf("resnet-20");
    expect(table.byId.get("conv1")?.joints).toEqual([0, 1, 2].map((i) => `layer1.${i}.add`));
    expect(table.byId.get("layer1.0.conv1")?.joints).toEqual([]);
  });

  it("is the grouped convolution, on both of its sides", () => {
    const graph = graphOf((b, from) =>
      b.conv("g", b.conv("a", from, { filters: 4 }), { filters: 6, groups: 2 }),
    );
    const { byId } = findGroups(graph);
    expect([byId.get("a")?.joints, byId.get("g")?.joints]).toEqual([["g"], ["g"]]);
    expect(byId.get("a")?.stream).toBe(false);
  });

  it("binds nothing where every layer stands for itself", () => {
    const { graph } = parseArchitecture("resnet-20") ?? expect.fail();
    const table = findLayers(graph);
    expect(table.groups.every(({ layers, stream }) => layers.length === 1 && !stream)).toBe(true);
    expect(table.groups.map(({ id }) => id)).toContain("layer1.1.conv2");
  });
});

describe("a name", () => {
  const graph = graphOf((b, from) => {
    const x = b.bn("bn", b.conv("a", from, { filters: 2 }));
    const side = b.conv("b", from, { filters: 2 });
    return b.add("both", { kind: "concat" }, b.relu("relu", x), side);
  });
  const table = findGroups(graph);

  it("means the group that the node's channels are of", () => {
    expect(["a", "bn", "relu", "b", "fc"].map((name) => groupNamed(table, name).id)).toEqual([
      "a",
      "a",
      "a",
      "b",
      "fc",
    ]);
  });

  it("is refused where it means none, or several", () => {
    expect(refusal(() => groupNamed(table, "conv9"))).toMatch(
      /^prune\/unknown-group \| small › conv9: .*such as a, b, found no layer/,
    );
    expect(refusal(() => groupNamed(table, "both"))).toContain("found 2 groups side by side");
  });
});

describe("an op that couples in an unknown way", () => {
  afterEach(() => vi.restoreAllMocks());

  it("is refused by name, with the layers that it couples", () => {
    const strange = { kind: "shuffles" } as unknown as Coupling;
    vi.spyOn(relu, "coupling").mockReturnValue(strange);
    const graph = graphOf((b, from) => b.relu("mix", b.conv("a", from, { filters: 2 })));
    expect(refusal(() => findGroups(graph))).toBe(
      "prune/unknown-coupling | group of a › mix: it is not known which channels go together here, so " +
        "nothing was cut (expected an op that passes, opens, ties, joins, repeats or tiles channels, " +
        'found relu, which couples them by "shuffles"); replace this op, or prune the network without it.',
    );
  });
});
