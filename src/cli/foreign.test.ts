/** @file Foreign files on the command line: what they leave open is asked for by flag. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { model, node, value, weights } from "../files/onnx/testing/models.ts";
import type { TensorProto } from "../files/onnx/schema.ts";
import { projectFile } from "../files/onnx/testing/models.ts";
import { makeWorld, TINY, type World } from "./testing/world.ts";

let world: World;
beforeAll(() => {
  world = makeWorld();
});
afterAll(() => world.remove());

const nodes = [
  node("Conv", ["x", "w"], "a", { pads: [1, 1, 1, 1], strides: [2, 2] }),
  node("GlobalAveragePool", ["a"], "mean"),
  node("Flatten", ["mean"], "flat"),
  node("Gemm", ["flat", "fc"], "y"),
];
const tensors = [weights("w", 4, 3, 3, 3), weights("fc", 4, 10)];
const open = model({ nodes, tensors, input: value("x", "N", 3, "h", "w") });

async function refusal(...argv: string[]): Promise<string> {
  const { code, err } = await world.espalier(...argv);
  expect(code).toBe(1);
  return err.trim();
}

describe("--size", () => {
  it("is asked for by name, and opens the network for that size", async () => {
    const path = world.write("open.onnx", open);
    expect(await refusal("inspect", path)).toMatch(
      /open\.onnx › x: the height and width of its images are left open \(found \[N,3,h,w\]\); say it with --size, such as --size 32x32\.$/,
    );
    expect(await world.json("inspect", path, "--size", "32x32")).toMatchObject({
      format: "onnx",
      input: [32, 32, 3],
      macs: 16 * 16 * 4 * 27 + 40,
    });
    expect(await world.json("evaluate", path, "--size", "32")).toMatchObject({ count: 24 });
    // As refusals write it.
    expect(await world.json("inspect", path, "--size", "32 × 16")).toMatchObject({
      input: [32, 16, 3],
    });
  });

  it.each(["0x3", "32x", "big", "99999x2", ""])("refuses %j in one sentence", async (size) => {
    const path = world.write("open.onnx", open);
    expect(await refusal("inspect", path, `--size=${size}`)).toMatch(/^--size: .*such as 32x32/);
  });

  it("is refused where the file or the architecture says another", async () => {
    await world.json("convert", TINY, world.at("own.onnx"));
    expect(await refusal("inspect", world.at("own.onnx"), "--size", "28x28")).toContain(
      "expected images of 32 × 32, the size that the file says, found 28 × 28",
    );
    expect(await refusal("inspect", TINY, "--size", "32x32")).toMatch(/^--size: /);
  });
});

describe("a model with its data in another file", () => {
  it("takes it from beside itself, and from nowhere else", async () => {
    const data = new Uint8Array(4 * 10 * 4);
    new DataView(data.buffer).setFloat32(0, 0.5, true);
    const outside = (location: string): TensorProto => ({
      name: "fc",
      dims: [4, 10],
      dataType: 1,
      payload: { kind: "external", entries: new Map([["location", location]]) },
    });
    const w = tensors.slice(0, 1);
    const input = value("x", "N", 3, 8, 8);
    const path = world.write(
      "two.onnx",
      model({ nodes, tensors: [...w, outside("two.data")], input }),
    );
    expect(await refusal("inspect", path)).toMatch(/a part is missing \(expected two\.data/);
    world.write("two.data", data);
    expect(await world.json("inspect", path)).toMatchObject({ parameters: 4 * 27 + 40 });
    const astray = model({ nodes, tensors: [...w, outside("../two.data")], input });
    expect(await refusal("inspect", world.write("astray.onnx", astray))).toContain(
      "expected a file beside the model, found ../two.data",
    );
  });
});

it("tells the formats apart", async () => {
  const checkpoint = projectFile("tests/goldens/torch/slim-vgg-p50.pth.tar");
  const path = world.write("pruned.pth.tar", checkpoint);
  const found = await world.json("inspect", path);
  expect(found).toMatchObject({ format: "torch", parameters: 46_585, normalization: null });
  const { out } = await world.espalier("inspect", path);
  expect(out).toContain("pixels: not said; assumed CIFAR-10's figures");
  const note = "does not say its normalization: CIFAR-10's figures assumed, --normalize";
  expect((await world.espalier("evaluate", path, "--limit", "2")).err).toContain(note);
  const said = ["evaluate", path, "--limit", "2", "--normalize", "0.5/0.25"];
  expect((await world.espalier(...said)).err).not.toContain("normalization");
});

describe("--reading", () => {
  const checkpoint = projectFile("tests/goldens/onnx/basic-resnet8-bn.onnx");

  it("reads weights as the network that a person names, and says which there are", async () => {
    await world.json("convert", "resnet-20:width=0.25", world.at("net.pth"));
    const said = await world.espalier("inspect", world.at("net.pth"));
    expect(said.err).toContain("--reading resnet-zeros-behind reads it as a ResNet, zero channels");
    const usual = await world.json("predict", world.at("net.pth"), "--limit", "2");
    const there = ["predict", world.at("net.pth"), "--limit", "2", "--reading"];
    expect(await world.json(...there, "resnet")).toEqual(usual);
    expect(await world.json(...there, "resnet-zeros-behind")).not.toEqual(usual);
  });

  it("is refused with those that fit", async () => {
    await world.json("convert", "resnet-20:width=0.25", world.at("net.pth"));
    expect(await refusal("inspect", world.at("net.pth"), "--reading", "vgg")).toContain(
      "one of the readings that fit: resnet, resnet-zeros-behind, found vgg",
    );
    expect(await refusal("inspect", TINY, "--reading", "vgg")).toMatch(/^--reading: /);
    const path = world.write("net.onnx", checkpoint);
    expect(await refusal("inspect", path, "--reading", "vgg")).toContain(
      "expected the network that the file describes itself, found the reading vgg",
    );
  });
});
