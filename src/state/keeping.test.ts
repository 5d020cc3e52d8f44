/**
 * @file A visit that ends and goes on: one engine's shelf, two workbenches after each other. And what the page
 * says where nothing can be kept.
 */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AppError, known } from "../core/index.ts";
import { createMemoryShelf, type MemoryShelf } from "../storage/testing/memory-shelf.ts";
import type { Engine, HandedProject, MeasuredEvaluation } from "./engine.ts";
import type { MeasuredState } from "./measured.ts";
import { methodText } from "./method.ts";
import { createFakeEngine, type FakeOptions } from "./testing/fake-engine.ts";
import { createRoom } from "./room.ts";
import { FORM_DEFAULTS } from "./training-form.ts";
import { createWorkbench, type Workbench } from "./workbench.ts";
import { during } from "./testing/during.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  vi.setSystemTime(new Date(2026, 10, 28, 14, 2));
});
afterEach(() => {
  vi.useRealTimers();
});

/** A visit of this browser. */
async function visit(options: FakeOptions = {}, change: Partial<Engine> = {}): Promise<Workbench> {
  const workbench = createWorkbench({ ...createFakeEngine({ pace: 0, ...options }), ...change });
  await during(workbench.commands.start());
  return workbench;
}

/** Samples as they are kept: which class was taken for which is measured again. */
function keptOf(evaluations: MeasuredState["evaluations"]) {
  const plain = ({ confusion, ...sample }: MeasuredEvaluation) => {
    expect(confusion?.classes ?? 10).toBe(10);
    return sample;
  };
  return new Map([...evaluations].map(([name, samples]) => [name, samples.map(plain)]));
}

/** Everything that a person would lose. */
function whatIsThere({ page, method, slider, measured, sensitivity }: Workbench) {
  const { runs, runId, step } = page.getState();
  return {
    step,
    runId,
    runs: runs.map(({ session, ...run }) => ({
      ...run,
      network: session.key,
      metadata: session.network.metadata,
      origin: session.origin,
      place: session.place,
      normalization: session.normalization,
      formerWidths: session.formerWidths,
      cost: session.cost,
    })),
    // The ratio in it is the slider's to say.
    method: methodText(method.getState().method),
    options: method.getState().method.options,
    manner: method.getState().method.manner,
    ratio: slider.getState().ratio,
    removed: slider.getState().preview?.removed,
    evaluations: keptOf(measured.getState().evaluations),
    curves: sensitivity.getState().curves,
  };
}

/** A cut, a lock, another ratio, a few measured points and all curves. */
async function work(workbench: Workbench): Promise<void> {
  const { commands } = workbench;
  commands.setRatio(0.5);
  await during(commands.apply());
  commands.toggleLock("conv2");
  commands.renameRun(2, "half of it");
  commands.pinRun(2, true);
  commands.goTo("prune");
  commands.setRatio(0.25);
  await during(commands.computeSensitivity());
  await vi.advanceTimersByTimeAsync(20_000);
}

it("is all there again at the next start, with the time at which it was left", async () => {
  const shelf = createMemoryShelf();
  const before = await visit({ shelf });
  await work(before);
  expect(before.keeping.getState()).toMatchObject({
    status: "kept",
    time: "14:02",
    isRestored: false,
    problem: null,
  });
  const left = whatIsThere(before);
  expect(left.evaluations.size).toBeGreaterThan(3);
  expect(left.curves.size).toBeGreaterThan(3);
  expect(left.options.locked).toEqual(["conv2"]);
  expect(left.runs[1]).toMatchObject({ name: "half of it", isPinned: true });

  const after = await visit({ shelf });
  expect(whatIsThere(after)).toEqual(left);
  expect(after.activity.getState().message).toBe("Restored your project of 14:02.");
  expect(after.keeping.getState()).toMatchObject({ status: "kept", isRestored: true });
  expect(after.history.getState().canUndo).toBe(false);
  after.commands.restore(1);
  expect(after.page.getState().session?.key).toBe(left.runs[0]?.network);
});

