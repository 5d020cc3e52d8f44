/** @file A training whose graphics card or worker is lost goes on where its state was kept last. */
import { expect, it, vi } from "vitest";
import { AppError, known } from "../core/index.ts";
import { cutOffOf } from "./cut-off.ts";
import type { Engine, TrainEvent, TrainRequest } from "./engine.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

const LOST = new AppError("runtime/device-lost", { where: "webgpu" });

/** Trains on a card that is lost `losses` times, each time some steps after a state was kept. */
async function onLossyCard(losses: number, error: AppError = LOST, change: Partial<Engine> = {}) {
  const engine = createFakeEngine({ pace: 0 });
  const asked: TrainRequest[] = [];
  const train: Engine["train"] = async (request, onEvent, options) => {
    asked.push(request);
    const first = request.from?.state.step ?? 0;
    const tell = (step: number): void => {
      const event = { kind: "step", step, total: 240, epoch: 0, loss: 1, accuracy: 0.5 } as const;
      onEvent({ ...event, learningRate: 0.1, imagesPerSecond: 1, eta: 1 } satisfies TrainEvent);
    };
    if (asked.length > losses) return engine.train(request, onEvent, options);
    tell(first + 100);
    const { session } = workbench.page.getState();
    const { network } = known(session ?? undefined, "session");
    const state = { network, velocity: new Map(), step: first + 100 };
    onEvent({
      kind: "checkpoint",
      checkpoint: { state, total: 240, perEpoch: 100, seconds: 7, images: "ab" },
    });
    tell(first + 130);
    throw error;
  };
  const workbench = createWorkbench({ ...engine, train, ...change });
  await workbench.commands.start();
  return { ...workbench, asked };
}

it("keeps the network, the curves until there, and goes on from the epoch that was kept", async () => {
  const { commands, training, page, asked } = await onLossyCard(1);
  const before = page.getState().session;
  await commands.startTraining("sparse");
  expect(page.getState().session).toBe(before);
  expect(page.getState().problems.sparse).toMatch(/^webgpu: the graphics device was lost/);
  expect(cutOffOf(training.getState())?.state.step).toBe(100);
  expect(training.getState().series.points.map(({ step }) => step)).toEqual([100, 130]);
  // Its network is still needed, and nothing else may take its place unsaid.
  expect(training.getState().fromRun).toBe(page.getState().runId);
  await commands.openShipped();
  expect(page.getState().session).toBe(before);
  expect(page.getState().problems.load).toMatch(/neither kept nor discarded/);

  const going = commands.goOnTraining();
  expect(training.getState().status).toBe("running");
  expect(training.getState().series.points.map(({ step }) => step)).toEqual([100]);
  expect(page.getState().problems.sparse).toBeUndefined();
  await going;
  const [first, second] = asked;
  expect(first?.from).toBeUndefined();
  expect(second?.from?.state.step).toBe(100);
  expect(second?.network).toBe(first?.network);
  // A time box stays one: the engine knows how much of it is over.
  expect(first?.settings.length).toHaveProperty("seconds");
  expect(second?.settings).toEqual(first?.settings);
  expect(training.getState().status).toBe("ended");
  expect(cutOffOf(training.getState())).toBeNull();
  commands.keepTraining();
  expect(training.getState().checkpoint).toBeNull();
  expect(page.getState().runs.at(-1)?.making.kind).toBe("sparse");
});

it.each(["runtime/device-lost", "worker/crashed", "worker/unresponsive"] as const)(
  "survives one loss after the other (%s)",
  async (code) => {
    const { commands, training, asked } = await onLossyCard(2, new AppError(code, { where: "x" }));
    await commands.startTraining("finetune");
    await commands.goOnTraining();
    expect(cutOffOf(training.getState())?.state.step).toBe(200);
    await commands.goOnTraining();
    expect(asked.map(({ from }) => from?.state.step)).toEqual([undefined, 100, 200]);
    expect(training.getState().status).toBe("ended");
  },
);

