import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildArchitecture, costOf } from "../model/index.ts";
import { applyPlan, networkFor, planAt, preparePruning } from "../prune/index.ts";
import { blocksOf, compareBlocks, isChanged } from "./blocks.ts";

const NAMES = ["vgg16:width=0.25", "resnet-20", "preresnet-20", "densenet-16"];

describe("blocks of a network", () => {
  it.each(NAMES)("hold every node of %s once, with all parameters and MACs", (name) => {
    const network = buildArchitecture(name, 1);
    const blocks = blocksOf(network);
    const nodes = blocks.flatMap(({ parts }) => parts.map((part) => part.name));
    expect(nodes.toSorted()).toEqual(network.nodes.map((node) => node.name).toSorted());
    const sum = (amount: "parameters" | "macs"): number =>
      blocks.reduce((total, block) => total + block[amount], 0);
    const cost = costOf(network);
    expect([sum("parameters"), sum("macs")]).toEqual([cost.parameters, cost.macs]);
  });

  it.each(NAMES)("stand behind all that they read in %s", (name) => {
    const seen = new Set<string>();
    for (const { id, sources } of blocksOf(buildArchitecture(name, 1))) {
      expect(sources.every((source) => seen.has(source))).toBe(true);
      seen.add(id);
    }
  });

  it("put a convolution together with its batch norm and ReLU", () => {
    const [, first] = blocksOf(buildArchitecture("vgg16:width=0.25", 1));
    expect(first?.parts.map(({ op }) => op.kind)).toEqual(["conv2d", "batchNorm", "relu"]);
  });
});

describe("two networks compared", () => {
  it("are the same block by block when nothing was cut", () => {
    const network = buildArchitecture("resnet-20", 1);
    const { blocks, edges } = compareBlocks(network, network);
    expect(blocks.some(isChanged)).toBe(false);
    expect(edges.every(({ isThere }) => isThere)).toBe(true);
  });

  it("show a block that has gone, with the lines that it had", () => {
    const was = buildArchitecture("vgg16:width=0.25", 1);
    const now = buildArchitecture("vgg13:width=0.25", 1);
    const { blocks, edges } = compareBlocks(now, was);
    const gone = blocks.filter((pair) => pair.now === null).map(({ id }) => id);
    const names = new Set(blocksOf(now).map(({ id }) => id));
    expect(gone).toEqual(
      blocksOf(was)
        .map(({ id }) => id)
        .filter((id) => !names.has(id)),
    );
    expect(gone.length).toBeGreaterThan(0);
    for (const id of gone)
      expect(edges.some(({ to, isThere }) => to === id && !isThere)).toBe(true);
  });

  it("align whatever was cut by name, and count what is left", () => {
    const choose = fc.record({
      name: fc.constantFrom("vgg16:width=0.25", "resnet-20", "preresnet-20", "densenet-16"),
      ratio: fc.double({ min: 0.1, max: 0.8, noNaN: true }),
      streams: fc.constantFrom("keep" as const, "select" as const, "prune" as const),
    });
    fc.assert(
      fc.property(choose, ({ name, ratio, streams }) => {
        const was = buildArchitecture(name, 1);
        const readied = networkFor(was, streams);
        const prepared = preparePruning(readied, "l1", { streams });
        const now = applyPlan(readied, prepared.table, planAt(prepared, { ratio }));
        const { blocks, edges } = compareBlocks(now, was);
        const ids = new Set(blocks.map(({ id }) => id));
        expect(ids.size).toBe(blocks.length);
        expect(edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
        for (const pair of blocks) {
          // Selections alone are new: what reads them is what it was.
          const kinds = pair.now?.parts.map(({ op }) => op.kind) ?? [];
          expect(pair.isNew).toBe(pair.was === null);
          if (pair.isNew) expect(new Set(kinds)).toEqual(new Set(["channelSelect"]));
          expect(pair.now).not.toBeNull();
          expect(pair.now?.parameters ?? 0).toBeLessThanOrEqual(pair.was?.parameters ?? Infinity);
        }
        expect(blocks.some(isChanged)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });
});
