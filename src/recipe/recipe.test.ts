/** @file A recipe from outside is refused by field, and its defaults are Network Slimming's. */
import { describe, expect, it } from "vitest";
import { AppError, explain } from "../core/index.ts";
import {
  preset,
  PRESETS,
  readRecipe,
  recordRecipe,
  repairSettings,
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
    expect(refusal({ ...base, surprise: 1 })).toContain("my.json › surprise");
    expect(refusal("text")).toContain("my.json");
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

  it("names the presets there are when one is unknown", () => {
    expect(() => preset("constructor")).toThrow(AppError);
  });
});
