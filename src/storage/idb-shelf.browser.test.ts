/**
 * @file The shelf in a real browser: what is written is there for the next connection, what fails has not
 * happened, and refusals are said in our words.
 */
import { deleteDB, openDB } from "idb";
import { expect, it, onTestFinished } from "vitest";
import { AppError, known } from "../core/index.ts";
import { createIdbShelf } from "./idb-shelf.ts";
import { loadProject, saveProject } from "./keep.ts";
import { DEFAULT_SETTINGS } from "../train/index.ts";
import type { TrainingNote } from "./schema.ts";
import { sampleProject } from "./testing/projects.ts";
import { writeTraining } from "./training.ts";
import { createWriter } from "./writer.ts";

const { document, networkOf } = sampleProject();
let count = 0;

/** A database of its own, gone afterwards. */
function freshName(): string {
  const name = `espalier-test-${count++}`;
  onTestFinished(async () => {
    await deleteDB(name, { blocked: () => undefined });
  });
  return name;
}

it("keeps a project for the next connection", async () => {
  const name = freshName();
  await saveProject(createIdbShelf(name), document, networkOf);
  const found = known(await loadProject(createIdbShelf(name)), "project");
  expect(found.document).toEqual(document);
  expect(found.networks).toHaveLength(document.runs.length);
});

it("keeps a training beside it, without another layout of the storage", async () => {
  const name = freshName();
  const run = known(document.runs[0], "run");
  const network = networkOf(run.network);
  const note: TrainingNote = {
    purpose: "sparse",
    run: run.id,
    network: run.network,
    settings: { ...DEFAULT_SETTINGS, schedule: { kind: "cosine" } },
    step: 7,
    total: 21,
    perEpoch: 7,
    seconds: 1,
    images: "c".repeat(64),
  };
  const written = await writeTraining(note, { network, velocity: new Map(), step: 7 });
  await saveProject(createIdbShelf(name), document, networkOf, written);
  const found = known(await loadProject(createIdbShelf(name)), "project");
  expect(found.training).toMatchObject({ kind: "sound", record: note, state: { step: 7 } });
  expect(found.document).toEqual(document);
  await saveProject(createIdbShelf(name), document, networkOf, null);
  expect((await loadProject(createIdbShelf(name)))?.training).toBeNull();
});

it("undoes a transaction whose work fails, from the first call to the last", async () => {
  const shelf = createIdbShelf(freshName());
  await saveProject(shelf, document, networkOf);
  const failed = shelf.transact("readwrite", async (shelved) => {
    await shelved.clear();
    await shelved.putDocument("half");
    throw new AppError("storage/full", { where: "here" });
  });
  await expect(failed).rejects.toMatchObject({ code: "storage/full" });
  expect((await loadProject(shelf))?.document).toEqual(document);
});

it("says what it is when a newer program has been there, and leaves that alone", async () => {
  const name = freshName();
  (await openDB(name, 2)).close();
  await expect(loadProject(createIdbShelf(name))).rejects.toMatchObject({ code: "project/newer" });
  const later = await openDB(name);
  expect(later.version).toBe(2);
  later.close();
});

it("gives way to a newer program in another tab", async () => {
  const name = freshName();
  await saveProject(createIdbShelf(name), document, networkOf);
  const newer = await openDB(name, 2);
  expect([...newer.objectStoreNames]).toEqual(["networks", "project"]);
  newer.close();
});

it("says no to every tab but the first", async () => {
  const options = { name: `espalier-test-${count++}`, patience: 100 };
  const [first, second] = [0, 1].map(() => createWriter(navigator.locks, options));
  expect(await first?.()).toBe(true);
  expect(await second?.()).toBe(false);
  expect(await first?.()).toBe(true);
  expect(await createWriter(undefined)()).toBe(true);
});