it("brings a training's curves back with its run, in the browser and from a file", async () => {
  const shelf = createMemoryShelf();
  const before = await visit({ shelf });
  await during(before.commands.startTraining("sparse"));
  before.commands.keepTraining();
  await vi.advanceTimersByTimeAsync(5_000);
  const courseIn = ({ page }: Workbench) => page.getState().runs[1]?.course;
  const course = known(courseIn(before), "course");
  expect(course.batches.steps.length).toBeGreaterThan(10);
  expect(course.ridge.counts.length).toBeGreaterThan(1);
  expect(courseIn(await visit({ shelf }))).toEqual(course);

  const file = known(await during(before.commands.writeProject()), "file");
  const other = await visit();
  const bytes = file.bytes as Uint8Array<ArrayBuffer>;
  await during(other.commands.openFiles([new File([bytes], file.name)]));
  expect(courseIn(other)).toEqual(course);
});

it("is not overwritten by a visit that begins with a link", async () => {
  const shelf = createMemoryShelf();
  const before = await visit({ shelf });
  await work(before);
  const left = whatIsThere(before);
  before.commands.restore(1);
  const link = known(before.commands.writeLink(), "link");
  before.commands.restore(2);
  await vi.advanceTimersByTimeAsync(20_000);

  const workbench = createWorkbench(createFakeEngine({ pace: 0, shelf }));
  await during(workbench.commands.start("auto", link));
  expect(workbench.keeping.getState()).toMatchObject({
    status: "refused",
    problem: expect.stringMatching(/began with a link.*Save it to a file\.$/),
  });
  workbench.commands.setRatio(0.5);
  await during(workbench.commands.apply());
  await vi.advanceTimersByTimeAsync(20_000);
  expect(whatIsThere(await visit({ shelf })).runs).toEqual(left.runs);
});

it("is kept from a visit that begins with a link where nothing was kept before", async () => {
  const link = known((await visit()).commands.writeLink(), "link");
  const shelf = createMemoryShelf();
  const workbench = createWorkbench(createFakeEngine({ pace: 0, shelf }));
  await during(workbench.commands.start("auto", link));
  workbench.commands.setRatio(0.5);
  await during(workbench.commands.apply());
  await vi.advanceTimersByTimeAsync(20_000);
  expect(workbench.keeping.getState().status).toBe("kept");
  expect((await visit({ shelf })).page.getState().runs).toHaveLength(2);
});

it("does not take anybody back from where they have gone while it came", async () => {
  const shelf = createMemoryShelf();
  await work(await visit({ shelf }));
  const workbench = createWorkbench(createFakeEngine({ pace: 0, shelf }));
  const start = workbench.commands.start();
  workbench.commands.goTo("export");
  await during(start);
  expect(workbench.page.getState().step).toBe("export");
  expect(workbench.keeping.getState().isRestored).toBe(true);
});

it("leaves whoever has pressed the step that is open where they are", async () => {
  const shelf = createMemoryShelf();
  const before = await visit({ shelf });
  await work(before);
  before.commands.goTo("export");
  await vi.advanceTimersByTimeAsync(20_000);
  const after = createWorkbench(createFakeEngine({ pace: 0, shelf }));
  after.commands.goTo("prune");
  const start = after.commands.start();
  after.commands.goTo("prune");
  await during(start);
  expect(after.keeping.getState().isRestored).toBe(true);
  expect(after.page.getState().step).toBe("prune");
});

