/** @file Streams beside the rows, on the architectures that the page builds. */
import { describe, expect, it } from "vitest";
import { branchesOf, buildArchitecture, GraphBuilder } from "../model/index.ts";
import { preparePage } from "./planner.ts";
import { streamRows } from "./stream-rows.ts";

const opened = (name: string, criterion = "bn-scale") => {
  const network = buildArchitecture(name, 1);
  const { layers, streamsBeside } = preparePage(network, criterion, {});
  const streams = streamsBeside([...layers.keys()]);
  return { rows: layers.map((layer) => layer.name), streams, branches: branchesOf(network) };
};

describe("branches", () => {
  it.each([
    ["vgg16", 0, "sum"],
    ["resnet-20", 9, "sum"],
    ["preresnet-20", 6, "sum"],
    ["preresnet-164", 54, "sum"],
    ["densenet-40", 36, "concat"],
  ] as const)("of %s are its blocks", (name, count, kind) => {
    const { branches } = opened(name);
    expect(branches).toHaveLength(count);
    for (const branch of branches) {
      expect(branch.kind).toBe(kind);
      // The zoo names what is in a block after the block.
      const at = branch.join.replace(/\.(add|concat)$/, "");
      for (const node of branch.inside) expect(node.startsWith(`${at}.`)).toBe(true);
      expect([...branch.inside].some((node) => node.endsWith("conv1"))).toBe(true);
    }
  });

  it("have no shortcut where every way has a layer on it", () => {
    const b = new GraphBuilder();
    const x = b.input([4, 4, 3]);
    const ways = [b.conv("a", x, { filters: 2 }), b.conv("b", x, { filters: 3 })];
    let y = b.add("both", { kind: "concat" }, ...ways);
    y = b.add("pool", { kind: "globalAveragePool" }, y);
    const graph = b.finish("inception", b.add("fc", { kind: "dense", units: 2, bias: true }, y));
    expect(branchesOf(graph)).toEqual([]);
  });
});

describe("streams", () => {
  it.each(["resnet-20", "preresnet-20", "preresnet-164", "densenet-40", "densenet-16"])(
    "of %s fork and join once a block, with every row of the block beside them",
    (name) => {
      for (const criterion of ["bn-scale", "l1"]) {
        const { rows, streams, branches } = opened(name, criterion);
        const withRows = branches.filter(({ inside }) => rows.some((row) => inside.has(row)));
        const joins = streams.flatMap((stream) => (stream?.closes === true ? [stream.join] : []));
        expect(joins).toEqual(withRows.map(({ join }) => join));
        expect(streams.filter((stream) => stream?.opens)).toHaveLength(joins.length);
        rows.forEach((row, i) => {
          const stream = streams[i];
          const branch = withRows.find(({ inside }) => inside.has(row));
          expect(stream?.join).toBe(branch?.join);
          // Within a block nothing is left open.
          if (stream?.closes === false)
            expect(streams[i + 1]).toMatchObject({ opens: false, join: stream.join });
        });
      }
    },
  );

  it("of a dense block grow from layer to layer and go on", () => {
    const { streams } = opened("densenet-16");
    const dense = streams.filter((stream) => stream !== null);
    expect(dense.slice(0, 4).map(({ channels, goesOn }) => [channels, goesOn])).toEqual([
      [[24, 36], true],
      [[36, 48], true],
      [[48, 60], true],
      [[60, 72], false],
    ]);
  });

  it("are none in a plain network", () => {
    expect(opened("vgg16").streams.every((stream) => stream === null)).toBe(true);
    expect(streamRows([], ["a"])).toEqual([null]);
  });
});
