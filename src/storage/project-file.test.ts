/**
 * @file A project as one file: what is written comes back, and each kind of damage is refused in a sentence
 * that names file and place.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError, explain, known } from "../core/index.ts";
import { openFiles, writeProject, zipFiles, type NamedBytes } from "../files/index.ts";
import { readZip } from "../files/containers/zip-read.ts";
import { sameNetwork } from "../files/graph.ts";
import { file, tiny } from "../files/testing/samples.ts";
import { writeSafetensors } from "../files/safetensors/write.ts";
import { soundProject, type SoundProject } from "./keep.ts";
import type { ProjectDocument } from "./schema.ts";
import { METHOD, sampleProject } from "./testing/projects.ts";

const sample = sampleProject();
const written = await writeProject(sample, "a.espalier.zip");
const entries: NamedBytes[] = [];
for (const entry of readZip(written.bytes, "a")) {
  entries.push({ name: entry.path, bytes: await entry.read() });
}
const [first, second] = sample.document.runs.map(({ network }) => network);

async function open(bytes: Uint8Array, more: readonly File[] = []): Promise<SoundProject> {
  const [opened, ...others] = await openFiles([file("a.espalier.zip", bytes), ...more]);
  expect(others).toEqual([]);
  if (opened?.kind !== "project") throw new Error(`opened as ${opened?.kind}`);
  return soundProject(opened);
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "opened";
  } catch (error) {
    if (error instanceof AppError) return explain(error);
    throw error;
  }
}

/** The archive with another document. */
function saying(document: unknown): Uint8Array {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  const [, ...networks] = entries;
  return zipFiles([{ name: "project.json", bytes: new TextEncoder().encode(text) }, ...networks]);
}

type Changes = Readonly<Record<string, unknown>>;

/** The document with fields at paths such as `runs.1.parent` changed. */
function changed(changes: Changes): unknown {
  const copy = structuredClone(sample.document) as unknown as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = known(keys.pop(), path);
    let target = copy;
    for (const key of keys) target = target[key] as Record<string, unknown>;
    target[last] = value;
  }
  return copy;
}

describe("a project's file", () => {
  it("gives back every run with its network, bit for bit, and everything else as it was", async () => {
    const { document, networks } = await open(written.bytes);
    expect(document).toEqual(sample.document);
    for (const [i, network] of networks.entries()) {
      expect(sameNetwork(network, known(sample.networks[i], "network"))).toBe(true);
    }
    expect((await writeProject(sample, "a.espalier.zip")).bytes).toEqual(written.bytes);
  });

  it("holds weights of one fingerprint once, whatever its runs say beside them", async () => {
    const { document, networks } = sampleProject();
    const [run, ...others] = document.runs;
    const again = {
      ...known(run, "run"),
      id: 9,
      against: 9,
      name: "another name",
      metadata: { classes: ["a", "b", "c", "d"] },
    };
    const opened = known(networks[0], "network");
    const twin = { ...opened, name: again.name, metadata: again.metadata };
    const parts = {
      document: { ...document, runs: [known(run, "run"), ...others, again] },
      networks: [...networks, twin],
    };
    const { bytes } = await writeProject(parts, "b.espalier.zip");
    expect(readZip(bytes, "b")).toHaveLength(1 + 3);
    const read = await open(bytes);
    expect(known(read.networks[3], "twin").metadata).toEqual(again.metadata);
    expect(known(read.networks[3], "twin").weights).toBe(known(read.networks[0], "first").weights);
  });

  it("round-trips whatever was measured and set", async () => {
    const share = fc.integer({ min: 1, max: 999 }).map((n) => n / 1000);
    const positions = fc.uniqueArray(share, { maxLength: 12 });
    const count = fc.integer({ min: 1, max: 10_000 });
    await fc.assert(
      fc.asyncProperty(positions, count, share, fc.boolean(), async (ratios, of, ratio, whole) => {
        const document: ProjectDocument = {
          ...sample.document,
          method: {
            ...sample.document.method,
            allocation: whole
              ? { kind: "uniform", ratio }
              : { kind: "list", layers: { conv1: { ratio } }, streams: "select" },
          },
          accuracies: ratios.map((at) => ({
            network: known(first, "key"),
            method: METHOD,
            ratio: at,
            samples: [
              {
                count: of,
                correct: Math.floor(of * at),
                accuracy: Math.floor(of * at) / of,
                loss: at * 3,
                interval: [0, 1],
                milliseconds: at,
              },
            ],
          })),
        };
        expect((await open(saying(document))).document).toEqual(document);
      }),
      { numRuns: 30 },
    );
  });
});

