/** @file A training that the page is closed on: two visits of one browser, the second of which goes on with it. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AppError, known } from "../core/index.ts";
import type { Shelf } from "../storage/index.ts";
import { createMemoryShelf } from "../storage/testing/memory-shelf.ts";
import { cutOffOf } from "./cut-off.ts";
import type { Engine, Network, TrainCheckpoint, TrainEvent, TrainRequest } from "./engine.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { fakeProjects } from "./testing/fake-projects.ts";
import { createWorkbench } from "./workbench.ts";
import { during } from "./testing/during.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const IMAGES = "c".repeat(64);

/** A visit whose trainings tell their state after 100 and after 200 of 500 steps, then wait for the test. */
async function visit(shelf: Shelf) {
  const engine = createFakeEngine({ pace: 0, architecture: "vgg11:width=0.125" });
  const held = new Map<string, Network>();
  const projects = fakeProjects(shelf, (key) => known(held.get(key), "network"));
  const asked: TrainRequest[] = [];
  const saving = vi.fn(projects.saveProject);
  let crash: (error: Error) => void = () => undefined;
  const train: Engine["train"] = async (request, onEvent, options) => {
    asked.push(request);
    const tell = (step: number): void => {
      const told = { kind: "step", step, total: 500, epoch: 0, loss: 1, accuracy: 0.5 } as const;
      onEvent({ ...told, learningRate: 0.1, imagesPerSecond: 1, eta: 1 } satisfies TrainEvent);
    };
    if (request.from !== undefined) {
      for (const step of [300, 400, 500]) tell(step);
      const outcome = await engine.train(request, () => undefined, options);
      held.set(outcome.key, outcome.network);
      return { ...outcome, steps: 500, total: 500 };
    }
    const network = known(held.get(request.network), "network");
    for (const step of [100, 200]) {
      tell(step);
      const state = { network, velocity: new Map(), step };
      const more = { total: 500, perEpoch: 100, seconds: step / 10, images: IMAGES };
      const checkpoint: TrainCheckpoint = { state, ...more };
      projects.tell(checkpoint);
      onEvent({ kind: "checkpoint", checkpoint });
    }
    return await new Promise((_, reject) => {
      crash = reject;
    });
  };
  const workbench = createWorkbench({
    ...engine,
    ...projects,
    saveProject: saving,
    hold: async (network) => {
      const key = await engine.hold(network);
      held.set(key, network);
      return key;
    },
    train,
  });
  await during(workbench.commands.start());
  const kept = async (step: number | null): Promise<void> => {
    await vi.advanceTimersByTimeAsync(2_000);
    // The platform hashes beside the clock.
    const state = { status: "kept", trainingStep: step };
    await vi.waitFor(() => expect(workbench.keeping.getState()).toMatchObject(state), {
      timeout: 5_000,
      interval: 10,
    });
  };
  return { ...workbench, asked, saving, kept, crash: (error: Error) => crash(error) };
}

/** A first visit that ends in the middle of a training. */
async function closedOn(shelf: Shelf, length: "epochs" | "seconds" = "epochs") {
  const first = await visit(shelf);
  first.commands.editTraining("finetune", { length, epochs: "5", seconds: "90" });
  void first.commands.startTraining("finetune");
  await first.kept(200);
  return first;
}

it("says after a reload where a training was cut off, and goes on from there", async () => {
  const shelf = createMemoryShelf();
  const first = await closedOn(shelf);
  expect(first.page.getState().restarted).toBeNull();

  const { commands, page, training, keeping, asked } = await visit(shelf);
  expect(page.getState().restarted).toBe(
    "A training was cut off with the page, after epoch 2 of 5; go on with it under Fine-tune, or discard it there.",
  );
  expect(cutOffOf(training.getState())?.state.step).toBe(200);
  expect(keeping.getState()).toMatchObject({ status: "kept", trainingStep: 200 });
  // What a crash leaves on an open page is there again.
  const { series, fromRun, purpose, scales } = training.getState();
  expect(series.points.map(({ step }) => step)).toEqual([100, 200]);
  expect([fromRun, purpose]).toEqual([page.getState().runId, "finetune"]);
  expect(scales?.length).toBeGreaterThan(0);
  // Nothing takes it away unsaid.
  await during(commands.startTraining("sparse"));
  expect(page.getState().problems.sparse).toMatch(/^A training was cut off.* Fine-tune/);

  await during(commands.goOnTraining());
  expect(page.getState().restarted).toBeNull();
  const [request] = asked;
  expect(request?.settings).toEqual(first.asked[0]?.settings);
  expect(request?.network).toBe(first.asked[0]?.network);
  expect(request?.from).toMatchObject({ total: 500, perEpoch: 100, seconds: 20, images: IMAGES });
  expect(request?.from?.state.step).toBe(200);
  commands.keepTraining();
  expect(page.getState().runs.at(-1)?.making.kind).toBe("fine-tuned");
});

