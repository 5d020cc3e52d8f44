import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { explain } from "../../core/index.ts";
import { refusal } from "../../core/testing/refusal.ts";
import { join } from "../testing/samples.ts";
import { looksLikeTorchLegacy, readTorchLegacy } from "./read-legacy.ts";
import { isTorchZip } from "./read-zip.ts";
import { readTorch } from "./read.ts";
import type { Checkpoint } from "./state-dict.ts";
import {
  dict,
  entriesOf,
  fixture,
  golden,
  hasFixtures,
  int,
  latin,
  legacyFile,
  openZip,
  SIX,
  tensor,
  type TensorText,
  text,
  zipFile,
} from "./testing/files.ts";

interface Facts {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly number[];
}

const expected = JSON.parse(readFileSync("tests/goldens/torch/expected.json", "utf8")) as Readonly<
  Record<string, Facts>
>;

const legacy = (bytes: Uint8Array): Checkpoint => readTorchLegacy(bytes, "x.pth");

/** The sentence for a pickle that is refused in either sort of file. */
async function sentence(attempt: () => unknown): Promise<string> {
  return explain(await refusal(attempt));
}
const zipSentence = (pickle: string, storages = SIX): Promise<string> =>
  sentence(() => openZip(zipFile(pickle, storages)));
const legacySentence = (pickle: string, storages = SIX): Promise<string> =>
  sentence(() => legacy(legacyFile(pickle, storages)));

/** A bare state_dict of one tensor, `w`. */
const one = (facts: TensorText = {}): string => `\x80\x02${dict({ w: tensor(facts) })}.`;

const GOLDENS: Readonly<Record<string, () => Promise<Checkpoint>>> = {
  "small.pth": () => openZip(golden("small.pth")),
  "small-protocol4.pth": () => openZip(golden("small-protocol4.pth")),
  "small-legacy.pth": async () => legacy(golden("small-legacy.pth")),
  "small-legacy-protocol4.pth": async () => legacy(golden("small-legacy-protocol4.pth")),
};

describe("checkpoints that PyTorch wrote", () => {
  for (const [name, open] of Object.entries(GOLDENS)) {
    it(`${name}: every dtype and view has PyTorch's own values`, async () => {
      const { tensors } = await open();
      expect([...tensors.keys()]).toEqual(Object.keys(expected));
      for (const [key, { shape, dtype, values }] of Object.entries(expected)) {
        const found = tensors.get(key);
        expect(found?.shape, key).toEqual(shape);
        expect(found?.dtype, key).toBe(dtype);
        expect(found?.values, key).toEqual(Float32Array.from(values));
      }
    });

    it(`${name}: keeps plain values, and says what it leaves aside`, async () => {
      const { cfg, extras, notes } = await open();
      expect(cfg).toEqual([4, "M", 8]);
      const hostile = Object.fromEntries([["__proto__", { constructor: [1, null, true] }]]);
      expect(extras).toEqual({
        epoch: 3,
        arch: "vgg",
        best_prec1: 0.9375,
        ...hostile,
        device: "cuda:1",
        scheduler: { milestones: { "80": 1, "120": 1 }, gamma: 0.1 },
      });
      expect(Object.keys(extras)).toContain("__proto__");
      expect(notes).toEqual([
        "the optimizer's state was left aside",
        "left aside, being no small plain values: rng",
        "weights stored as float16 were converted to float32",
        "weights stored as bfloat16 were converted to float32",
        "weights stored as float64 were converted to float32",
      ]);
    });
  }

  it("reads network-slimming's pruned VGG", async () => {
    const { tensors, cfg, extras, notes } = await openZip(golden("slim-vgg-p50.pth.tar"));
    expect(cfg).toEqual([12, 16, "M", 23, 26, "M", 35, 31, "M", 23, 15, "M", 14, 44]);
    expect(tensors.size).toBe(62);
    expect(tensors.get("feature.3.weight")?.shape).toEqual([16, 12, 3, 3]);
    expect(tensors.get("feature.1.num_batches_tracked")).toMatchObject({
      shape: [],
      dtype: "int64",
    });
    expect([extras, notes]).toEqual([{}, []]);
  });

  it("names a whole pickled model and a TorchScript program", async () => {
    expect(await sentence(() => openZip(golden("whole-model.pth")))).toBe(
      "x.pth › data.pkl › byte 2: the file asks to run a whole pickled model (models.vgg.Net); " +
        "nothing was run; save model.state_dict() instead and drop that.",
    );
    expect(await sentence(() => legacy(golden("whole-model-legacy.pth")))).toBe(
      "x.pth › objects › byte 153: the file asks to run a whole pickled model (models.vgg.Net); " +
        "nothing was run; save model.state_dict() instead and drop that.",
    );
    expect(await sentence(() => openZip(golden("torchscript.pt")))).toBe(
      "x.pth: this is not supported (expected a state_dict, found a TorchScript program " +
        "(torch.jit.save)); save model.state_dict() with torch.save and drop that.",
    );
  });

  it("is told by its bytes or paths", async () => {
    const paths = (name: string) => entriesOf(golden(name)).map(({ path }) => path);
    expect(isTorchZip(paths("small.pth"))).toBe(true);
    expect(isTorchZip(["model.json", "mydata.pkl"])).toBe(false);
    for (const name of ["small-legacy.pth", "small-legacy-protocol4.pth"]) {
      expect(looksLikeTorchLegacy(golden(name).subarray(0, 64)), name).toBe(true);
      expect((await readTorch(golden(name), "x.pth")).tensors.size).toBe(19);
    }
    expect(looksLikeTorchLegacy(golden("small.pth"))).toBe(false);
    expect(looksLikeTorchLegacy(latin("\x80\x02}q\x00."))).toBe(false);
    expect(await sentence(() => readTorch(latin("hello"), "x.pth"))).toBe(
      "x.pth: this is another kind of file, not a PyTorch checkpoint; " +
        "save model.state_dict() with torch.save and drop that.",
    );
  });
});

