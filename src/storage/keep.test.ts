/**
 * @file The project that a browser keeps, on a shelf whose every call fails once: afterwards the former
 * project is there whole, or the new one.
 */
import { describe, expect, it } from "vitest";
import { AppError, explain, known } from "../core/index.ts";
import { fingerprintNetwork } from "../model/index.ts";
import { forgetProject, loadProject, saveProject } from "./keep.ts";
import type { ProjectDocument } from "./schema.ts";
import { createMemoryShelf } from "./testing/memory-shelf.ts";
import { sampleProject } from "./testing/projects.ts";

const sample = sampleProject();
const { document, networkOf } = sample;

/** Without the last run, and so without its network. */
const before: ProjectDocument = { ...document, shown: 1, runs: document.runs.slice(0, 2) };

/** Without the second run: its network goes, another stays. */
const after: ProjectDocument = {
  ...document,
  shown: 1,
  runs: [known(document.runs[0], "run")],
  accuracies: [],
  curves: [],
  latencies: null,
};

async function failing(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    if (error instanceof AppError) return explain(error);
    throw error;
  }
}

describe("what is kept", () => {
  it("comes back, networks with it", async () => {
    const shelf = createMemoryShelf();
    expect(await loadProject(shelf)).toBeNull();
    await saveProject(shelf, document, networkOf);
    const found = known(await loadProject(shelf), "project");
    expect(found.document).toEqual(document);
    expect(found.networks.map(fingerprintNetwork)).toEqual(document.runs.map((run) => run.network));
  });

  it("writes a network once, and takes it away with its last run", async () => {
    const shelf = createMemoryShelf();
    const asked: string[] = [];
    const asking = (key: string) => {
      asked.push(key);
      return networkOf(key);
    };
    await saveProject(shelf, before, asking);
    expect(asked).toHaveLength(2);
    await saveProject(shelf, document, asking);
    await saveProject(shelf, { ...document, shown: 4 }, asking);
    expect(asked).toEqual(document.runs.map((run) => run.network));
    await saveProject(shelf, after, asking);
    expect([...shelf.stored.networks.keys()]).toEqual([document.runs[0]?.network]);
    await forgetProject(shelf);
    expect(shelf.stored.networks.size).toBe(0);
    expect(await loadProject(shelf)).toBeNull();
  });

  it.each([
    ["another one is saved", document],
    ["one with fewer networks is saved", after],
  ])("stays whole at whichever call it fails while %s", async (_, next) => {
    let n = 0;
    for (;;) {
      n += 1;
      const shelf = createMemoryShelf();
      await saveProject(shelf, before, networkOf);
      shelf.failAt = n;
      const said = await failing(saveProject(shelf, next, networkOf));
      const isSaved = shelf.failAt > 0;
      shelf.failAt = 0;
      const found = known(await loadProject(shelf), "project");
      expect(found.document).toEqual(isSaved ? next : before);
      expect(new Set(shelf.stored.networks.keys())).toEqual(
        new Set(found.document.runs.map(({ network }) => network)),
      );
      if (isSaved) break;
      expect(said).toMatch(
        /: the browser has no room left for this project, and keeps what it kept before; save the project to a file before you leave\.$/,
      );
    }
    // begin, look, list, write or delete, write the document, commit
    expect(n).toBeGreaterThan(6);
  });

  it("is loaded or refused at whichever call reading fails, and never by half", async () => {
    const shelf = createMemoryShelf();
    await saveProject(shelf, document, networkOf);
    let [n, isRead] = [0, false];
    while (!isRead) {
      n += 1;
      shelf.failAt = n;
      const said = await failing(
        loadProject(shelf).then((found) => expect(found?.document).toEqual(document)),
      );
      isRead = said === "done";
      if (!isRead) expect(said).toContain("no room left");
    }
    // begin, document, keys, three networks, training, commit, and once more when nothing fails
    expect(n).toBe(1 + 2 + 3 + 1 + 1 + 1);
  });

  it("is left alone when a newer program wrote it, and that is said", async () => {
    const shelf = createMemoryShelf();
    await saveProject(shelf, document, networkOf);
    const text = known(shelf.stored.document, "text").replace("project/2", "project/3");
    shelf.stored = { ...shelf.stored, document: text };
    const sentence =
      "the project kept in this browser: a newer Espalier wrote this project (espalier-project/3; this one reads espalier-project/1, espalier-project/2), and it is left as it is; open it with that Espalier.";
    expect(await failing(loadProject(shelf))).toBe(sentence);
    expect(await failing(saveProject(shelf, after, networkOf))).toBe(sentence);
    expect(await failing(forgetProject(shelf))).toBe(sentence);
    expect(shelf.stored.document).toBe(text);
    expect(shelf.stored.networks.size).toBe(3);
  });

  it("is refused when it was damaged, and can be forgotten or saved over", async () => {
    const shelf = createMemoryShelf();
    await saveProject(shelf, document, networkOf);
    const [[key, bytes] = ["", new Uint8Array()], ...others] = shelf.stored.networks;
    const damaged = bytes.slice();
    damaged[damaged.length - 2] = (damaged.at(-2) ?? 0) ^ 1;
    shelf.stored = { ...shelf.stored, networks: new Map([[key, damaged], ...others]) };
    expect(await failing(loadProject(shelf))).toContain(
      `the project kept in this browser › ${key.slice(0, 8)}: the checksum is wrong`,
    );
    shelf.stored = { ...shelf.stored, networks: new Map(others) };
    expect(await failing(loadProject(shelf))).toContain("a part is missing");
    await saveProject(shelf, document, networkOf);
    expect((await loadProject(shelf))?.document).toEqual(document);
    shelf.stored = { ...shelf.stored, document: '{"format":"espalier-project/1","ru' };
    expect(await failing(loadProject(shelf))).toContain("the file is cut short");
    await forgetProject(shelf);
    expect(await loadProject(shelf)).toBeNull();
  });
});
