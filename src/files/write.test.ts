import { describe, expect, it } from "vitest";
import { exportNetwork, fileName, verifyExport } from "./write.ts";
import { awkward, tiny, zoo } from "./testing/samples.ts";

const FORMATS = ["tfjs", "safetensors", "onnx", "torch"] as const;

describe("exportNetwork", () => {
  it("names its files", async () => {
    const network = { ...tiny(), name: "vgg16:width=0.25" };
    expect((await exportNetwork(network, "tfjs")).files.map(({ name }) => name)).toEqual([
      "model.json",
      "group1-shard1of1.bin",
    ]);
    expect((await exportNetwork(network, "safetensors")).files[0]?.name).toBe(
      "vgg16-width-0.25.safetensors",
    );
    expect([fileName("../¿?"), fileName("..a/b")]).toEqual(["network", "a-b"]);
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
    for (const format of ["tfjs", "safetensors"] as const) {
      const exported = await exportNetwork(network, format);
      const last = exported.files.at(-1)?.bytes ?? new Uint8Array(1);
      last[last.length - 4] = (last[last.length - 4] ?? 0) ^ 1;
      await expect(verifyExport(network, exported)).rejects.toThrow(/does not read back/);
    }
  });
});