/** A course that is sound, of a training that is over at once. */
const COURSE = {
  batches: { steps: [1], loss: [2], accuracy: [0.5] },
  heldBack: { steps: [], accuracy: [] },
  scales: { steps: [], dead: [], mean: [] },
  ridge: { low: -4, high: 0.25, steps: [], counts: [] },
};

describe("a damaged project", () => {
  const place = "a.espalier.zip › project.json";
  const again = "save the project again where it was made.";

  it.each<[string, Changes, string]>([
    [
      "of a later version",
      { format: "espalier-project/3" },
      `${place}: a newer Espalier wrote this project (espalier-project/3; this one reads espalier-project/1, espalier-project/2), and it is left as it is; open it with that Espalier.`,
    ],
    [
      "whose run was made from itself",
      { "runs.1.parent": 2 },
      `${place} › runs › 1 › parent: a field has a bad value (expected a run before this one, found run 2); ${again}`,
    ],
    [
      "whose runs were made from each other",
      { "runs.1.parent": 4 },
      `${place} › runs › 1 › parent: a field has a bad value (expected a run before this one, found run 4); ${again}`,
    ],
    [
      "with a run from nowhere",
      { "runs.2.parent": 3 },
      `${place} › runs › 2 › parent: a field has a bad value (expected a run before this one, found run 3); ${again}`,
    ],
    [
      "with a course of no training",
      { "runs.1.course": COURSE },
      `${place} › runs › 1 › course: a field has a bad value (expected none without a training, found one); ${again}`,
    ],
    [
      "with a course that goes back",
      { "runs.2.course": { ...COURSE, heldBack: { steps: [2, 1], accuracy: [0.1, 0.2] } } },
      `${place} › runs › 2 › course › heldBack › steps: a field has a bad value (expected rising steps, found others); ${again}`,
    ],
    [
      "with a course that has lost a value",
      { "runs.2.course": { ...COURSE, heldBack: { steps: [1, 2], accuracy: [0.1] } } },
      `${place} › runs › 2 › course › heldBack › accuracy: a field has a bad value (expected 2, found 1); ${again}`,
    ],
    [
      "with a course on no axis",
      { "runs.2.course": { ...COURSE, ridge: { ...COURSE.ridge, high: -4 } } },
      `${place} › runs › 2 › course › ridge › high: a field has a bad value (expected more than -4, found -4); ${again}`,
    ],
    [
      "with a cut of nothing",
      { "runs.1.parent": null },
      `${place} › runs › 1 › parent: a field has a bad value (expected a parent, or a network that was opened, found neither or both); ${again}`,
    ],
    [
      "with one number for two runs",
      { "runs.2.id": 2 },
      `${place} › runs › 2 › id: a field has a bad value (expected every number once, found 2 again); ${again}`,
    ],
    [
      "compared with what is no baseline",
      { "runs.2.against": 2 },
      `${place} › runs › 2 › against: a field has a bad value (expected itself, or a baseline before it, found run 2); ${again}`,
    ],
    [
      "that shows a run which is not there",
      { shown: 3 },
      `${place} › shown: a field has a bad value (expected one of the runs, found run 3); ${again}`,
    ],
    [
      "measured on a network which is not there",
      { "accuracies.0.network": "0".repeat(64) },
      `${place} › accuracies › 0 › network: a field has a bad value (expected the network of a run, found 00000000); ${again}`,
    ],
    [
      "measured twice",
      { "accuracies.1.ratio": 0, "accuracies.1.method": null },
      `${place} › accuracies › 1: a field has a bad value (expected every position once, found one again); ${again}`,
    ],
    [
      "with more right than there are",
      { "accuracies.0.samples.0.correct": 257 },
      `${place} › accuracies › 0 › samples › 0 › correct: a field has a bad value (expected at most 256, found 257); ${again}`,
    ],
    [
      "with another accuracy than was counted",
      { "accuracies.0.samples.0.accuracy": 0.9 },
      `${place} › accuracies › 0 › samples › 0 › accuracy: a field has a bad value (expected 0.78125, found 0.9); ${again}`,
    ],
    [
      "with an accuracy above 1",
      { "accuracies.0.samples.0.accuracy": 1.5 },
      `${place} › accuracies › 0 › samples › 0 › accuracy: a field has a bad value (expected at most 1, found 1.5); export the file again.`,
    ],
    [
      "measured by no method",
      { "accuracies.1.method": `${METHOD}|0.5` },
      `${place} › accuracies › 1 › method: a field has a bad value (expected a method's text, found something else); ${again}`,
    ],
    [
      "measured on no images",
      { images: null },
      `${place} › accuracies: a field has a bad value (expected none without images, found some); ${again}`,
    ],
    [
      "with a curve that goes back",
      {
        "curves.0.layers.0.samples": [
          { ratio: 0.2, accuracy: 0.5 },
          { ratio: 0.1, accuracy: 0.5 },
        ],
      },
      `${place} › curves › 0 › conv1: a field has a bad value (expected rising ratios, found others); ${again}`,
    ],
    [
      "with a criterion that nobody knows",
      { "method.criterion": "luck" },
      `${place} › method › criterion: there is no such criterion`,
    ],
    [
      "with a field that nobody knows",
      { "method.luck": 1 },
      `${place} › method › luck: a field has a bad value (expected no such field`,
    ],
    [
      "trained by impossible settings",
      { "runs.2.making.trained.settings.momentum": 7 },
      `${place} › runs › 2 › making › trained › settings › momentum: a field has a bad value (expected`,
    ],
    [
      "with a plan that keeps what is not there",
      { "runs.1.making.plan.groups.0.kept": [0, 99] },
      `${place} › runs › 1 › making › plan › conv1: a field has a bad value (expected rising places from 0 to 7, found 99)`,
    ],
    [
      "with class names that do not fit",
      { "runs.0.metadata": { classes: ["one"] } },
      `${place} › runs › 0 › metadata › classes: a field has a bad value (expected 4 entries, found 1)`,
    ],
    [
      "with a network that is not there",
      { "runs.2.network": "1".repeat(64) },
      `${place}: a part is missing (expected networks/${"1".repeat(64)}.safetensors, found no such network); ${again}`,
    ],
    ["without runs", { runs: [] }, `${place} › runs: a field has a bad value`],
  ])("%s is refused with its place", async (_, changes, sentence) => {
    expect(await refusal(open(saying(changed(changes))))).toContain(sentence);
  });

  it("with a number that is none is refused with its place", async () => {
    const text = JSON.stringify(sample.document).replace('"seconds":1.5', '"seconds":1e999');
    expect(await refusal(open(saying(text)))).toBe(
      `${place} › runs › 2 › making › trained › seconds: a field has a bad value (expected a finite number, found one that is not); ${again}`,
    );
  });

  it("with another network under a fingerprint is refused by the network's place", async () => {
    const other = writeSafetensors(
      { ...tiny(), weights: sample.networkOf(String(first)).weights },
      "x",
    );
    const swapped = entries.map(({ name, bytes }) =>
      name.includes(String(second)) ? { name, bytes: other.bytes } : { name, bytes },
    );
    expect(await refusal(open(zipFiles(swapped)))).toBe(
      `a.espalier.zip › networks/${second}.safetensors: the checksum is wrong (expected a network with the fingerprint ${second?.slice(0, 8)}, found ${first?.slice(0, 8)}); ${again}`,
    );
  });

  it("cut short anywhere is refused with the file's name", async () => {
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const bytes = written.bytes.slice(0, Math.floor(written.bytes.length * share));
      expect(await refusal(open(bytes))).toMatch(/^a\.espalier\.zip: the file is cut short/);
    }
  });

  it("of which any byte was flipped never opens as something else", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(written.bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const bytes = written.bytes.slice();
          bytes[at] = (bytes[at] ?? 0) ^ by;
          const said = await refusal(
            open(bytes).then((project) => {
              // What no checksum covers, such as a date of the archive.
              expect(project.document).toEqual(sample.document);
            }),
          );
          expect(said).toMatch(/^opened$|^a\.espalier\.zip/);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("is refused together with other things, which could not stay", async () => {
    const other = file("b.safetensors", writeSafetensors(tiny(), "b").bytes);
    expect(await refusal(open(written.bytes, [other]))).toBe(
      "a.espalier.zip, b.safetensors: a field has a bad value (expected a project alone, found a project and other things); drop the project by itself.",
    );
  });
});
