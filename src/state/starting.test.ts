/** @file What is said when the device below the engine is another one now. */
import { expect, it, vi } from "vitest";
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
