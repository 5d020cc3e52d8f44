/** @file What `-o` writes beside a network, and what it leaves alone. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld, TINY, type World } from "./testing/world.ts";

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
