/** @file A recipe from outside is refused by field, and its defaults are Network Slimming's. */
import { describe, expect, it } from "vitest";
import { AppError, explain, known } from "../core/index.ts";
import { findGroups, planAllocation, planAt, prepareScores } from "../prune/index.ts";
import { blankNetwork, randomScores } from "../prune/testing/random-network.ts";
import {
  preset,
  PRESETS,
  readRecipe,
  recordRecipe,
  repairSettings,
  stageName,
  stagesOf,
  trainSettings,
} from "./index.ts";

const base = PRESETS["network-slimming"];

function refusal(value: unknown): string {
  try {
    readRecipe(value, "my.json");
  } catch (error) {
    if (error instanceof AppError) return explain(error);
  }
  return "accepted";
}

describe("recipes", () => {
  it("reads back every preset as it is", () => {
    for (const recipe of Object.values(PRESETS)) {
      expect(readRecipe(JSON.parse(JSON.stringify(recipe)), "preset")).toEqual(recipe);
    }
  });

  it("names the field that is wrong", () => {
    expect(refusal({ ...base, seed: -1 })).toContain("my.json › seed");
    expect(refusal({ ...base, regularizer: { kind: "l1" } })).toContain(
      "my.json › regularizer.kind",
    );
    expect(refusal({ ...base, training: { length: { epochs: 0 } } })).toContain("training.length");
    expect(refusal({ ...base, criterion: { name: "luck" } })).toContain(
      "my.json › criterion.name: there is no such criterion",
    );
    expect(refusal({ ...base, criterion: { name: "lp:p=-1" } })).toContain("criterion.name › p");
    expect(refusal({ ...base, criterion: { name: "lp:p=3" } })).toBe("accepted");
    expect(refusal({ ...base, surprise: 1 })).toContain("my.json › surprise");
    expect(refusal("text")).toContain("my.json");
  });

  it("holds every allocation with its options", () => {
    const options = {
      scope: "stage",
      rounding: { to: 8, how: "down" },
      minimumShare: 0.1,
      locked: ["conv1"],
      streams: "prune",
      decider: "shortcut",
      scoring: "greedy",
    } as const;
    const kinds = [
      { kind: "global-threshold", ratio: 0.5, mode: "reference" },
      { kind: "uniform", ratio: 0.3, keep: "round" },
      { kind: "list", layers: { conv1: { keep: 3 }, conv2: { ratio: 0.5 } } },
      { kind: "sensitivity", loss: 0.02 },
      { kind: "sensitivity", goal: { of: "parameters", share: 0.5 } },
      { kind: "sensitivity", goal: { of: "bytes", most: 1000 } },
      { kind: "target", of: "macs", share: 0.5 },
      { kind: "target", of: "macs", most: 1e6 },
    ] as const;
    for (const kind of kinds) {
      for (const allocation of [kind, { ...kind, ...options }]) {
        expect(readRecipe({ ...base, allocation }, "mine").allocation).toEqual(allocation);
      }
    }
  });

  it("names what is wrong with an allocation", () => {
    const why = (allocation: object) => refusal({ ...base, allocation });
    expect(why({ kind: "magic" })).toMatch(/allocation\.kind: .*"uniform".*found "magic"/);
    expect(why({ kind: "uniform" })).toMatch(/allocation\.ratio: .*a value, found nothing/);
    expect(why({ kind: "target", of: "macs" })).toMatch(/allocation\.share: .*found nothing/);
    expect(why({ kind: "target", of: "macs", share: 0.5, most: 3 })).toMatch(
      /allocation\.most: .*no such field/,
    );
    expect(why({ kind: "list", layers: { a: { ratio: "x" } } })).toMatch(
      /allocation\.layers\.a: .*either a ratio or a number to keep, found another object/,
    );
    expect(why({ kind: "list", layers: { a: { keep: 1.5 } } })).toMatch(
      /a whole number, found 1.5/,
    );
    expect(why({ kind: "sensitivity", goal: { of: "macs" } })).toMatch(/allocation\.(goal|loss)/);
    expect(why({ kind: "uniform", ratio: 0.5, locked: "conv1" })).toContain("allocation.locked");
  });

  it("is laid out pass by pass, each with shuffles of its own and half of each layer safe", () => {
    const once = stagesOf(known(base, "preset"));
    expect(once.map(stageName)).toEqual(["1-trained", "1-pruned", "1-repaired"]);
    expect(once[1]).toMatchObject({ minimumShare: 0 });
    const passes = stagesOf(known(PRESETS["network-slimming-multi-pass"], "preset"));
    expect(passes).toHaveLength(12);
    expect(passes.map((stage) => ("settings" in stage ? stage.settings.seed : null))).toEqual(
      [1, 2, 3, 4].flatMap((seed) => [seed, null, seed]),
    );
    expect(passes[10]).toEqual({ kind: "prune", pass: 4, minimumShare: 0.5 });
    const bare = { ...base, training: null, repair: { kind: "none" } };
    expect(stagesOf(readRecipe(bare, "bare")).map(stageName)).toEqual(["1-pruned"]);
    expect(refusal({ ...base, schedule: { kind: "multi-pass", passes: 0 } })).toContain("passes");
    expect(refusal({ ...base, repair: { kind: "none", dead: "alive" } })).toContain("repair.dead");
  });

  it("fills in what training leaves out", () => {
    const short = readRecipe({ ...base, training: { length: { steps: 5 } } }, "short");
    expect(trainSettings(short)).toMatchObject({
      length: { steps: 5 },
      batchSize: 64,
      learningRate: 0.1,
      momentum: 0.9,
      weightDecay: 1e-4,
      sparsity: { strength: 1e-4, form: "subgradient" },
    });
  });

  it("fine-tunes without the regularizer", () => {
    expect(repairSettings(preset("network-slimming"))?.sparsity.strength).toBe(0);
  });

  it("records what was done so that reading it gives the same settings", () => {
    const done = readRecipe(PRESETS["network-slimming"], "preset");
    const training = trainSettings(done);
    const repair = repairSettings(done);
    const again = readRecipe(recordRecipe("mine", { training, repair }), "record");
    expect([trainSettings(again), repairSettings(again)]).toEqual([training, repair]);
    expect(trainSettings(recordRecipe("nothing", {}))).toBeUndefined();
  });

  it("records a plan's allocation with the options under which it was made", () => {
    const network = blankNetwork("vgg11:width=0.0625");
    const table = findGroups(network);
    const options = { scope: "layer", locked: ["conv2"], rounding: { to: 2 } } as const;
    const prepared = prepareScores(table, "random", randomScores(table, 1), options);
    const allocation = { kind: "target", of: "macs", share: 0.6 } as const;
    const made = [
      planAllocation(prepared, allocation),
      planAt(prepared, { ratio: 0.5, mode: "reference" }),
    ];
    const records = made.map((plan) => readRecipe(recordRecipe("mine", { plan }), "record"));
    expect(records.map((record) => record.allocation)).toEqual([
      { ...allocation, ...options },
      { kind: "global-threshold", ratio: 0.5, mode: "reference", ...options },
    ]);
    records.forEach((record, i) => {
      const again = prepareScores(table, "random", randomScores(table, 1), record.allocation);
      expect(planAllocation(again, record.allocation).kept).toEqual(made[i]?.kept);
    });
  });

  it("names the presets there are when one is unknown", () => {
    expect(() => preset("constructor")).toThrow(AppError);
  });
});