it("is gone from the browser once its result is kept, or it is discarded", async () => {
  const shelf = createMemoryShelf();
  await closedOn(shelf);
  const second = await visit(shelf);
  await during(second.commands.goOnTraining());
  await second.kept(200);
  // Its result is neither kept nor discarded: a reload would still go on.
  expect(shelf.stored.training).toBeDefined();
  second.commands.keepTraining();
  await second.kept(null);
  expect(shelf.stored.training).toBeUndefined();
  expect((await visit(shelf)).page.getState()).toMatchObject({ restarted: null });

  const third = createMemoryShelf();
  await closedOn(third);
  const fourth = await visit(third);
  await during(fourth.commands.discardTraining());
  expect(fourth.page.getState().restarted).toBeNull();
  await fourth.kept(null);
  expect(third.stored.training).toBeUndefined();
  expect(third.stored.networks.size).toBe(1);
  expect(cutOffOf((await visit(third)).training.getState())).toBeNull();
});

it("can be taken as it is after a reload, and is then a run of the project that is kept", async () => {
  const shelf = createMemoryShelf();
  await closedOn(shelf);
  const second = await visit(shelf);
  await during(second.commands.endTraining());
  expect(second.asked).toEqual([]);
  expect(second.page.getState().restarted).toBeNull();
  second.commands.keepTraining();
  await second.kept(null);
  expect(shelf.stored.training).toBeUndefined();
  const { runs } = (await visit(shelf)).page.getState();
  const trained = {
    steps: 200,
    seconds: 20,
    ended: "stopped",
    settings: { length: { steps: 500 } },
  };
  expect(runs.at(-1)?.making).toMatchObject({ kind: "fine-tuned", trained });
});

it("counts a time box in steps, and keeps its seconds", async () => {
  const shelf = createMemoryShelf();
  await closedOn(shelf, "seconds");
  const { page, training } = await visit(shelf);
  expect(training.getState().settings?.length).toEqual({ seconds: 90 });
  expect(page.getState().restarted).toContain("after epoch 2 of 5");
});

it("opens the project all the same where the training cannot be read, and says so", async () => {
  const shelf = createMemoryShelf();
  await closedOn(shelf);
  const { training = "" } = shelf.stored;
  shelf.stored = { ...shelf.stored, training: training.replace(IMAGES, "?") };
  const { page, training: now, keeping } = await visit(shelf);
  expect(page.getState().restarted).toBe(
    "A training was cut off with the page, and what was kept of it cannot be read.",
  );
  expect(page.getState().restartDetails).toMatch(/^the training kept in this browser › images/);
  expect(page.getState().runs).toHaveLength(1);
  expect(keeping.getState()).toMatchObject({ status: "kept", trainingStep: null });
  expect(now.getState()).toMatchObject({ status: "idle", purpose: null });
});

it("says nothing where there is no room for it, and the training goes on", async () => {
  const first = await visit(createMemoryShelf());
  first.saving.mockResolvedValue("this tab, without the training");
  void first.commands.startTraining("finetune");
  await first.kept(null);
  expect(first.keeping.getState()).toMatchObject({ problem: null, trouble: null, isAtRisk: false });
  expect(first.training.getState().status).toBe("running");
  expect(first.page.getState()).toMatchObject({ restarted: null, problems: {} });
  first.crash(new AppError("worker/crashed", { where: "engine" }));
  await vi.advanceTimersByTimeAsync(0);
  expect(cutOffOf(first.training.getState())?.state.step).toBe(200);
});

it("alarms nobody where nothing at all can be kept, before there is more to lose than a training", async () => {
  const shelf = createMemoryShelf();
  const full = new AppError("storage/full", { where: "the browser's storage" });
  const first = await visit({
    transact: async (mode, work) => {
      if (mode === "readwrite") throw full;
      return await shelf.transact(mode, work);
    },
  });
  void first.commands.startTraining("finetune");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(first.saving).toHaveBeenCalled();
  expect(first.training.getState().status).toBe("running");
  const state = { status: "refused", isAtRisk: false };
  const look = (): void => expect(first.keeping.getState()).toMatchObject(state);
  await vi.waitFor(look, { timeout: 5_000, interval: 10 });
  first.commands.setRatio(0.5);
  expect(first.keeping.getState().isAtRisk).toBe(true);
});

it("alarms nobody about a training in a tab beside the one that keeps", async () => {
  const { commands, keeping, saving } = await visit(createMemoryShelf());
  saving.mockResolvedValue("another tab");
  void commands.startTraining("finetune");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(keeping.getState()).toMatchObject({ status: "elsewhere", isAtRisk: false });
  commands.setRatio(0.5);
  expect(keeping.getState().isAtRisk).toBe(true);
});