describe.skipIf(!hasFixtures)("network-slimming's checkpoints, as in docs/fixtures.md,", () => {
  it("are the same, bit for bit, from a zip, a legacy file and DataParallel", async () => {
    const base = await openZip(fixture("slim-vgg-base/checkpoint.pth.tar"));
    const others = [
      legacy(fixture("slim-vgg-base/checkpoint_legacy.pth.tar")),
      await openZip(fixture("slim-vgg-base/checkpoint_dataparallel.pth.tar")),
    ];
    expect(base.tensors.size).toBe(62);
    expect(base.extras).toEqual({ epoch: 1, best_prec1: 0.6587 });
    expect(base.notes).toEqual(["the optimizer's state was left aside"]);
    for (const { tensors, extras } of others) {
      expect(extras).toEqual(base.extras);
      expect([...tensors.keys()]).toEqual([...base.tensors.keys()]);
      for (const [name, { shape, values }] of base.tensors) {
        expect(tensors.get(name)?.shape).toEqual(shape);
        const bits = (of: Float32Array | undefined) => Buffer.from(of?.buffer ?? new ArrayBuffer());
        expect(bits(tensors.get(name)?.values).equals(bits(values)), name).toBe(true);
      }
    }
  });

  it("have the names and shapes that PyTorch lists", async () => {
    const facts = JSON.parse(
      new TextDecoder().decode(fixture("slim-vgg-base/expected.json")),
    ) as Readonly<Record<string, unknown>>;
    const { tensors } = await openZip(fixture("slim-vgg-base/checkpoint.pth.tar"));
    expect([...tensors.keys()]).toEqual(facts["state_dict_keys"]);
    const shapes = [...tensors].map(([name, { shape }]) => [name, shape]);
    expect(Object.fromEntries(shapes)).toEqual(facts["state_dict_shapes"]);
  });

  it("of the residual networks open too", async () => {
    const base = await openZip(fixture("slim-presnet20-base/checkpoint.pth.tar"));
    const old = legacy(fixture("slim-presnet20-base/checkpoint_legacy.pth.tar"));
    expect(old.tensors).toEqual(base.tensors);
    const pruned = await openZip(fixture("slim-presnet20-p30/pruned.pth.tar"));
    expect(pruned.cfg).toEqual([
      13, 14, 15, 42, 12, 15, 41, 21, 30, 77, 26, 31, 70, 28, 61, 132, 35, 61, 227,
    ]);
    expect(pruned.tensors.get("layer1.0.select.indexes")?.shape).toEqual([16]);
  });
});

