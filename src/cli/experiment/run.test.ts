/** @file A whole experiment from the command line: one pass and several, stopped and resumed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SurgeryRecord } from "../../model/index.ts";
import { PRESETS, type Recipe } from "../../recipe/index.ts";
import { hashesIn, makeWorld, TINY, words, type World } from "../testing/world.ts";
import type { RunRecord } from "./record.ts";

let world: World;
beforeAll(() => {
  world = makeWorld();
});
afterAll(() => world.remove());

const [SLIMMING, IN_PASSES] = [
  PRESETS["network-slimming"],
  PRESETS["network-slimming-multi-pass"],
] as [Recipe, Recipe];

/** A recipe with trainings of a few steps. */
function short(recipe: Recipe, more: Partial<Recipe> = {}): string {
  const training = { ...recipe.training, length: { epochs: 1 }, batchSize: 24, learningRate: 0.01 };
  const repair = { kind: "fine-tune", training };
  const text = JSON.stringify({ ...recipe, architecture: TINY, training, repair, ...more });
  return world.write("recipe.json", text);
}

interface Report {
  readonly stages: readonly {
    readonly stage: string;
    readonly parameters: number;
    readonly achieved?: number;
    readonly groups?: readonly { readonly of: number; readonly kept: readonly number[] }[];
  }[];
  readonly before: { readonly parameters: number; readonly accuracy: number };
  readonly after: { readonly parameters: number; readonly accuracy: number };
}

const reportIn = (folder: string): Report =>
  JSON.parse(readFileSync(world.at(`${folder}/report.json`), "utf8")) as Report;

const checkpointsIn = (folder: string): string[] =>
  readdirSync(world.at(folder)).filter((name) => name.includes("checkpoint"));

const run = (recipe: string, folder: string, ...more: string[]) =>
  world.espalier("run", recipe, "-o", world.at(folder), ...more);

