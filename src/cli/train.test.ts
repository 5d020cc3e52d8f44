/** @file Training on synthetic images: lines, stop and resume to the same bits, what is written. */
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashesIn, makeWorld, TEST_IMAGES, TINY, words, type World } from "./testing/world.ts";

let world: World;
beforeAll(() => {
  world = makeWorld();
});
afterAll(() => world.remove());

// 72 training images: nine steps an epoch.
const RUN = ["--epochs", "3", "--batch", "8", "--lr", "0.02", "--sparsity", "1e-3", "--json"];
const train = (out: string, ...more: string[]) =>
  world.espalier("train", TINY, "-o", world.at(out), ...RUN, ...more);

/** The only thing that is said beside the answer. */
const NOTE = "80 of CIFAR-10's 50 000 training images are here\n";

interface Line {
  readonly epoch: number;
  readonly step: number;
  readonly imagesPerSecond: number;
}
const linesOf = (out: string): Line[] =>
  out
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
const withoutRate = (line: Line): Line => ({ ...line, imagesPerSecond: 0 });

describe("train", () => {
  it("ends with the same bits whether or not it was stopped", async () => {
    const whole = await train("whole");
    expect(whole).toMatchObject({ code: 0, err: NOTE });
    const lines = linesOf(whole.out);
    expect(Object.keys(lines[0] ?? {})).toEqual([
      "epoch",
      "step",
      "loss",
      "accuracy",
      "validation",
      "imagesPerSecond",
    ]);
    expect(lines.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 9],
      [2, 18],
      [3, 27],
    ]);

    world.interrupt = "at once";
    const first = await train("parts");
    expect(first.code).toBe(130);
    expect(first.err).toMatch(/stopped after step [1-8]; the same command with --resume/);
    expect(existsSync(world.at("parts/model.json"))).toBe(false);
    world.interrupt = "after a line";
    const second = await train("parts", "--resume");
    expect(second.code).toBe(130);
    expect(second.err).toContain("stopped after step 9");
    world.interrupt = "never";
    const third = await train("parts", "--resume");
    expect(third.code).toBe(0);

    expect(hashesIn(world.at("parts"))).toEqual(hashesIn(world.at("whole")));
    const told = [first, second, third].flatMap(({ out }) => linesOf(out)).map(withoutRate);
    expect(told).toEqual(lines.map(withoutRate));
    const again = await train("parts", "--resume");
    expect(again).toMatchObject({ code: 0, out: "" });
    expect(hashesIn(world.at("parts"))).toEqual(hashesIn(world.at("whole")));
  });

  it("writes what it was made of, and what a network for these images needs", async () => {
    const model = JSON.parse(readFileSync(world.at("whole/model.json"), "utf8")) as {
      userDefinedMetadata: { espalier: { metadata: Record<string, unknown> } };
    };
    const { metadata } = model.userDefinedMetadata.espalier;
    expect(metadata).toMatchObject({
      normalization: { mean: [0.4914, 0.4822, 0.4465] },
      provenance: { trained: { steps: 27, ended: "finished", settings: { learningRate: 0.02 } } },
    });
    expect(metadata["classes"]).toHaveLength(10);
    expect(await world.json("evaluate", world.at("whole"))).toMatchObject({ count: TEST_IMAGES });
  });

  it("neither forgets a stopped run nor goes on with another one", async () => {
    world.interrupt = "at once";
    await train("left");
    world.interrupt = "never";
    const anew = await train("left");
    expect(anew.code).toBe(1);
    expect(anew.err).toMatch(/stopped after step .* add --resume/);
    const other = await train("left", "--resume", "--lr", "0.5");
    expect(other.code).toBe(1);
    expect(other.err).toMatch(/settings › learningRate.*expected 0\.02.*found 0\.5/);
    const none = await train("fresh", "--resume", "--epochs", "1");
    expect(none.code).toBe(0);
    expect(none.err).toContain("starts from its beginning");
  });

  it("trains a pruned network further", async () => {
    const prune = `prune ${world.at("whole")} --preset network-slimming --ratio .3`;
    await world.json(...words(prune), "-o", world.at("cut"));
    const tuned = await world.espalier(
      ...words(`train ${world.at("cut")} --steps 2 --batch 8 --no-augment`),
      "-o",
      world.at("tuned.safetensors"),
    );
    expect(tuned).toMatchObject({ code: 0, err: NOTE });
    expect(tuned.out).toMatch(/epoch 1 {2}step 2 .*\nwrote tuned\.safetensors/);
    const before = (await world.json("inspect", world.at("cut"))) as { parameters: number };
    const after = await world.json("inspect", world.at("tuned.safetensors"));
    expect(after).toMatchObject({ parameters: before.parameters, format: "safetensors" });
  });
});