it("saves to a file, starts afresh, and has everything again from the file", async () => {
  const shelf = createMemoryShelf();
  const workbench = await visit({ shelf });
  await work(workbench);
  workbench.commands.choosePasses(3);
  workbench.commands.editTraining("finetune", { epochs: "7" });
  const left = whatIsThere(workbench);
  const file = known(await during(workbench.commands.writeProject()), "file");
  expect(file.name).toBe("vgg16-width-0.1875.espalier.zip");

  await during(workbench.commands.startAfresh());
  expect(workbench.page.getState().runs).toHaveLength(1);
  expect(workbench.method.getState().method.options).toEqual({});
  expect(workbench.slider.getState().ratio).toBe(0);
  expect(workbench.passing.getState().passes).toBe(1);
  expect(workbench.training.getState().forms).toEqual(FORM_DEFAULTS);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(workbench.keeping.getState().status).toBe("untouched");
  expect(shelf.stored).toEqual({ document: undefined, networks: new Map() });

  const bytes = file.bytes as Uint8Array<ArrayBuffer>;
  await during(workbench.commands.openFiles([new File([bytes], file.name)]));
  workbench.commands.goTo("prune");
  expect(whatIsThere(workbench)).toMatchObject({ ...left, evaluations: expect.any(Map) });
  for (const [name, samples] of left.evaluations) {
    expect(keptOf(workbench.measured.getState().evaluations).get(name)).toEqual(samples);
  }
});

it("drops accuracies and curves where the images are others, and keeps the rest", async () => {
  const shelf = createMemoryShelf();
  const before = await visit({ shelf });
  await work(before);
  const left = whatIsThere(before);
  const text = known(shelf.stored.document, "document").replace(
    '"name":"CIFAR-10 test","count":10000',
    '"name":"CIFAR-10 test","count":9999',
  );
  shelf.stored = { ...shelf.stored, document: text };
  const after = whatIsThere(await visit({ shelf }));
  expect({ ...after, evaluations: null, curves: null }).toEqual({
    ...left,
    evaluations: null,
    curves: null,
  });
  expect(after.evaluations.size).toBe(0);
  expect(after.curves.size).toBe(0);
});

it("does not forget figures while there are no images at all", async () => {
  const shelf = createMemoryShelf();
  const before = await visit({ shelf });
  await work(before);
  const left = whatIsThere(before);
  const without = await visit({ shelf, withoutData: true });
  expect(whatIsThere(without).evaluations.size).toBe(0);
  without.commands.setRatio(0.75);
  await vi.advanceTimersByTimeAsync(5_000);
  const again = whatIsThere(await visit({ shelf }));
  expect(again.ratio).toBe(0.75);
  for (const [name, samples] of left.evaluations) {
    expect(again.evaluations.get(name)).toEqual(samples);
  }
});

it("does not keep the shipped network as it came, however long it is looked at", async () => {
  const shelf = createMemoryShelf();
  const workbench = await visit({ shelf });
  workbench.commands.goTo("prune");
  await vi.advanceTimersByTimeAsync(30_000);
  expect(workbench.measured.getState().evaluations.size).toBeGreaterThan(0);
  expect(workbench.keeping.getState().status).toBe("untouched");
  expect(shelf.calls.filter((call) => call.startsWith("put"))).toEqual([]);
});

it("keeps what was taken back to the start, once it was touched", async () => {
  const shelf = createMemoryShelf();
  const workbench = await visit({ shelf });
  workbench.commands.setRatio(0.5);
  await vi.advanceTimersByTimeAsync(3_000);
  workbench.commands.setRatio(0);
  await vi.advanceTimersByTimeAsync(3_000);
  expect((await visit({ shelf })).slider.getState().ratio).toBe(0);
});

it("waits while a control is held", async () => {
  const shelf = createMemoryShelf();
  const workbench = await visit({ shelf });
  const writes = (): number => shelf.calls.filter((call) => call === "putDocument").length;
  workbench.commands.holdHistory();
  workbench.commands.setRatio(0.5);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(writes()).toBe(0);
  workbench.commands.releaseHistory();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(writes()).toBeGreaterThan(0);
});

it("keeps at once when the page is hidden", async () => {
  const shelf = createMemoryShelf();
  const workbench = await visit({ shelf });
  workbench.commands.setRatio(0.5);
  workbench.commands.keepNow();
  await vi.advanceTimersByTimeAsync(0);
  expect(shelf.stored.document).toContain('"ratio":0.5');
});

