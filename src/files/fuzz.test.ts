/**
 * @file Thousands of damaged files against every reader: each opens or is refused with an
 * `AppError`, in words without `undefined` or `NaN`; nothing else is thrown, nothing hangs. The seed is fixed and printed on failure;
 * `ESPALIER_FUZZ` sets the number of mutants, and the release runs with many more.
 */
import { gzipSync, unzipSync, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { describe, expect, it } from "vitest";
import { AppError, explain, makeRandom } from "../core/index.ts";
import { validateNetwork } from "../model/index.ts";
import { exportNetwork, openFiles, writeBundle, zipFiles } from "./index.ts";
import { awkward, cifarBytes, file, mutate, tiny } from "./testing/samples.ts";

const MUTANTS = Number(process.env["ESPALIER_FUZZ"] ?? 2000);
const SEED = 20_261;
const TIMEOUT = 30_000 + 20 * MUTANTS;

type Drop = readonly (readonly [name: string, bytes: Uint8Array])[];

const tfjs = (await exportNetwork(tiny(), "tfjs")).files;
const strange = (await exportNetwork(awkward(), "tfjs")).files;
const plainTar = packTar(
  ["a/batches.meta.txt", "a/data_batch_1.bin", "a/test_batch.bin"].map((name, i) => ({
    header: { name, size: 3073, mtime: new Date(0) },
    body: cifarBytes(1, i),
  })),
);
const named = (files: typeof tfjs): Drop => files.map(({ name, bytes }) => [name, bytes] as const);

const documents = { recipe: {}, plan: {}, report: {}, summary: [] };
const bundled = writeBundle({
  network: tiny(),
  exports: [{ format: "tfjs", files: tfjs }],
  documents,
  checks: [],
});
/** Unpacked, the manifest first. */
const bundle: Drop = Object.entries(unzipSync(bundled.bytes));

const SEEDS: Readonly<Record<string, () => Promise<Drop>>> = {
  safetensors: async () => named((await exportNetwork(tiny(), "safetensors")).files),
  "safetensors of PyTorch's names": async () =>
    named((await exportNetwork(awkward(), "torch-safetensors")).files.slice(0, 1)),
  "tfjs model.json": async () => named(strange),
  "tfjs shard": async () => named(tfjs.toReversed()),
  "cifar shard": async () => [["test_batch.bin", cifarBytes(2)]],
  tar: async () => [["a.tar", await plainTar]],
  "tar.gz": async () => [["a.tar.gz", gzipSync(await plainTar)]],
  "zip, stored": async () => [["a.zip", zipFiles(tfjs)]],
  "a bundle's manifest": async () => bundle,
  "zip, deflated": async () => {
    const entries = Object.fromEntries(tfjs.map(({ name, bytes }) => [name, bytes]));
    return [["a.zip", zipSync(entries, { level: 6 })]];
  },
};

describe("damaged files", () => {
  for (const [kind, makeSeed] of Object.entries(SEEDS)) {
    it(
      `${kind}: ${MUTANTS} mutants open or are refused in words`,
      { timeout: TIMEOUT },
      async () => {
        const [[name, original] = ["", new Uint8Array()], ...others] = await makeSeed();
        const random = makeRandom(SEED);
        const codes = new Map<string, number>();
        for (let i = 0; i < MUTANTS; i++) {
          let mutant = mutate(original, random);
          if (random.integer(3) === 0 && mutant.length > 0) mutant = mutate(mutant, random);
          const code = await outcome([[name, mutant], ...others], `seed ${SEED}, mutant ${i}`);
          codes.set(code, (codes.get(code) ?? 0) + 1);
        }
        expect(codes.size).toBeGreaterThan(2);
      },
    );
  }
});

async function outcome(drop: Drop, label: string): Promise<string> {
  try {
    const opened = await openFiles(drop.map(([name, bytes]) => file(name, bytes)));
    for (const result of opened) if (result.kind === "network") validateNetwork(result.network);
    return "opened";
  } catch (error) {
    if (!(error instanceof AppError)) throw new Error(label, { cause: error });
    const sentence = explain(error);
    expect(sentence, label).not.toMatch(/undefined|NaN|null|\[object/);
    return error.code;
  }
}
