/** @file What is said when the device below the engine is another one now. */
import { expect, it, vi } from "vitest";
import { AppError, known } from "../core/index.ts";
import { cutOffOf } from "./cut-off.ts";
import type { BackendReport, Engine } from "./engine.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { setProblem } from "./page.ts";
import { createWorkbench } from "./workbench.ts";

it("says once that the engine crashed, and keeps the technical words apart", async () => {
  let crash: Parameters<Engine["onRestart"]>[0] = () => undefined;
  const engine = createFakeEngine({ pace: 0, architecture: "vgg11:width=0.125" });
  const { commands, page } = createWorkbench({
    ...engine,
    onRestart: (listener) => {
      crash = listener;
      return () => true;
    },
  });
  await commands.start();
  const error = { code: "worker/crashed", where: "engine", found: "boom" } as const;
  const technical =
    "engine: the worker crashed and was replaced (found boom); start the work again; the network on the page is unharmed.";
  // The work that it took along heard of it first, or later.
  setProblem(page, "prune", technical);
  crash(error);
  setProblem(page, "load", technical);
  expect(page.getState()).toMatchObject({
    restarted: "The engine crashed and was restarted; nothing is lost.",
    restartDetails: technical,
    problems: {},
  });
});

it.each([
  ["the training was cut off before any of it was kept, and is to be started again", false],
  ["the training was cut off, and its step says how it goes on", true],
])("says of a crash during a training: %s", async (words, isKept) => {
  let crash: Parameters<Engine["onRestart"]>[0] = () => undefined;
  const engine = createFakeEngine({ pace: 0, architecture: "vgg11:width=0.125" });
  const error = { code: "worker/crashed", where: "engine", found: "boom" } as const;
  const { commands, page, training } = createWorkbench({
    ...engine,
    train: async (_, onEvent) => {
      const { network } = known(page.getState().session ?? undefined, "session");
      const state = { network, velocity: new Map(), step: 100 };
      const checkpoint = { state, total: 240, perEpoch: 100, seconds: 7, images: "ab" };
      if (isKept) onEvent({ kind: "checkpoint", checkpoint });
      // The page hears of it before what was under way does.
      crash(error);
      return await Promise.reject(new AppError(error.code, error));
    },
    onRestart: (listener) => {
      crash = listener;
      return () => true;
    },
  });
  await commands.start();
  await commands.startTraining("sparse");
  expect(page.getState().restarted).toBe(`The engine crashed and was restarted; ${words}.`);
  expect(cutOffOf(training.getState())?.state.step).toBe(isKept ? 100 : undefined);
});

it("says that the graphics card was lost, what runs instead and the way back, and measures again", async () => {
  let lose: Parameters<Engine["onDeviceLost"]>[0] = () => undefined;
  const engine = createFakeEngine({ pace: 0, architecture: "vgg11:width=0.125" });
  const evaluate = vi.fn(engine.evaluate);
  const { commands, page, measured } = createWorkbench({
    ...engine,
    evaluate,
    onDeviceLost: (listener) => {
      lose = listener;
      return () => true;
    },
  });
  await commands.start();
  await vi.waitFor(() => expect(measured.getState().latencies.size).toBeGreaterThan(0));
  const before = page.getState();
  const now: BackendReport = {
    kind: "wasm",
    description: "wasm, own kernels, SIMD, 2 threads",
    reason: "no GPU found",
    limits: ["no-gpu"],
    threads: 2,
    wantedThreads: 2,
  };
  lose(now, { code: "runtime/device-lost", where: "webgpu" });
  // Times of another machine, as it were.
  expect(measured.getState().latencies.size).toBe(0);
  expect(page.getState()).toMatchObject({ backend: now, session: before.session });
  expect(page.getState().restarted).toBe(
    "webgpu: the graphics device was lost, and the network is unharmed; the page goes on with wasm, own kernels, SIMD, 2 threads, and what was under way is to be started again, or goes on from where it was kept; reload the page to try the graphics card again.",
  );
  evaluate.mockClear();
  commands.setRatio(0.5);
  await vi.waitFor(() => expect(evaluate).toHaveBeenCalled());
  commands.dismissRestart();
  expect(page.getState().restarted).toBeNull();
});
