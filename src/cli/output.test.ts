/** @file What `-o` writes beside a network, what it leaves alone, and where it is found again. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf } from "../files/bundle/testing/run-code.ts";
import { makeWorld, TINY, words, type World } from "./testing/world.ts";

let world: World;
beforeAll(() => {
  world = makeWorld();
});
afterAll(() => world.remove());

describe("the Python module beside PyTorch's weights", () => {
  const MINE = "class Mine: pass\n";

  it("has a name that Python imports, and hides no module of Python's or of one's own", async () => {
    mkdirSync(world.at("python"));
    world.write("python/model.py", MINE);
    for (const name of ["model.pth", "torch.pth", "vgg16-p50.torch.safetensors"]) {
      await world.json("convert", TINY, world.at(`python/${name}`));
    }
    expect(readdirSync(world.at("python"))).toEqual([
      "model.pth",
      "model.py",
      "net_model.py",
      "net_torch.py",
      "torch.pth",
      "vgg16-p50.torch.safetensors",
      "vgg16_p50.py",
    ]);
    expect(readFileSync(world.at("python/model.py"), "utf8")).toBe(MINE);
  });

  it.each(["taken.pth", "taken.torch.safetensors"])(
    "does not take the place of another: %s is refused before anything is made",
    async (name) => {
      mkdirSync(world.at("place"), { recursive: true });
      world.write("place/net_taken.py", MINE);
      const { code, err } = await world.espalier("convert", TINY, world.at(`place/${name}`));
      expect(code).toBe(1);
      expect(err.trim()).toMatch(
        /taken\.\S+: an argument is wrong \(expected room for net_taken\.py, .* not written\); name another place with -o, or move that file away\.$/,
      );
      expect(readdirSync(world.at("place"))).toEqual(["net_taken.py"]);
      expect(readFileSync(world.at("place/net_taken.py"), "utf8")).toBe(MINE);
    },
  );

  it("gives way to its successor", async () => {
    await world.json("convert", TINY, world.at("again.pth"));
    const first = readFileSync(world.at("net_again.py"), "utf8");
    await world.json("convert", "vgg11:width=0.0625", world.at("again.pth"));
    expect(readFileSync(world.at("net_again.py"), "utf8")).not.toBe(first);
  });
});

describe("the report beside a network", () => {
  interface Plan {
    readonly groups: readonly unknown[];
  }
  const planOf = (bundle: string): Plan =>
    JSON.parse(
      new TextDecoder().decode(entriesOf(readFileSync(world.at(bundle))).get("plan.json")),
    ) as Plan;
  const reportOf = (bundle: string): unknown =>
    JSON.parse(
      new TextDecoder().decode(entriesOf(readFileSync(world.at(bundle))).get("report.json")),
    );
  const line = `prune ${TINY} --preset network-slimming --ratio .5 -o`;

  it.each(["cut.bundle.zip", "cut.torch.safetensors", "cut.onnx", "cut.json"])(
    "is found again under the name that it was written under: %s",
    async (name) => {
      mkdirSync(world.at(`of-${name}`));
      const path = world.at(`of-${name}/${name}`);
      const { groups } = (await world.json(...words(line), path)) as Plan;
      expect(existsSync(world.at(`of-${name}/cut.report.json`))).toBe(true);
      const { err, code } = await world.espalier("convert", path, world.at("again.bundle.zip"));
      expect([code, err]).toEqual([0, expect.not.stringContaining("another network")]);
      expect(planOf("again.bundle.zip").groups).toEqual(groups);
      expect(reportOf("again.bundle.zip")).toMatchObject({ criterion: "bn-scale", groups });
    },
  );

  it("is not needed for the plan of a network that remembers it", async () => {
    const { groups } = (await world.json(...words(line), world.at("own.safetensors"))) as Plan;
    mkdirSync(world.at("elsewhere"));
    world.write("elsewhere/own.safetensors", readFileSync(world.at("own.safetensors")));
    const bundle = "elsewhere/own.bundle.zip";
    await world.json("convert", world.at("elsewhere/own.safetensors"), world.at(bundle));
    expect(planOf(bundle)).toMatchObject({ requested: 0.5, groups });
    expect(reportOf(bundle)).not.toHaveProperty("groups");
  });
});