it("offers nothing where the training itself was refused, or was discarded", async () => {
  const refused = await onLossyCard(1, new AppError("data/missing", { where: "images" }));
  await refused.commands.startTraining("sparse");
  expect(refused.training.getState()).toMatchObject({ status: "idle", purpose: null });
  await refused.commands.goOnTraining();
  expect(refused.asked).toHaveLength(1);

  const { commands, training, asked } = await onLossyCard(1);
  await commands.startTraining("sparse");
  await commands.discardTraining();
  expect(cutOffOf(training.getState())).toBeNull();
  await commands.goOnTraining();
  expect(asked).toHaveLength(1);
});

it("hears nothing more of a training whose worker is lost: the next one starts", async () => {
  const crashed = new AppError("worker/crashed", { where: "engine" });
  let late = (): void => undefined;
  const { commands, training, page } = await onLossyCard(0, crashed, {
    train: async ({ network }, onEvent) => {
      expect(network).toBe(page.getState().session?.key);
      late = () => {
        const { network: lost } = known(page.getState().session ?? undefined, "session");
        const state = { network: lost, velocity: new Map(), step: 100 };
        const about = { state, total: 240, perEpoch: 100, seconds: 7, images: "ab" };
        onEvent({ kind: "checkpoint", checkpoint: about });
      };
      throw crashed;
    },
  });
  await commands.startTraining("finetune");
  late();
  expect(training.getState()).toMatchObject({ status: "idle", checkpoint: null, purpose: null });
  const again = commands.startTraining("finetune");
  expect(training.getState().status).toBe("running");
  await again;
  expect(page.getState().problems.finetune).not.toMatch(/go on with it/);
});

it("is not lost to another training, nor to passes", async () => {
  const { commands, training, page, passing, asked } = await onLossyCard(1);
  await commands.startTraining("sparse");
  await commands.startTraining("finetune");
  expect(page.getState().problems.finetune).toMatch(/^A training was cut off.* Sparse train/);
  commands.setRatio(0.3);
  await commands.runPasses();
  expect(page.getState().problems.prune).toMatch(/^A training was cut off/);
  expect(passing.getState().now).toBeNull();
  expect(page.getState().runs).toHaveLength(1);
  expect(asked).toHaveLength(1);
  expect(cutOffOf(training.getState())?.state.step).toBe(100);

  await commands.startTraining("sparse");
  expect(asked).toHaveLength(2);
  expect(asked[1]?.from).toBeUndefined();
  // What is started again begins beside what had been learned.
  const left = page.getState().runs.at(-1);
  expect(left?.making).toMatchObject({ kind: "sparse", trained: { steps: 100, ended: "stopped" } });
  expect(left?.course?.batches.steps.at(-1)).toBe(100);
  expect(page.getState().runId).toBe(left?.parent);
  expect(training.getState().outcome?.steps).not.toBe(100);
});

it("can be taken as it is, without another step, and is still there when that fails", async () => {
  const holding = vi.fn<Engine["hold"]>();
  const engine = createFakeEngine({ pace: 0 });
  holding.mockImplementation((network) => engine.hold(network));
  const bench = await onLossyCard(1, LOST, { hold: holding });
  const { commands, training, page, asked } = bench;
  await commands.startTraining("finetune");
  const cutOff = cutOffOf(training.getState());
  holding.mockRejectedValueOnce(new AppError("worker/crashed", { where: "engine" }));
  await commands.endTraining();
  expect(page.getState().problems.finetune).toMatch(/engine/);
  expect(cutOffOf(training.getState())).toBe(cutOff);
  holding.mockRejectedValueOnce(new AppError("worker/crashed", { where: "engine" }));
  await commands.startTraining("finetune");
  expect(cutOffOf(training.getState())).toBe(cutOff);

  const [first, second] = [commands.endTraining(), commands.endTraining()];
  await Promise.all([first, second]);
  expect(asked).toHaveLength(1);
  expect(page.getState().problems).toEqual({});
  expect(training.getState()).toMatchObject({
    status: "ended",
    outcome: { steps: 100, total: 240, ended: "stopped", validation: null, seconds: 7 },
  });
  commands.keepTraining();
  const { runs, runId, session } = page.getState();
  expect(runs.map(({ making }) => making.kind)).toEqual(["loaded", "fine-tuned"]);
  expect(session).toBe(runs.find(({ id }) => id === runId)?.session);
  expect(runs[1]?.course?.batches.steps).toEqual([100]);
});
