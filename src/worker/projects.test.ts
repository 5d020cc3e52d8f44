/** @file Projects through the engine: what one worker has kept or written, the next one holds again. */
import { expect, it } from "vitest";
import { known } from "../core/index.ts";
import { sameNetwork } from "../files/graph.ts";
import { loadProject } from "../storage/index.ts";
import { createMemoryShelf } from "../storage/testing/memory-shelf.ts";
import { sampleProject } from "../storage/testing/projects.ts";
import { DEFAULT_SETTINGS } from "../train/index.ts";
import { makeHost } from "./calls.ts";
import { EngineHost } from "./engine-host.ts";
import { KeptProject, type Keeping } from "./projects.ts";
import type { TrainCheckpoint } from "./protocol.ts";
import type { MethodName, Methods, Reply } from "./wire.ts";

const sample = sampleProject();

/** A fresh worker's engine. */
function engine(keeping: Keeping = {}) {
  const host = makeHost(new EngineHost({ wasmPaths: "", ...keeping }));
  let id = 0;
  const ask = <M extends MethodName>(
    method: M,
    request: Methods[M]["request"],
  ): Promise<Reply<Methods[M]["reply"]>> => host.call(++id, method, request, () => undefined);
  return {
    ask,
    value: async <M extends MethodName>(method: M, request: Methods[M]["request"]) => {
      const reply = await ask(method, request);
      if (reply.kind !== "value") throw new Error(JSON.stringify(reply));
      return reply.value;
    },
  };
}

it("keeps networks that it holds, and hands each to the next page once", async () => {
  const shelf = createMemoryShelf();
  const first = engine({ shelf });
  expect(await first.value("loadProject", undefined)).toBeNull();
  for (const network of sample.networks) await first.value("hold", network);
  expect(await first.value("saveProject", { document: sample.document, training: null })).toBe(
    "this tab",
  );

  const second = engine({ shelf });
  const found = known(await second.value("loadProject", undefined), "project");
  expect(found.document).toEqual(sample.document);
  expect(found.networks.map(({ key }) => key)).toEqual(
    sample.document.runs.map(({ network }) => network),
  );
  for (const { key, network } of found.networks) {
    expect(sameNetwork(network, sample.networkOf(key))).toBe(true);
    expect(await second.value("hold", key)).toBe(key);
  }
  const again = await second.value("writeProject", found.document);
  expect(again.name).toBe("tiny.espalier.zip");
  expect(await second.value("forgetProject", undefined)).toBe("this tab");
  expect(await engine({ shelf }).value("loadProject", undefined)).toBeNull();
});

it("opens a file that it has written, as one thing", async () => {
  const first = engine();
  for (const network of sample.networks) await first.value("hold", network);
  const { name, bytes } = await first.value("writeProject", sample.document);
  const file = new File([bytes as Uint8Array<ArrayBuffer>], name);
  const [opened, ...others] = await engine().value("openFiles", { files: [file] });
  expect(others).toEqual([]);
  expect(opened?.kind === "project" && opened.document).toEqual(sample.document);
});

it("refuses what it cannot keep: networks that it does not hold, and anything without a storage", async () => {
  const shelf = createMemoryShelf();
  const refused = await engine({ shelf }).ask("saveProject", {
    document: sample.document,
    training: null,
  });
  expect(refused).toMatchObject({ kind: "refused", error: { code: "worker/unknown-network" } });
  expect(shelf.stored.document).toBeUndefined();
  expect(await engine().ask("loadProject", undefined)).toMatchObject({
    kind: "refused",
    error: { code: "storage/unavailable" },
  });
});

it("neither saves nor forgets where another tab keeps", async () => {
  const shelf = createMemoryShelf();
  const locks = { request: () => Promise.reject(new DOMException("taken", "TimeoutError")) };
  const second = engine({ shelf, locks: locks as unknown as LockManager });
  for (const network of sample.networks) await second.value("hold", network);
  expect(await second.value("saveProject", { document: sample.document, training: null })).toBe(
    "another tab",
  );
  expect(await second.value("forgetProject", undefined)).toBe("another tab");
  expect(shelf.calls).toEqual([]);
});

const [begun] = sample.document.runs;
const run = known(begun, "run");
const start = sample.networkOf(run.network);

function stateAt(step: number): TrainCheckpoint {
  const state = { network: start, velocity: new Map(), step };
  return { state, total: 500, perEpoch: 1, seconds: step / 10, images: "c".repeat(64) };
}

/** What a page says of a training at a step. */
function noteAt(step: number) {
  const { state: _, ...rest } = stateAt(step);
  const schedule = { kind: "cosine" } as const;
  const settings = { ...DEFAULT_SETTINGS, schedule, length: { epochs: 500 } };
  const begin = { purpose: "finetune", run: run.id, network: run.network, settings } as const;
  return { ...begin, step, ...rest };
}

it("keeps the newest state of a training that is ahead of what the page has heard, and each once", async () => {
  const shelf = createMemoryShelf();
  const kept = new KeptProject({ shelf });
  for (const step of [7, 8, 9]) kept.tell(stateAt(step));
  expect(await kept.save(sample.document, noteAt(7), sample.networkOf)).toBe("this tab");
  const training = known(await loadProject(shelf), "project").training;
  expect(training).toMatchObject({ kind: "sound", record: { step: 9, seconds: 0.9 } });

  shelf.calls.length = 0;
  expect(await kept.save(sample.document, noteAt(8), sample.networkOf)).toBe("this tab");
  expect(shelf.calls.filter((call) => /^put(Network|Training)$/.test(call))).toEqual([]);
  // A page that knows of more than lies there, as after a crash, is told so.
  const said = await kept.save(sample.document, noteAt(10), sample.networkOf);
  expect(said).toBe("this tab, without the training");
});

it("forgets what was still being saved when it was asked to forget", async () => {
  const shelf = createMemoryShelf();
  const kept = new KeptProject({ shelf });
  kept.tell(stateAt(7));
  const saving = kept.save(sample.document, noteAt(7), sample.networkOf);
  expect(await kept.forget()).toBe("this tab");
  expect(await saving).toBe("this tab");
  expect(shelf.stored).toMatchObject({ document: undefined, training: undefined });
  expect(shelf.stored.networks.size).toBe(0);
});
