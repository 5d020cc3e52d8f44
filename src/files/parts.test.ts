/** @file The files that another file names, whatever it says. */
import { expect, it } from "vitest";
import { partsNamedIn } from "./parts.ts";

const parts = (json: unknown): readonly string[] =>
  partsNamedIn(new TextEncoder().encode(typeof json === "string" ? json : JSON.stringify(json)));

it("are a model's shards, each once, in the order of the model", () => {
  const weightsManifest = [{ paths: ["b.bin", "a.bin"] }, {}, { paths: ["a.bin", 3, null] }];
  expect(parts({ weightsManifest })).toEqual(["b.bin", "a.bin"]);
});

it("are the files of a bundle's network, and not what else it lists", () => {
  const files = ["README.md", "tfjs/model.json", "tfjs/group1-shard1of1.bin", "network.pth"];
  const bundle = (file: string) => ({
    format: "espalier-bundle/1",
    network: { file },
    files: files.map((name) => ({ name })),
  });
  expect(parts(bundle("tfjs/model.json"))).toEqual([
    "tfjs/model.json",
    "tfjs/group1-shard1of1.bin",
  ]);
  expect(parts(bundle("network.safetensors"))).toEqual(["network.safetensors"]);
});

it.each([
  "no json",
  "null",
  "[]",
  '"text"',
  '{"weightsManifest":3}',
  '{"weightsManifest":[null]}',
  '{"weightsManifest":[{"paths":7}]}',
  '{"format":"espalier-bundle/1","network":{},"files":"x"}',
  '{"format":"espalier-bundle/1","network":{"file":"a/b"},"files":[null]}',
])("are none where nothing can be made out: %s", (json) => {
  expect(parts(json)).toEqual([]);
});
