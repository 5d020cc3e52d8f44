/**
 * @file Thousands of damaged checkpoints, in the manner of `files/fuzz.test.ts`: each opens with finite sizes or is
 * refused with an `AppError` in plain words. Pickles are damaged inside their archive too, where no checksum
 * stands before them.
 */
import { describe, expect, it } from "vitest";
import { AppError, explain, makeRandom, sizeOf } from "../../core/index.ts";
import { mutate } from "../testing/samples.ts";
import { readTorchLegacy } from "./read-legacy.ts";
import { readTorchZip } from "./read-zip.ts";
import type { Checkpoint } from "./state-dict.ts";
import { dict, entriesOf, golden, latin, openZip, tensor, zipFile } from "./testing/files.ts";

const MUTANTS = Number(process.env["ESPALIER_FUZZ"] ?? 5000);
const SEED = 20_263;
const TIMEOUT = 30_000 + 20 * MUTANTS;

interface Flavour {
  readonly original: Uint8Array;
  readonly open: (bytes: Uint8Array) => Checkpoint | Promise<Checkpoint>;
}

/** The entries of a golden, with another pickle. */
function withPickle(bytes: Uint8Array): Promise<Checkpoint> {
  const entries = entriesOf(golden("small.pth")).map((entry) =>
    entry.path.endsWith("/data.pkl")
      ? { ...entry, size: bytes.length, read: () => Promise.resolve(bytes) }
      : entry,
  );
  return readTorchZip(entries, "x.pth");
}

async function pickleOf(name: string): Promise<Uint8Array> {
  const entry = entriesOf(golden(name)).find(({ path }) => path.endsWith("/data.pkl"));
  return entry?.read() ?? new Uint8Array();
}

const legacy = (bytes: Uint8Array): Checkpoint => readTorchLegacy(bytes, "x.pth");

/** Old opcodes around a tensor, whose storage is the first float32 one of the golden. */
const PROTOCOL_0 =
  "(dp0\nS'epoch'\np1\nI160\nsS'best'\nF0.94\nsV\\u20ac\n(I01\nL12L\ntsS'net'\n" +
  `${dict({ w: tensor({ key: "1" }) })}s.`;

const FLAVOURS: Readonly<Record<string, () => Promise<Flavour>>> = {
  zip: async () => ({
    original: zipFile(`\x80\x02${dict({ state_dict: dict({ w: tensor(), v: tensor() }) })}.`),
    open: openZip,
  }),
  "pickle in a zip": async () => ({ original: await pickleOf("small.pth"), open: withPickle }),
  "pickle of protocol 4": async () => ({
    original: await pickleOf("small-protocol4.pth"),
    open: withPickle,
  }),
  "pickle of protocol 0": async () => ({
    original: latin(PROTOCOL_0),
    open: withPickle,
  }),
  legacy: async () => ({ original: golden("small-legacy.pth"), open: legacy }),
  "legacy of protocol 4": async () => ({
    original: golden("small-legacy-protocol4.pth"),
    open: legacy,
  }),
};

describe("damaged checkpoints", () => {
  for (const [name, make] of Object.entries(FLAVOURS)) {
    it(`${name}: ${MUTANTS} mutants open or are refused`, { timeout: TIMEOUT }, async () => {
      const { original, open } = await make();
      const random = makeRandom(SEED);
      const codes = new Map<string, number>();
      expect(await outcome(() => open(original), "the original")).toBe("opened");
      for (let i = 0; i < MUTANTS; i++) {
        let mutant = mutate(original, random);
        if (random.integer(3) === 0 && mutant.length > 0) mutant = mutate(mutant, random);
        const code = await outcome(() => open(mutant), `seed ${SEED}, mutant ${i}`);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      expect(codes.size).toBeGreaterThan(3);
    });
  }
});

async function outcome(open: () => unknown, label: string): Promise<string> {
  try {
    const { tensors, extras } = (await open()) as Checkpoint;
    for (const { shape, values } of tensors.values()) {
      if (values.length !== sizeOf(shape)) throw new Error("a tensor of another size");
    }
    structuredClone(extras);
    return "opened";
  } catch (error) {
    if (!(error instanceof AppError)) throw new Error(label, { cause: error });
    expect(explain(error), label).not.toMatch(/undefined|NaN|null|\[object/);
    return error.code;
  }
}
