import { describe, expect, it } from "vitest";
import { nameForTorch } from "./families/name-for-torch.ts";
import { sameNetwork } from "./graph.ts";
import { fileName, moduleName } from "./names.ts";
import { openFiles } from "./open.ts";
import { readSafetensorsWeights } from "./safetensors/state-dict.ts";
import { exportNetwork, verifyExport } from "./write.ts";
import { awkward, file, tiny, zoo } from "./testing/samples.ts";

const FORMATS = ["tfjs", "safetensors", "onnx", "torch", "torch-safetensors"] as const;

describe("exportNetwork", () => {
  it("names its files", async () => {
    const network = { ...tiny(), name: "vgg16:width=0.25" };
    expect((await exportNetwork(network, "tfjs")).files.map(({ name }) => name)).toEqual([
      "model.json",
      "group1-shard1of1.bin",
    ]);
    const named = (await exportNetwork(network, "tfjs", { name: "x", shards: "half" })).files;
    expect(named.map(({ name }) => name)).toEqual(["model.json", "half-group1-shard1of1.bin"]);
    const json = JSON.parse(new TextDecoder().decode(named[0]?.bytes)) as unknown;
    expect(json).toMatchObject({ weightsManifest: [{ paths: ["half-group1-shard1of1.bin"] }] });
    expect((await exportNetwork(network, "safetensors")).files[0]?.name).toBe(
      "vgg16-width-0.25.safetensors",
    );
    expect([fileName("../¿?"), fileName("..a/b")]).toEqual(["network", "a-b"]);
    expect((await exportNetwork(network, "torch")).files.map(({ name }) => name)).toEqual([
      "vgg16_width_0_25.pth",
      "vgg16_width_0_25.py",
    ]);
    const names = ["class", "copy", "../¿?", "3net", "network"].map(moduleName);
    expect(names).toEqual(["net_class", "net_copy", "network", "net_3net", "network"]);
  });

  it("reads every format back to the same network", async () => {
    for (const network of [tiny(), awkward(), zoo("preresnet-20:width=0.25")]) {
      for (const format of FORMATS) {
        const { readBack, files } = await exportNetwork(network, format);
        expect(sameNetwork(readBack, network), format).toBe(true);
        expect(readBack.weights, format).not.toBe(network.weights);
        if (format === "torch") continue;
        const opened = await openFiles(
          files.filter(({ name }) => !name.endsWith(".py")).map((f) => file(f.name, f.bytes)),
        );
        expect(opened.length).toBe(1);
        expect(opened[0]?.kind === "network" && sameNetwork(opened[0].network, network)).toBe(true);
      }
    }
  });

  it("writes safetensors that carry PyTorch's names and layout", async () => {
    const network = zoo("preresnet-20:width=0.25");
    const [weights] = (await exportNetwork(network, "torch-safetensors")).files;
    const { tensors } = readSafetensorsWeights(weights?.bytes ?? new Uint8Array(), "net");
    expect(Object.fromEntries(tensors)).toEqual(Object.fromEntries(nameForTorch(network).tensors));
  });

  it("writes the same bytes for the same network, and says what it had to rephrase", async () => {
    for (const format of FORMATS) {
      expect(await exportNetwork(awkward(), format)).toEqual(
        await exportNetwork(awkward(), format),
      );
    }
    expect((await exportNetwork(awkward(), "tfjs")).notes).toHaveLength(1);
  });

  it("refuses a network that is not sound", async () => {
    const network = tiny();
    const weights = new Map(network.weights);
    weights.set("fc/bias", { shape: [4], values: Float32Array.of(0, NaN, 0, 0) });
    await expect(exportNetwork({ ...network, weights }, "tfjs")).rejects.toThrow(
      expect.objectContaining({ code: "files/not-finite" }),
    );
    const metadata = { classes: ["cat", "dog"] };
    await expect(exportNetwork({ ...network, metadata }, "tfjs")).rejects.toThrow(
      expect.objectContaining({ code: "files/bad-field", where: "tiny › classes" }),
    );
  });
});

describe("verifyExport", () => {
  it("notices one changed bit", async () => {
    const network = zoo("resnet-20:width=0.25");
    for (const format of ["tfjs", "safetensors", "torch-safetensors"] as const) {
      const exported = await exportNetwork(network, format);
      const changed = format === "torch-safetensors" ? exported.files[0] : exported.files.at(-1);
      const last = changed?.bytes ?? new Uint8Array(1);
      last[last.length - 4] = (last[last.length - 4] ?? 0) ^ 1;
      await expect(verifyExport(network, exported)).rejects.toThrow(/does not read back/);
    }
  });
});
