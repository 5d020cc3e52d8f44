/** @file Bundles that were unpacked, damaged, or made by a later version: opened, or refused in words. */
import { describe, expect, it } from "vitest";
import { AppError, explain, known } from "../../core/index.ts";
import { GraphBuilder, initialize } from "../../model/index.ts";
import { zipFiles } from "../containers/zip-write.ts";
import { sameNetwork } from "../graph.ts";
import { openFiles } from "../open.ts";
import { file, tiny } from "../testing/samples.ts";
import { bundleOf } from "./testing/bundle.ts";
import { entriesOf } from "./testing/run-code.ts";
import { verifyBundle } from "./write.ts";

const network = tiny();
const bundle = await bundleOf(network);
const entries = [...entriesOf(bundle.bytes)].map(([name, bytes]) => ({ name, bytes }));

/** The archive with some of its entries replaced by text, or left out. */
function changed(change: Readonly<Record<string, string | null>>): Uint8Array {
  return zipFiles(
    entries.flatMap(({ name, bytes }) => {
      const text = change[name];
      if (text === null) return [];
      return [{ name, bytes: text === undefined ? bytes : new TextEncoder().encode(text) }];
    }),
  );
}

const textOf = (name: string): string =>
  new TextDecoder().decode(known(entries.find((entry) => entry.name === name)?.bytes, name));

async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await openFiles([file("a.zip", bytes)]);
    return "opened";
  } catch (error) {
    if (error instanceof AppError) return `${error.code} | ${explain(error)}`;
    throw error;
  }
}

describe("a bundle", () => {
  it("is the same bytes for the same network, and reads back", async () => {
    expect((await bundleOf(tiny())).bytes).toEqual(bundle.bytes);
    expect(sameNetwork(await verifyBundle(network, bundle), network)).toBe(true);
    await expect(verifyBundle({ ...network, name: "another" }, bundle)).rejects.toThrow(
      /does not read back/,
    );
  });

  it("opens as one network when it was unpacked, packed again in a folder, or lies beside others", async () => {
    const inFolder = entries.map(({ name, bytes }) => ({ name: `mine/${name}`, bytes }));
    const drops = [
      entries.map(({ name, bytes }) => file(name, bytes)),
      inFolder.map(({ name, bytes }) => ({ file: file(name, bytes), path: name })),
      [file("a.zip", zipFiles(inFolder))],
      [file("a.zip", zipFiles([...inFolder, { name: "notes/readme.txt", bytes: bundle.bytes }]))],
    ];
    for (const drop of drops) {
      const opened = await openFiles(drop);
      expect(
        opened.map((one) => one.kind === "network" && sameNetwork(one.network, network)),
      ).toEqual([true]);
    }
    const twice = await openFiles([file("a.zip", bundle.bytes), file("b.zip", bundle.bytes)]);
    expect(twice.length).toBe(2);
  });

  it("is refused when a file of the network is not the one that the manifest lists", async () => {
    const manifest = textOf("bundle.json");
    const shard = "tfjs/group1-shard1of1.bin";
    const cases = {
      "another model": await refusal(
        changed({ "tfjs/model.json": `${textOf("tfjs/model.json")} ` }),
      ),
      "other weights": await refusal(changed({ [shard]: "x" })),
      "no weights": await refusal(changed({ [shard]: null })),
      "weights that are not listed": await refusal(
        changed({ "bundle.json": manifest.replace(shard, "tfjs/other.bin") }),
      ),
      "a later version": await refusal(
        changed({ "bundle.json": manifest.replace("espalier-bundle/1", "espalier-bundle/2") }),
      ),
      "no list": await refusal(changed({ "bundle.json": manifest.replace(`"files"`, `"filez"`) })),
      "a path upwards": await refusal(
        changed({ "bundle.json": manifest.replace(`"tfjs/model.json"`, `"../tfjs/model.json"`) }),
      ),
    };
    expect(cases).toMatchSnapshot();
  });

  it("says in its README why it has no settings for int8", async () => {
    const b = new GraphBuilder();
    const fc = b.add("fc", { kind: "dense", units: 2, bias: true }, b.input([5]));
    const vectors = entriesOf((await bundleOf(initialize(b.finish("v", fc), { seed: 1 }))).bytes);
    expect(vectors.has("mnn/calibration.json")).toBe(false);
    expect(new TextDecoder().decode(vectors.get("README.md"))).toContain(
      "no settings for int8 (`mnn/calibration.json`): MNN calibrates on pictures of one or three channels, and the input here is 5.",
    );
    expect(textOf("README.md")).not.toContain("no settings for int8");
  });

  it("whose other files were changed opens all the same", async () => {
    expect(await refusal(changed({ "README.md": "mine", "load.py": null }))).toBe("opened");
  });
});