it("says when there is no room, keeps the former project, and tries again", async () => {
  const shelf = createMemoryShelf();
  const workbench = await visit({ shelf });
  workbench.commands.setRatio(0.5);
  await vi.advanceTimersByTimeAsync(3_000);
  const before = shelf.stored;
  shelf.failAt = 4;
  workbench.commands.goTo("export");
  await vi.advanceTimersByTimeAsync(1_500);
  expect(shelf.stored).toBe(before);
  expect(workbench.keeping.getState()).toMatchObject({
    status: "refused",
    problem: expect.stringMatching(
      /the browser has no room left for this project, and keeps what it kept before; save the project to a file before you leave\.$/,
    ),
  });
  workbench.commands.goTo("prune");
  await vi.advanceTimersByTimeAsync(3_000);
  expect(workbench.keeping.getState()).toMatchObject({ status: "kept", problem: null });
});

it("says that another tab keeps, once and quietly", async () => {
  const saveProject = vi.fn(async () => "another tab" as const);
  const workbench = await visit({}, { saveProject });
  for (const ratio of [0.5, 0.25, 0.75]) {
    workbench.commands.setRatio(ratio);
    await vi.advanceTimersByTimeAsync(3_000);
  }
  expect(saveProject).toHaveBeenCalledTimes(1);
  expect(workbench.keeping.getState().status).toBe("elsewhere");
  expect(workbench.page.getState().problems).toEqual({});
});

const REFUSALS: readonly [string, (shelf: MemoryShelf) => void, string][] = [
  [
    "a newer program",
    (shelf) => {
      const document = known(shelf.stored.document, "text").replace("project/1", "project/3");
      shelf.stored = { ...shelf.stored, document };
    },
    "a newer Espalier wrote this project",
  ],
  [
    "damage",
    (shelf) => {
      shelf.stored = { ...shelf.stored, networks: new Map() };
    },
    "a part is missing",
  ],
];

it.each(REFUSALS)(
  "opens the shipped network beside what is kept by %s, and leaves that alone",
  async (_, spoil, sentence) => {
    const shelf = createMemoryShelf();
    await work(await visit({ shelf }));
    spoil(shelf);
    const { stored } = shelf;
    const workbench = await visit({ shelf });
    expect(workbench.page.getState().runs).toHaveLength(1);
    expect(workbench.keeping.getState()).toMatchObject({ status: "refused" });
    expect(workbench.keeping.getState().problem).toContain(sentence);
    workbench.commands.setRatio(0.5);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(shelf.stored).toBe(stored);
  },
);

it("starts afresh from what was damaged, and keeps again", async () => {
  const shelf = createMemoryShelf();
  await work(await visit({ shelf }));
  shelf.stored = { ...shelf.stored, networks: new Map() };
  const workbench = await visit({ shelf });
  await during(workbench.commands.startAfresh());
  workbench.commands.setRatio(0.5);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(workbench.keeping.getState().status).toBe("kept");
  expect((await visit({ shelf })).slider.getState().ratio).toBe(0.5);
});

it("leaves the page as it is when a project cannot be opened", async () => {
  const workbench = await visit();
  await work(workbench);
  const left = whatIsThere(workbench);
  const file = known(await during(workbench.commands.writeProject()), "file");
  const half = file.bytes.slice(0, file.bytes.length / 2);
  await during(workbench.commands.openFiles([new File([half], file.name)]));
  expect(workbench.page.getState().problems.load).toMatch(/espalier\.zip: the file is cut short/);
  expect(whatIsThere(workbench)).toEqual(left);
});

it("refuses a new start while a training's result is neither kept nor discarded", async () => {
  const workbench = await visit();
  await during(workbench.commands.startTraining("sparse"));
  const before = workbench.page.getState().session;
  await during(workbench.commands.startAfresh());
  expect(workbench.page.getState().session).toBe(before);
  expect(workbench.page.getState().problems.load).toMatch(/neither kept nor discarded/);
});

