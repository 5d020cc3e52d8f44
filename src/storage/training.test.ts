/** @file A training that is kept with its project: there again to the bit, replaced as it goes, gone when it ends. */
import { describe, expect, it } from "vitest";
import { AppError, explain, known, makeRandom } from "../core/index.ts";
import { fingerprintNetwork, weightSpecs, withNormalization } from "../model/index.ts";
import { DEFAULT_SETTINGS, type TrainState } from "../train/index.ts";
import { forgetProject, loadProject, saveProject } from "./keep.ts";
import type { TrainingNote } from "./schema.ts";
import { createMemoryShelf } from "./testing/memory-shelf.ts";
import { sampleProject } from "./testing/projects.ts";
import { writeTraining } from "./training.ts";

const { document, networkOf } = sampleProject();
const run = known(document.runs[1], "run");
const start = networkOf(run.network);
/** Not what the project's run says. */
const FED = { mean: [0.5, 0.5, 0.5], std: [0.2, 0.25, 0.3] };
const course = known(document.runs[2]?.course, "course");

/** Weights and momentum as after some steps from that run. */
function stateAt(step: number): TrainState {
  const random = makeRandom(step);
  const shaken = [...start.weights].map(
    ([name, { shape, values }]) => [name, { shape, values: values.map(random.normal) }] as const,
  );
  const specs = weightSpecs(start);
  const isTrained = (name: string): boolean => specs.get(name)?.trainable === true;
  return {
    network: withNormalization({ ...start, weights: new Map(shaken) }, FED),
    velocity: new Map(
      shaken
        .filter(([name]) => isTrained(name))
        .map(([name, { shape, values }]) => [name, { shape, values: values.map((v) => v / 2) }]),
    ),
    step,
  };
}

function noteAt(step: number): TrainingNote {
  return {
    purpose: "finetune",
    run: run.id,
    network: run.network,
    settings: { ...DEFAULT_SETTINGS, schedule: { kind: "cosine" }, length: { seconds: 60 } },
    step,
    total: 500,
    replans: [{ at: 20, steps: 400 }],
    perEpoch: 50,
    seconds: 12.5,
    images: "c".repeat(64),
    course,
  };
}

const written = (step: number) => writeTraining(noteAt(step), stateAt(step));

/** What is found of the training that is kept. */
async function found(shelf: ReturnType<typeof createMemoryShelf>) {
  return known(await loadProject(shelf), "project").training;
}

describe("a training that is kept", () => {
  it("comes back to the bit, is replaced as it goes, and leaves nothing behind", async () => {
    const shelf = createMemoryShelf();
    const own = document.runs.length;
    for (const step of [50, 100]) {
      expect(await saveProject(shelf, document, networkOf, await written(step))).toBe(step);
      const training = await found(shelf);
      if (training?.kind !== "sound") throw new Error("not sound");
      const { format, normalization, weights, momentum, ...note } = training.record;
      expect(format).toBe("espalier-training/1");
      expect(note).toEqual(noteAt(step));
      expect(normalization).toEqual(FED);
      expect(training.state.network.metadata.normalization).toEqual(FED);
      expect(weights).not.toBe(momentum);
      const { network, velocity, step: at } = stateAt(step);
      expect(training.state.step).toBe(at);
      expect(training.state.velocity).toEqual(velocity);
      expect(fingerprintNetwork(training.state.network)).toBe(fingerprintNetwork(network));
      expect(shelf.stored.networks.size).toBe(own + 2);
    }
    // The page changes otherwise meanwhile.
    const turned = { ...document, shown: 1 };
    expect(await saveProject(shelf, turned, networkOf, "as it is")).toBe(100);
    expect((await found(shelf))?.kind).toBe("sound");
    expect(await saveProject(shelf, document, networkOf, null)).toBeNull();
    expect(await found(shelf)).toBeNull();
    expect(shelf.stored.networks.size).toBe(own);
    await saveProject(shelf, document, networkOf, await written(50));
    await forgetProject(shelf);
    expect(shelf.stored).toMatchObject({ training: undefined, networks: new Map() });
  });

  it("is the last one or the next one, whichever call fails while it is replaced", async () => {
    const [first, second] = [await written(50), await written(100)];
    let n = 0;
    for (let isSaved = false; !isSaved;) {
      n += 1;
      const shelf = createMemoryShelf();
      await saveProject(shelf, document, networkOf, first);
      shelf.failAt = n;
      isSaved = await saveProject(shelf, document, networkOf, second).then(
        () => true,
        () => false,
      );
      shelf.failAt = 0;
      const training = await found(shelf);
      expect(training?.kind === "sound" && training.state.step).toBe(isSaved ? 100 : 50);
    }
    expect(n).toBeGreaterThan(8);
  });

  it("is found damaged alone: the project is there all the same", async () => {
    const shelf = createMemoryShelf();
    const { record, networks } = await written(50);
    const damage = {
      "a missing state": { ...record, weights: "a".repeat(64) },
      "a state of another network": { ...record, momentum: known(document.runs[0], "run").network },
      "a setting out of range": {
        ...record,
        settings: { ...record.settings, learningRate: -1 },
      },
      "nothing on how pixels are fed": { ...record, normalization: undefined },
      "a step that is none": { ...record, step: 0.5 },
      "a later format": { ...record, format: "espalier-training/2" },
    };
    await saveProject(shelf, document, networkOf, { record, networks });
    const sound = shelf.stored;
    for (const [what, text] of [
      ...Object.entries(damage).map(([name, json]) => [name, JSON.stringify(json)] as const),
      ["half a text", "{"] as const,
    ]) {
      shelf.stored = { ...sound, training: text };
      const training = await found(shelf);
      expect([what, training?.kind]).toEqual([what, "damaged"]);
      const error = training?.kind === "damaged" ? training.error : undefined;
      expect(error).toBeInstanceOf(AppError);
      expect(explain(known(error, "error"))).toMatch(/^the training kept in this browser/);
    }
    // A bit that has flipped.
    const bytes = known(sound.networks.get(record.weights), "bytes").slice();
    bytes[bytes.length - 2] = (bytes.at(-2) ?? 0) ^ 1;
    shelf.stored = { ...sound, networks: new Map(sound.networks).set(record.weights, bytes) };
    expect(await found(shelf)).toMatchObject({ error: { code: "files/checksum" } });
    expect((await loadProject(shelf))?.document).toEqual(document);
  });

  it("goes where half of it is gone, and the project stays", async () => {
    const shelf = createMemoryShelf();
    const { record, networks } = await written(50);
    await saveProject(shelf, document, networkOf, { record, networks });
    const left = new Map(shelf.stored.networks);
    left.delete(record.momentum);
    shelf.stored = { ...shelf.stored, networks: left };
    expect(await saveProject(shelf, document, networkOf, "as it is")).toBeNull();
    expect(shelf.stored.training).toBeUndefined();
    expect(shelf.stored.networks.size).toBe(document.runs.length);
    expect((await loadProject(shelf))?.document).toEqual(document);
  });

  it("is none of a project whose run it did not begin from", async () => {
    const shelf = createMemoryShelf();
    await saveProject(shelf, document, networkOf, await written(50));
    const runs = document.runs.slice(0, 1);
    const shorter = { ...document, shown: 1, runs, accuracies: [], curves: [], latencies: null };
    await saveProject(shelf, shorter, networkOf, "as it is");
    expect(await found(shelf)).toBeNull();
  });
});
