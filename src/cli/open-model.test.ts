/** @file Which model flags are about, where a command opens several. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PRESETS } from "../recipe/index.ts";
import { makeWorld, words, type World } from "./testing/world.ts";

let world: World;
beforeAll(() => {
  world = makeWorld();
});
afterAll(() => world.remove());

async function refusal(...argv: string[]): Promise<string> {
  const { code, err } = await world.espalier(...argv);
  expect(code).toBe(1);
  return err.trim();
}

describe("--reading and --size", () => {
  const ARCHITECTURE = "resnet-20:width=0.125";
  const reading = ["--reading", "resnet-zeros-behind"];

  it("are about MODEL alone where a command takes two", async () => {
    const pth = world.at("net.pth");
    await world.json("convert", ARCHITECTURE, pth);
    const cut = world.at("cut.safetensors");
    const line = words("--criterion l1 --allocation uniform --ratio .25 -o");
    await world.json("prune", pth, ...reading, ...line, cut);
    const again = world.at("again.safetensors");
    await world.json("replay", pth, cut, ...reading, "-o", again);
    expect(await world.json("predict", again, "--limit", "2")).toEqual(
      await world.json("predict", cut, "--limit", "2"),
    );
  });

  it("are about the network that an experiment begins with, not about its stages", async () => {
    const pth = world.at("begin.pth");
    await world.json("convert", ARCHITECTURE, pth);
    const training = { ...PRESETS["li-2017"]?.training, length: { epochs: 1 }, batchSize: 36 };
    const allocation = { kind: "uniform", ratio: 0.25 };
    const recipe = world.write(
      "recipe.json",
      JSON.stringify({ ...PRESETS["li-2017"], training, allocation, repair: { kind: "none" } }),
    );
    const line = ["run", recipe, "--model", pth, ...reading, "-o", world.at("experiment")];
    expect(await world.espalier(...line)).toMatchObject({ code: 0 });
    expect(await world.espalier(...line, "--resume")).toMatchObject({ code: 0 });
    expect(await refusal(...line.slice(0, 4), "--size", "28x28", "-o", world.at("no"))).toMatch(
      /found 28 × 28/,
    );
  });
});