describe("what stands around the weights", () => {
  const unwrapped = (pickle: string): Promise<Checkpoint> => openZip(zipFile(`\x80\x02${pickle}.`));

  it("is taken off, under each name that scripts use", async () => {
    for (const name of ["state_dict", "model_state_dict", "model", "net"]) {
      const { tensors, extras } = await unwrapped(
        dict({ epoch: int(7), [name]: dict({ "module.w": tensor() }) }),
      );
      expect([...tensors.keys()], name).toEqual(["w"]);
      expect(extras).toEqual({ epoch: 7 });
    }
    const twice = dict({ model: dict({ state_dict: dict({ "module._orig_mod.w": tensor() }) }) });
    expect([...(await unwrapped(twice)).tensors.keys()]).toEqual(["w"]);
  });

  it("keeps a prefix that not every name has", async () => {
    const { tensors } = await unwrapped(dict({ "module.w": tensor(), b: tensor() }));
    expect([...tensors.keys()]).toEqual(["module.w", "b"]);
  });

  it("takes only a list of widths for network-slimming's cfg", async () => {
    const around = (cfg: string) => unwrapped(dict({ cfg, net: dict({ w: tensor() }) }));
    expect((await around(`](K\x08${text("M")}${text("A")}e`)).cfg).toEqual([8, "M", "A"]);
    const other = await around(`](K\x08${text("X")}e`);
    expect([other.cfg, other.extras]).toEqual([undefined, { cfg: [8, "X"] }]);
    expect((await around(`](K\x00e`)).cfg).toBeUndefined();
  });

  it("notes what is no tensor, and values that are not plain or too many", async () => {
    const state = dict({ w: tensor(), version: int(2), extra: "N" });
    const losses = `](${"K\x01".repeat(10_001)}e`;
    const { notes, extras } = await unwrapped(
      dict({ net: state, losses, best: "G\x7f\xf0\0\0\0\0\0\0", note: text("fine") }),
    );
    expect(notes).toEqual([
      "left aside from the state_dict, being no tensors: version, extra",
      "left aside, being no small plain values: losses, best, note",
    ]);
    expect(extras).toEqual({});
  });

  it("refuses a file without tensors by name", async () => {
    expect(await zipSentence(`\x80\x02${dict({ epoch: int(1), optimizer: dict({}) })}.`)).toBe(
      "x.pth: a part is missing (expected a state_dict, that is tensors by name, found only epoch, " +
        "optimizer); save model.state_dict() and drop that.",
    );
    expect(await zipSentence(`\x80\x02${tensor()}.`)).toContain("found a tensor)");
    expect(await legacySentence("\x80\x02}.", {})).toContain("found only nothing)");
  });
});

