/** @file Every bad input of the list, through the command line: exit code 1 and one useful sentence. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cifarBytes } from "../files/testing/samples.ts";
import { hashesIn, makeWorld, TINY, words, type World } from "./testing/world.ts";

let world: World;
beforeAll(async () => {
  world = makeWorld();
  await world.json("convert", TINY, world.at("good"));
  await world.json("convert", TINY, world.at("good.safetensors"));
});
afterAll(() => world.remove());

/** The one line of a refusal. */
async function refusal(...argv: string[]): Promise<string> {
  const { code, out, err } = await world.espalier(...argv);
  expect(out).toBe("");
  expect(err).toMatch(/^[^\n]+\.\n$/);
  expect(err).not.toMatch(/undefined|internal|mistake|\bdrop\b/);
  expect(code).toBe(1);
  return err.trim();
}

/** A copy of the good layers model with one file changed. */
function damaged(
  name: string,
  change: (model: string, shard: Uint8Array) => [string, Uint8Array?],
) {
  const folder = world.at(name);
  mkdirSync(folder);
  const shardName = "group1-shard1of1.bin";
  const model = readFileSync(world.at("good/model.json"), "utf8");
  const [json, shard] = change(model, new Uint8Array(readFileSync(world.at(`good/${shardName}`))));
  writeFileSync(`${folder}/model.json`, json);
  if (shard !== undefined) writeFileSync(`${folder}/${shardName}`, shard);
  return folder;
}

describe("arguments", () => {
  it("refuses unknown commands and flags by name", async () => {
    expect(await refusal("prnue", TINY)).toMatch(/^prnue: .*did you mean prune\.$/);
    expect(await refusal("--json", "inspect")).toMatch(/^--json: /);
    expect(await refusal("inspect", TINY, "--jsn")).toMatch(/^--jsn: .*did you mean --json\.$/);
    expect(await refusal("evaluate", TINY, "--backend", "gpu")).toMatch(/^--backend: .*found gpu/);
    expect(await refusal("evaluate", TINY, "--backend", "webgpu")).toContain("use --backend wasm");
    expect(await refusal("evaluate", TINY, "--limit", "0")).toMatch(/^--limit: /);
    expect(await refusal("evaluate", TINY, "--normalize", "1,1/0,0")).toMatch(/^--normalize: /);
    expect(await refusal("score", TINY, "--criterion", "luck")).toMatch(
      /^--criterion: there is no such criterion .*found luck/,
    );
    expect(await refusal("score", TINY, "--criterion", "lp:q=1")).toMatch(
      /^--criterion › q: .*expected one of p, form, reduce, normalise, found q/,
    );
    expect(await refusal("score", TINY, "--criterion", "apoz", "--images", "all")).toMatch(
      /^--images: .*expected one of test, training, found all/,
    );
    expect(await refusal("score", TINY, "--criterion", "apoz", "--steps", "0")).toMatch(
      /^--steps: /,
    );
    expect(await refusal("score", TINY, "--criterion", "apoz", "--data", world.at("good"))).toMatch(
      /test_batch\.bin/,
    );
    expect(await refusal("prune", TINY, "--ratio", ".5", "-o", "x")).toContain("--preset");
    expect(await refusal("prune", TINY, "--preset", "magic", "-o", "x")).toMatch(/^magic: /);
    expect(await refusal("convert", TINY, "net.h5")).toMatch(/^net\.h5: /);
  });

  it.each(["-1", "1", "NaN", "", "half"])("refuses the ratio %j", async (ratio) => {
    const error = await refusal(
      ...words(`prune ${TINY} --preset network-slimming -o ${world.at("no")} --ratio=${ratio}`),
    );
    expect(error).toMatch(/^--ratio: the ratio is out of range/);
  });

  it("needs -o, and does not write over the model", async () => {
    const prune = ["prune", world.at("good"), "--preset", "network-slimming", "--ratio", ".5"];
    expect(await refusal(...prune)).toMatch(/^-o OUT: /);
    const before = hashesIn(world.at("good"));
    expect(await refusal(...prune, "-o", world.at("good"))).toContain("the model itself");
    expect(await refusal(...prune, "-o", world.at("good/model.json/x"))).toContain("a file where");
    expect(hashesIn(world.at("good"))).toEqual(before);
  });
});

