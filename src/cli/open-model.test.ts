/** @file What MODEL may be beside a file: the folder of a bundle; and which model flags are about. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf } from "../files/bundle/testing/run-code.ts";
import { writeProject } from "../files/index.ts";
import { costOf } from "../model/index.ts";
import { PRESETS } from "../recipe/index.ts";
import { sampleProject } from "../storage/testing/projects.ts";
import { makeWorld, TINY, words, type World } from "./testing/world.ts";

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

describe("a project", () => {
  beforeAll(async () => {
    const { bytes } = await writeProject(sampleProject(), "tiny.espalier.zip");
    writeFileSync(world.at("tiny.espalier.zip"), bytes);
  });

  it("is the network that was on the page, or the run that is asked for", async () => {
    const path = world.at("tiny.espalier.zip");
    const { document, networks } = sampleProject();
    const parameters = networks.map((network) => costOf(network).parameters);
    const shown = await world.json("inspect", path);
    expect(shown).toMatchObject({ format: "zip", parameters: parameters[1] });
    expect(document.shown).toBe(2);
    expect(await world.json("inspect", path, "--run", "1")).toMatchObject({
      parameters: parameters[0],
    });
    expect(await refusal("inspect", path, "--run", "3")).toContain(
      "--run: an argument is wrong (expected one of 1 (Baseline), 2 (Cut at 50 %), 4 (Fine-tuned), found 3)",
    );
    expect(await refusal("inspect", TINY, "--run", "1")).toContain("--run: an argument is wrong");
  });
});

describe("a bundle that was unpacked", () => {
  /** Unpacks a bundle into a folder, some of its files changed or left out. */
  function unpack(folder: string, change: Readonly<Record<string, string | null>> = {}): string {
    for (const [name, bytes] of entriesOf(readFileSync(world.at("cut.bundle.zip")))) {
      const changed = change[name];
      if (changed === null) continue;
      mkdirSync(dirname(world.at(`${folder}/${name}`)), { recursive: true });
      writeFileSync(world.at(`${folder}/${name}`), changed ?? bytes);
    }
    return world.at(folder);
  }

  beforeAll(async () => {
    const line = `prune ${TINY} --preset network-slimming --ratio .5 -o`;
    await world.json(...words(line), world.at("cut.bundle.zip"));
  });

  it("opens by its folder and by its manifest, as the archive does", async () => {
    const whole = await world.json("predict", world.at("cut.bundle.zip"), "--limit", "2");
    const folder = unpack("unpacked");
    expect(await world.json("predict", folder, "--limit", "2")).toEqual(whole);
    expect(await world.json("predict", `${folder}/bundle.json`, "--limit", "2")).toEqual(whole);
    expect(await world.json("inspect", folder)).toMatchObject({ format: "tfjs" });
  });

  it("keeps its plan and its report when it is written again", async () => {
    const folder = unpack("kept");
    await world.json("convert", folder, world.at("again.bundle.zip"));
    const entries = entriesOf(readFileSync(world.at("again.bundle.zip")));
    const json = (name: string): unknown =>
      JSON.parse(new TextDecoder().decode(entries.get(name))) as unknown;
    const read = (name: string): unknown =>
      JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as unknown;
    expect(json("plan.json")).toEqual(read("plan.json"));
    expect(json("recipe.json")).toEqual(read("recipe.json"));
    expect(json("report.json")).toMatchObject({ criterion: "bn-scale" });
  });

  it("is held against its checksums, whether a file was changed or is not there", async () => {
    const shard = "tfjs/group1-shard1of1.bin";
    expect(await refusal("inspect", unpack("changed", { [shard]: "x" }))).toMatch(
      /group1-shard1of1\.bin: the checksum is wrong .*; open the bundle as it was downloaded\.$/,
    );
    expect(await refusal("inspect", unpack("missing", { [shard]: null }))).toMatch(
      /bundle\.json: a part is missing \(expected tfjs\/group1-shard1of1\.bin, found no such file\)/,
    );
    const manifest = readFileSync(world.at("changed/bundle.json"), "utf8");
    const astray = manifest.replaceAll("tfjs/model.json", "../model.json");
    world.write("model.json", "{}");
    expect(await refusal("inspect", unpack("astray", { "bundle.json": astray }))).toMatch(
      /a part is missing \(expected \.\.\/model\.json, found no such file\)/,
    );
    rmSync(world.at("model.json"));
  });
});

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
      /expected 28 × 28 × 3 images/,
    );
  });
});