it("goes on where the browser keeps nothing, says so once there is something to lose, and tries again", async () => {
  const refusal = new AppError("storage/unavailable", { where: "the browser's storage" });
  const nothing = (): Promise<never> => Promise.reject(refusal);
  const saveProject = vi.fn<Engine["saveProject"]>(nothing);
  const loadProject = vi.fn<Engine["loadProject"]>(nothing);
  const workbench = await visit({}, { loadProject, saveProject });
  const { commands, keeping, slider } = workbench;
  expect(keeping.getState().isAtRisk).toBe(false);
  commands.setRatio(0.5);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(slider.getState().preview?.removed).toBeGreaterThan(0);
  expect(keeping.getState()).toMatchObject({
    status: "refused",
    trouble: "closed",
    isAtRisk: true,
    problem:
      "the browser's storage: this browser keeps nothing for this page; save the project to a file before you leave.",
  });
  loadProject.mockResolvedValue(null);
  saveProject.mockResolvedValue("this tab");
  await during(commands.keepAgain());
  expect(keeping.getState()).toMatchObject({ status: "kept", trouble: null, isAtRisk: false });
});

it("leaves a project alone that could not be read at the start and is there after all", async () => {
  const refusal = new AppError("storage/unavailable", { where: "the browser's storage" });
  const saveProject = vi.fn<Engine["saveProject"]>(() => Promise.resolve("this tab"));
  const there = { document: {}, networks: new Map() } as unknown as HandedProject;
  const loadProject = vi
    .fn<Engine["loadProject"]>(() => Promise.resolve(there))
    .mockRejectedValueOnce(refusal);
  const { commands, keeping } = await visit({}, { loadProject, saveProject });
  commands.setRatio(0.5);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(saveProject).not.toHaveBeenCalled();
  expect(keeping.getState()).toMatchObject({ status: "refused", isAtRisk: true });
  expect(keeping.getState().problem).toMatch(/^What you kept before could not be read/);
});

it("keeps again by itself when a network was deleted and there is room", async () => {
  let isFull = false;
  const engine = createFakeEngine({ pace: 0 });
  const saveProject: Engine["saveProject"] = (document, training) =>
    isFull
      ? Promise.reject(new AppError("storage/full", { where: "the browser's storage" }))
      : engine.saveProject(document, training);
  const workbench = await visit({}, { ...engine, saveProject });
  const { commands, keeping, page } = workbench;
  const [baseline] = page.getState().runs;
  commands.setRatio(0.5);
  await during(commands.apply());
  await vi.advanceTimersByTimeAsync(3_000);
  expect(keeping.getState().status).toBe("kept");
  isFull = true;
  commands.goTo("export");
  await vi.advanceTimersByTimeAsync(3_000);
  expect(keeping.getState()).toMatchObject({ status: "refused", trouble: "full", isAtRisk: true });
  isFull = false;
  commands.restore(known(baseline, "baseline").id);
  const cut = known(page.getState().runs.at(-1), "cut");
  commands.removeRun(cut.id);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(keeping.getState()).toMatchObject({ status: "kept", trouble: null, isAtRisk: false });
});

it("asks the browser to keep it when the first network of a person's own is made, and never before", async () => {
  const storage = {
    estimate: () => Promise.resolve({ usage: 1_000, quota: 5_000 }),
    persisted: () => Promise.resolve(false),
    persist: vi.fn(() => Promise.resolve(true)),
  };
  const room = createRoom(() => storage);
  const workbench = createWorkbench(createFakeEngine({ pace: 0 }), undefined, room);
  const { commands } = workbench;
  await during(commands.start());
  commands.setRatio(0.5);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(storage.persist).not.toHaveBeenCalled();
  expect(room.store.getState()).toEqual({ used: 1_000, quota: 5_000, isPromised: null });
  await during(commands.apply());
  await vi.advanceTimersByTimeAsync(0);
  expect(room.store.getState().isPromised).toBe(true);
  commands.setRatio(0.2);
  await during(commands.apply());
  expect(storage.persist).toHaveBeenCalledTimes(1);
});

it("goes on where the browser says nothing of its room, or refuses to", async () => {
  for (const storage of [
    () => undefined,
    () => {
      throw new DOMException("no", "SecurityError");
    },
  ]) {
    const room = createRoom(storage);
    await room.look();
    await room.ask();
    expect(room.store.getState()).toMatchObject({ used: null, quota: null });
    expect(room.store.getState().isPromised).not.toBe(true);
  }
});