describe("models", () => {
  it("refuses what is no model, by name", async () => {
    const html = world.write("page.json", "<!doctype html><html></html>");
    expect(await refusal("inspect", world.write("empty.json", ""))).toContain("the file is empty");
    expect(await refusal("inspect", html)).toMatch(/page\.json: .*HTML/);
    expect(await refusal("inspect", world.at("nowhere.json"))).toContain("no such file");
    expect(await refusal("inspect", "vgg17")).toMatch(/^vgg17: there is no such architecture/);
    expect(await refusal("inspect", world.at("data"))).toContain("a folder with a model.json");
    const images = world.at("data/cifar-10/test_batch.bin");
    expect(await refusal("inspect", images)).toContain("a set of images");
  });

  it("refuses truncated, missing and disagreeing parts", async () => {
    const cut = damaged("cut", (model, shard) => [model, shard.subarray(0, -5)]);
    expect(await refusal("evaluate", cut)).toMatch(/cut.*(short|bytes)/);
    const lost = damaged("lost", (model) => [model]);
    expect(await refusal("evaluate", lost)).toMatch(/lost.*put the shards beside model\.json\.$/);
    const wrongType = damaged("dtype", (model, shard) => [
      model.replaceAll('"dtype":"float32"', '"dtype":"complex64"'),
      shard,
    ]);
    expect(await refusal("evaluate", wrongType)).toMatch(/dtype.*complex64/);
    const shape = damaged("shape", (model, shard) => [
      model.replace('"shape":[3,3,3,2]', '"shape":[3,3,2,3]'),
      shard,
    ]);
    expect(await refusal("evaluate", shape)).toMatch(/model\.json/);
    const nan = damaged("nan", (model, shard) => {
      new DataView(shard.buffer).setFloat32(0, NaN, true);
      return [model, shard];
    });
    expect(await refusal("evaluate", nan)).toContain("not finite");
    const half = readFileSync(world.at("good.safetensors")).subarray(0, 900);
    expect(await refusal("inspect", world.write("half.safetensors", half))).toMatch(/half/);
  });

  it("does not read outside the model's folder", async () => {
    const outside = damaged("outside", (model) => [
      model.replace("group1-shard1of1.bin", "../good/group1-shard1of1.bin"),
    ]);
    expect(await refusal("inspect", outside)).toContain("expected shards beside the model");
  });
});

describe("images", () => {
  const evaluate = (data: string) => refusal("evaluate", TINY, "--data", data);

  it("refuses what is missing, damaged or of the wrong kind", async () => {
    expect(await evaluate(world.at("nothing-here"))).toContain("npm run setup");
    mkdirSync(world.at("no-images"));
    expect(await evaluate(world.at("no-images"))).toContain("test_batch.bin");
    mkdirSync(world.at("cut-images"));
    world.write("cut-images/test_batch.bin", cifarBytes(3).subarray(0, -1));
    expect(await evaluate(world.at("cut-images"))).toMatch(/test_batch\.bin: .*multiple of/);
    mkdirSync(world.at("bad-label"));
    const bytes = cifarBytes(3);
    bytes[3073] = 10;
    world.write("bad-label/test_batch.bin", bytes);
    expect(await evaluate(world.at("bad-label"))).toMatch(/image 1 .*found 10/);
    mkdirSync(world.at("pickle"));
    const pickle = Uint8Array.from([0x80, 0x02, 0x7d, 0x71, 0x01, 0x28, 0x55, 0x0b]);
    world.write("pickle/test_batch", pickle);
    expect(await evaluate(world.at("pickle"))).toMatch(/Python/);
  });

  it("refuses a network that they do not fit", async () => {
    const error = await refusal("evaluate", `${TINY},classes=100`);
    expect(error).toContain("100 classes");
  });
});

describe("training", () => {
  const train = (...more: string[]) => refusal("train", TINY, "-o", world.at("trained"), ...more);

  it("refuses settings out of range before it reads anything", async () => {
    expect(await train("--lr", "-1")).toMatch(/learningRate/);
    expect(await train("--lr", "fast")).toMatch(/^--lr: .*found fast/);
    expect(await train("--epochs", "0")).toMatch(/epochs/);
    expect(await train("--epochs", "1", "--steps", "1")).toMatch(/^--steps: /);
    expect(await train("--schedule", "linear")).toMatch(/^--schedule: /);
    const recipe = world.write("bad-recipe.json", '{"version":1,"name":3}');
    expect(await train("--recipe", recipe)).toMatch(/bad-recipe\.json › name/);
    expect(await train("--recipe", world.write("no.json", "{"))).toContain("not valid JSON");
  });

  it("stops when the loss is no number, and writes the last good network", async () => {
    const { code, err } = await world.espalier(
      ...words(`train ${TINY} -o ${world.at("wild")} --lr 1e9 --epochs 9 --json`),
    );
    expect(code).toBe(1);
    expect(err).toMatch(
      /\nstep \d+: the loss is no longer a finite number.*rate of 333000000 or less\.\n$/,
    );
    expect(await world.json("evaluate", world.at("wild"))).toMatchObject({ count: 24 });
  });
});
