/** @file The papers' small networks have exactly the counts of docs/methods/allocation.md. */
import { describe, expect, it } from "vitest";
import { costOf } from "../model/index.ts";
import {
  applyPlan,
  costAt,
  findGroups,
  planAllocation,
  prepareScores,
  type Plan,
  type PruneOptions,
} from "../prune/index.ts";
import { blankNetwork, randomScores } from "../prune/testing/random-network.ts";
import { refusal } from "../prune/testing/small-graphs.ts";
import { preset } from "./index.ts";

const READY_MADE = [
  ["li-2017-vgg-16-a", "vgg16:head=512", 5_397_034, 206_279_680],
  ["li-2017-resnet-56-a", "resnet-56", 773_336, 112_435_840],
  ["li-2017-resnet-56-b", "resnet-56", 735_712, 90_907_264],
  ["li-2017-resnet-110-a", "resnet-110", 1_688_522, 212_779_648],
  ["li-2017-resnet-110-b", "resnet-110", 1_168_424, 155_124_352],
  ["network-slimming-compact-vgg", "vgg19", 885_934, 90_662_204],
] as const;

/** The plan that a preset makes of the network it is for, by scores that do not matter here. */
function carryOut(name: string, options: PruneOptions = {}) {
  const { architecture = "", criterion, ...rest } = preset(name);
  const allocation = { ...rest.allocation, ...options };
  const network = blankNetwork(architecture);
  const table = findGroups(network);
  const prepared = prepareScores(table, criterion.name, randomScores(table, 5), allocation);
  return { architecture, network, prepared, plan: planAllocation(prepared, allocation) };
}

const cutBy = ({ kept, sizes }: Plan): Record<string, number> =>
  Object.fromEntries(
    [...kept].flatMap(([id, { length }]) => (length === sizes.get(id) ? [] : [[id, length]])),
  );

describe("a ready-made network", () => {
  it.each(READY_MADE)("%s is %s with %d parameters and %d MACs", (name, from, parameters, macs) => {
    const { architecture, network, prepared, plan } = carryOut(name);
    expect(architecture).toBe(from);
    expect(plan.guarded).toEqual([]);
    expect(costAt(prepared, plan)).toMatchObject({ parameters, macs });
    expect(costOf(applyPlan(network, prepared.table, plan))).toMatchObject({ parameters, macs });
  });

  it("keeps the widths of Li's code: 14, 28 and 57 of A, 6, 22 and 57 of B", () => {
    const a = cutBy(carryOut("li-2017-resnet-56-a").plan);
    expect(a).toMatchObject({
      "layer1.0.conv1": 14,
      "layer2.1.conv1": 28,
      "layer3.7.conv1": 57,
    });
    // Convolutions 16, 20, 38 and 54 stay whole.
    const skipped = ["layer1.7.conv1", "layer2.0.conv1", "layer3.0.conv1", "layer3.8.conv1"];
    expect(skipped.filter((id) => id in a)).toEqual([]);
    expect(Object.keys(a)).toHaveLength(27 - 4);
    const b = cutBy(carryOut("li-2017-resnet-56-b").plan);
    expect([...new Set(Object.values(b))]).toEqual([6, 22, 57]);
    expect(Object.keys(b)).toHaveLength(27 - 6);
    expect(Object.keys(cutBy(carryOut("li-2017-resnet-110-a").plan))).toHaveLength(18 - 1);
  });

  it("is not bent to widths in steps: the paper's 22 is refused, Li's shares are rounded", () => {
    const rounding = { to: 8 };
    expect(refusal(() => carryOut("network-slimming-compact-vgg", { rounding }))).toMatch(
      /^prune\/bad-allocation \| list › conv1: .*16 or 24 channels to keep.*found 22/,
    );
    const widths = Object.values(cutBy(carryOut("li-2017-resnet-56-b", { rounding }).plan));
    expect([...new Set(widths)]).toEqual([8, 24, 56]);
  });
});