describe("tensors that lie", () => {
  const LIES: Readonly<Record<string, readonly [TensorText, string]>> = {
    "values beyond the storage": [
      { shape: [2, 4] },
      "x.pth › w: an offset points outside the file (expected values within the 6 of storage 0, " +
        "found one at 6); download it again.",
    ],
    "an offset beyond the storage": [
      { offset: 1 },
      "x.pth › w: an offset points outside the file (expected values within the 6 of storage 0, " +
        "found one at 6); download it again.",
    ],
    "a negative stride": [
      { strides: [-3, 1], offset: 3 },
      "x.pth › w: an offset points outside the file (expected an offset, sizes and strides from 0, " +
        "found -3); save the checkpoint again.",
    ],
    "a negative size": [
      { shape: [-2, 3] },
      "x.pth › w: an offset points outside the file (expected an offset, sizes and strides from 0, " +
        "found -2); save the checkpoint again.",
    ],
    "more values than there can be": [
      { shape: [2 ** 30, 8], strides: [0, 0] },
      "x.pth › w: a limit is exceeded (expected at most 2 147 483 648 values, found " +
        "[1073741824,8]); use a smaller file.",
    ],
    "a small storage that expands to gigabytes": [
      { shape: [2 ** 30], strides: [0] },
      "x.pth: a limit is exceeded (expected tensors of at most 67 109 305 bytes as float32, found 4 294 967 296 bytes); save only the network's weights.",
    ],
    "an axis without a stride": [
      { strides: [1] },
      "x.pth › data.pkl › byte 125: a field has a bad value (expected a stride for each axis, found a tuple, a tuple); save the checkpoint again, as a state_dict.",
    ],
    "nine axes": [
      { shape: [1, 1, 1, 1, 1, 1, 1, 1, 1] },
      "x.pth › data.pkl › byte 165: a limit is exceeded (expected tensors of at most 8 axes, found 9); save the network's weights only.",
    ],
    "a storage of another size": [
      { count: 7 },
      "x.pth › w: the shape disagrees (expected 28 bytes for 7 of float32, found 24 bytes); download it again, or save the checkpoint again.",
    ],
    "a storage that is not there": [
      { key: "1" },
      "x.pth: a part is missing (expected data/1, found an archive without it); download it again, or save the checkpoint again.",
    ],
    "complex numbers": [
      { type: "ComplexFloatStorage" },
      "x.pth › data.pkl › byte 57: the number type is not supported (found torch.ComplexFloatStorage); export the weights as float32.",
    ],
  };
  for (const [name, [facts, expectedSentence]] of Object.entries(LIES)) {
    it(name, async () => expect(await zipSentence(one(facts))).toBe(expectedSentence));
  }

  it("are refused in legacy files as well", async () => {
    expect(await legacySentence(one({ count: 7 }))).toMatchInlineSnapshot(
      `"x.pth › storage 0: the shape disagrees (expected 28 bytes for 7 of float32, found 24 bytes); download it again, or save the checkpoint again."`,
    );
    expect(await legacySentence(one({ key: "1" }))).toMatchInlineSnapshot(
      `"x.pth › storage keys: a part is missing (expected storages and tensors that belong together, found storage "0" without its other half); download it again, or save the checkpoint again."`,
    );
    expect(await legacySentence(one(), { ...SIX, "1": new Uint8Array(4) })).toMatchInlineSnapshot(
      `"x.pth › storage keys: a part is missing (expected storages and tensors that belong together, found storage "1" without its other half); download it again, or save the checkpoint again."`,
    );
    const twice = dict({ v: tensor(), w: tensor({ type: "IntStorage" }) });
    expect(await legacySentence(`\x80\x02${twice}.`)).toMatchInlineSnapshot(
      `"x.pth › objects › byte 268: a field has a bad value (expected storage 0 as 6 of float32, found 6 of int32); save the checkpoint again."`,
    );
    expect(
      await sentence(() => legacy(join(legacyFile(one()), new Uint8Array(3)))),
    ).toMatchInlineSnapshot(
      `"x.pth: the file is longer than it says (expected 223 bytes, found 226 bytes); download it again."`,
    );
    expect(await sentence(() => legacy(latin("\x80\x02K\x01.")))).toMatchInlineSnapshot(
      `"x.pth › magic number: a field has a bad value (expected 119547037146038801333356, found 1); save the checkpoint again."`,
    );
  });

  it("may be views of a part of a storage, as before torch 0.4", async () => {
    const view = (begin: number, length: number) => `(${text("9")}${int(begin)}${int(length)}t`;
    const facts = { shape: [2], strides: [1], view: view(3, 2) };
    const { tensors } = legacy(legacyFile(one(facts)));
    expect(tensors.get("w")?.values).toEqual(Float32Array.of(4, 5));
    expect(await legacySentence(one({ ...facts, shape: [3] }))).toMatchInlineSnapshot(
      `"x.pth › w: an offset points outside the file (expected values within the 2 of storage 0, found one at 2); download it again."`,
    );
    expect(await legacySentence(one({ ...facts, view: view(3, 4) }))).toMatchInlineSnapshot(
      `"x.pth › objects › byte 161: a field has a bad value (expected a part of a storage of 6, found 3, 4); save the checkpoint again, as a state_dict."`,
    );
  });

  it("hold no integers that float32 does not", async () => {
    const storage = new Uint8Array(BigInt64Array.of(2n ** 24n, -(2n ** 24n) - 1n).buffer);
    const facts = { type: "LongStorage", shape: [1], strides: [1], count: 2 };
    const { tensors } = await openZip(zipFile(one(facts), { "0": storage }));
    expect(tensors.get("w")?.values).toEqual(Float32Array.of(2 ** 24));
    expect(await zipSentence(one({ ...facts, offset: 1 }), { "0": storage })).toMatchInlineSnapshot(
      `"x.pth › w: a limit is exceeded (expected whole numbers up to 16 777 216, which float32 holds, found -16777217 (int64)); save only the network's weights."`,
    );
  });

  it("come from little-endian machines", async () => {
    const big = zipFile(one(), SIX, { "a/byteorder": latin("big") });
    expect(await sentence(() => openZip(big))).toMatchInlineSnapshot(
      `"x.pth › byteorder: this is not supported (expected little-endian numbers, found big); save the checkpoint on another machine."`,
    );
    const bytes = legacyFile(one());
    const at = Buffer.from(bytes).indexOf("little_endian") + "little_endian".length;
    bytes[at] = 0x89;
    expect(await sentence(() => legacy(bytes))).toMatchInlineSnapshot(
      `"x.pth › machine: this is not supported (expected little-endian numbers, found another order of bytes); save the checkpoint on another machine."`,
    );
  });

  it("stand in one checkpoint an archive, with its pickle whole", async () => {
    const two = zipFile(one(), SIX, { "b/data.pkl": latin(one()) });
    expect(await sentence(() => openZip(two))).toMatchInlineSnapshot(
      `"x.pth: this is not supported (expected one checkpoint in an archive, found 2); unpack it and drop one of them."`,
    );
    expect(await zipSentence(`${one()}.`)).toMatchInlineSnapshot(
      `"x.pth › data.pkl: the file is longer than it says (expected 133 bytes, found 134 bytes); download it again."`,
    );
  });
});

describe("files cut short", () => {
  it("are refused at every length", async () => {
    const [zip, old] = [zipFile(one()), legacyFile(one())];
    for (let length = 0; length < zip.length; length++) {
      const { code } = await refusal(() => readTorch(zip.subarray(0, length), "x.pth"));
      expect(code).toMatch(/^files\/(?:truncated|wrong-kind)$/);
    }
    for (let length = 0; length < old.length; length++) {
      const { code } = await refusal(() => legacy(old.subarray(0, length)));
      expect(code, String(length)).toBe("files/truncated");
    }
  });
});
