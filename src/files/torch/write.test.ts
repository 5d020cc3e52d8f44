import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeRandom } from "../../core/index.ts";
import { readZip } from "../containers/zip-read.ts";
import { notRun, PYTHON, whyNoPython } from "../testing/python.ts";
import { readTorch } from "./read.ts";
import type { StateDict, TorchTensor } from "./state-dict.ts";
import { golden, openZip } from "./testing/files.ts";
import { writeTorch } from "./write.ts";

const random = makeRandom(3);

function filled(...shape: readonly number[]): TorchTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length: count }, () => random.normal());
  return { shape, values, dtype: "float32" };
}

const STATE: StateDict = new Map([
  ["conv.weight", filled(4, 3, 3, 3)],
  ["bn.num_batches_tracked", { shape: [], values: Float32Array.of(391), dtype: "int64" }],
  ["__proto__", filled(2)],
  ["größe", filled(1, 5)],
  ["nothing", filled(0, 3)],
  ["odd values", { ...filled(4), values: Float32Array.of(-0, 1e-45, Infinity, 3.4e38) }],
]);

const noTorch = whyNoPython("torch");

/** Loads a file both ways, and prints what is in it as JSON. */
const LOAD = `
import json, sys, torch
plain = torch.load(sys.argv[1])
state = torch.load(sys.argv[1], weights_only=True)
assert list(plain) == list(state)
print(json.dumps({name: {
    "shape": list(t.shape), "dtype": str(t.dtype).removeprefix("torch."),
    "contiguous": t.is_contiguous(), "same": t.equal(plain[name]),
    "bits": t.float().flatten().view(torch.int32).tolist(),
} for name, t in state.items()}))
`;

describe("writing a checkpoint", () => {
  it("comes back bit for bit, names and order included", async () => {
    const { name, bytes } = writeTorch(STATE, "net.pth");
    expect(name).toBe("net.pth");
    const { tensors, cfg, extras, notes } = await readTorch(bytes, name);
    expect([cfg, extras, notes]).toEqual([undefined, {}, []]);
    expect([...tensors.keys()]).toEqual([...STATE.keys()]);
    for (const [key, tensor] of STATE) expect(tensors.get(key), key).toStrictEqual(tensor);
  });

  it("keeps a checkpoint of network-slimming bit for bit", async () => {
    const { tensors } = await openZip(golden("slim-vgg-p50.pth.tar"));
    const again = await readTorch(writeTorch(tensors, "again.pth").bytes, "again.pth");
    expect(again.tensors).toStrictEqual(tensors);
  });

  it("writes equal tensors as equal bytes, each on a multiple of 64", () => {
    const { bytes } = writeTorch(STATE, "a.pth");
    expect(writeTorch(new Map(STATE), "b.pth").bytes).toEqual(bytes);
    expect(readZip(bytes, "a.pth").map(({ path }) => path)).toEqual([
      "archive/data.pkl",
      "archive/byteorder",
      ...Array.from({ length: STATE.size }, (_, i) => `archive/data/${i}`),
      "archive/version",
    ]);
    for (const { values } of STATE.values()) {
      if (values.length < 4) continue;
      const content = Buffer.from(values.buffer);
      expect(Buffer.from(bytes).indexOf(content) % 64).toBe(0);
    }
  });

  const title = `is opened by PyTorch, weights_only or not${notRun(noTorch)}`;
  it.skipIf(noTorch)(title, { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "espalier-"));
    try {
      const path = join(folder, "net.pth");
      writeFileSync(path, writeTorch(STATE, "net.pth").bytes);
      const { status, stdout, stderr } = spawnSync(PYTHON, ["-c", LOAD, path], {
        encoding: "utf8",
      });
      expect(status, stderr).toBe(0);
      const expected = [...STATE].map(([name, { shape, values, dtype }]) => {
        const bits = [...new Int32Array(values.buffer)];
        return [name, { shape, dtype, contiguous: true, same: true, bits }];
      });
      expect(JSON.parse(stdout)).toEqual(Object.fromEntries(expected));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