describe("run", () => {
  it("trains, prunes and repairs, and reports", async () => {
    const { code, out } = await run(short(SLIMMING), "once", "--json");
    expect(code).toBe(0);
    const { stages, before, after } = reportIn("once");
    expect(stages.map(({ stage }) => stage)).toEqual(["1-trained", "1-pruned", "1-repaired"]);
    expect(stages[1]?.achieved).toBeCloseTo(0.7, 1);
    expect(stages[2]?.parameters).toBe(after.parameters);
    expect(after.parameters).toBeLessThan(before.parameters);
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => Object.keys(JSON.parse(line) as object)[0]),
    ).toEqual(["stage", "stage", "stage", "stage", "stage", "before"]);
    expect(await world.json("evaluate", world.at("once"))).toMatchObject({
      accuracy: after.accuracy,
    });
    expect(readdirSync(world.at("once/stages"))).toHaveLength(3);
  });

  it("goes through passes, of which none takes more than half of a layer, and ends with the same bits when it was stopped", async () => {
    const recipe = short(IN_PASSES, {
      schedule: { kind: "multi-pass", passes: 2, mostPerLayer: 0.5 },
    });
    expect((await run(recipe, "whole")).code).toBe(0);
    const { stages, before, after } = reportIn("whole");
    expect(stages.map(({ stage }) => stage)).toEqual([
      "1-trained",
      "1-pruned",
      "1-repaired",
      "2-trained",
      "2-pruned",
      "2-repaired",
    ]);
    for (const { groups = [] } of stages) {
      for (const { of, kept } of groups) expect(kept.length).toBeGreaterThanOrEqual(of / 2);
    }
    expect(stages[4]?.groups?.map(({ of }) => of)).toEqual(
      stages[1]?.groups?.map(({ kept }) => kept.length),
    );
    expect(after.parameters).toBeLessThan(before.parameters);

    world.interrupt = "at once";
    expect((await run(recipe, "parts")).code).toBe(130);
    world.interrupt = "after a line";
    for (let i = 0; i < 4; i++) {
      const { code, err } = await run(recipe, "parts", "--resume");
      expect({ code, err }).toMatchObject({ code: 130 });
    }
    world.interrupt = "never";
    expect((await run(recipe, "parts", "--resume")).code).toBe(0);
    for (const folder of ["", "/stages"]) {
      expect(hashesIn(world.at(`parts${folder}`))).toEqual(hashesIn(world.at(`whole${folder}`)));
    }
    expect(existsSync(world.at("parts/1-trained.checkpoint.zip"))).toBe(false);

    const model = JSON.parse(readFileSync(world.at("whole/model.json"), "utf8")) as {
      userDefinedMetadata: { espalier: { metadata: { surgery: SurgeryRecord } } };
    };
    const { history } = model.userDefinedMetadata.espalier.metadata.surgery;
    expect(history.map(({ kind }) => kind)).toEqual([
      "cut",
      "trained",
      "trained",
      "cut",
      "trained",
    ]);
  });

  it("keeps what was trained until the stage stands in the record", async () => {
    const recipe = short(SLIMMING);
    expect((await run(recipe, "undisturbed")).code).toBe(0);
    // Something is in the way of the stage's network, as a full disk would be.
    mkdirSync(world.at("late/stages/1-trained.safetensors.part"), { recursive: true });
    const failed = await run(recipe, "late");
    expect(failed).toMatchObject({ code: 1, out: expect.stringContaining("1-trained  epoch 1") });
    expect(readFileSync(world.at("late/run.json"), "utf8")).toContain('"stages": []');
    rmSync(world.at("late/stages/1-trained.safetensors.part"), { recursive: true });
    const { code, out, err } = await run(recipe, "late", "--resume");
    expect(code).toBe(0);
    // Nothing is trained twice.
    expect(out).not.toContain("1-trained  epoch");
    expect(err).toMatch(/1-trained: going on after step (\d+) of \1\n/);
    for (const folder of ["", "/stages"]) {
      expect(hashesIn(world.at(`late${folder}`))).toEqual(
        hashesIn(world.at(`undisturbed${folder}`)),
      );
    }
    expect(checkpointsIn("late")).toEqual([]);
  });

  it("does not go on with the training of another run that was left in the folder", async () => {
    // After the first step.
    world.interrupt = { looks: 3 };
    expect((await run(short(SLIMMING), "reused")).code).toBe(130);
    expect(checkpointsIn("reused")).toEqual(["1-trained.checkpoint.zip"]);
    world.interrupt = "never";
    rmSync(world.at("reused/run.json"));
    const other = short(SLIMMING, { seed: 9 });
    const { code, out, err } = await run(other, "reused");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(
      /reused\/1-trained\.checkpoint\.zip › recipe › seed: .*expected \d+, as the run began, found 9\); remove that file to train anew, or name another folder with -o\.\n$/,
    );
    // Refused before anything else of the new run is there.
    expect(existsSync(world.at("reused/run.json"))).toBe(false);
    rmSync(world.at("reused/1-trained.checkpoint.zip"));
    expect((await run(other, "reused")).code).toBe(0);
    expect((await run(other, "anew")).code).toBe(0);
    expect(hashesIn(world.at("reused"))).toEqual(hashesIn(world.at("anew")));
  });

  it("looks at the same images for a criterion, however many run at once", async () => {
    const recipe = short(SLIMMING, { criterion: { name: "mean-activation" } });
    expect((await run(recipe, "usual")).code).toBe(0);
    world.interrupt = "after a line";
    expect((await run(recipe, "few", "--batch", "8")).code).toBe(130);
    expect((await run(recipe, "few", "--batch", "8", "--resume")).code).toBe(130);
    // Before the first image is looked at for the criterion.
    world.interrupt = { looks: 1 };
    expect((await run(recipe, "few", "--batch", "8", "--resume")).code).toBe(130);
    expect(readdirSync(world.at("few/stages"))).toEqual(["1-trained.safetensors"]);
    world.interrupt = "never";
    expect((await run(recipe, "few", "--batch", "8", "--resume")).code).toBe(0);
    expect(hashesIn(world.at("few"))).toEqual(hashesIn(world.at("usual")));
    const record = JSON.parse(readFileSync(world.at("few/run.json"), "utf8")) as RunRecord;
    expect(record.run["looksAt"]).toEqual({ set: "training", count: 64, batch: 64 });
  });

  it("measures the curves that an allocation goes by, and puts in the selections that it asks for", async () => {
    const recipe = short(SLIMMING, {
      architecture: "preresnet-11:width=0.125",
      allocation: { kind: "sensitivity", loss: 0.5, streams: "select" },
    });
    expect((await run(recipe, "curves")).code).toBe(0);
    expect(reportIn("curves").stages[1]?.stage).toBe("1-pruned");
  });

  it("neither writes over a run nor goes on with another one, and needs somewhere to begin", async () => {
    const recipe = short(SLIMMING);
    const note = "80 of CIFAR-10's 50 000 training images are here\n";
    const refusal = async (...argv: string[]): Promise<string> => {
      const { code, err } = await world.espalier("run", ...argv);
      expect(code).toBe(1);
      expect(err.replace(note, "")).toMatch(/^[^\n]+\.\n$/);
      return err.replace(note, "");
    };
    const once = world.at("once");
    expect(await refusal(recipe, "-o", once)).toMatch(/^--resume: .*add --resume to go on/);
    const other = world.write("other.json", JSON.stringify({ ...SLIMMING, architecture: TINY }));
    expect(await refusal(other, "-o", once, "--resume")).toMatch(/run\.json › recipe › .*expected/);
    expect(await refusal("network-slimming", "-o", world.at("no"))).toMatch(/^--model MODEL: /);
    expect(await refusal(recipe, "-o", world.at("no.zip"))).toMatch(/expected a folder/);
    world.write("once/run.json", "{}");
    expect(await refusal(recipe, "-o", once, "--resume")).toMatch(/the record of a run/);
    expect(await refusal(...words("nowhere.json -o x"))).toMatch(/^nowhere\.json: /);
  });
});
