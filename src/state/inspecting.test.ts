/** @file Looking into a channel: what is asked, what is dropped when another one is chosen, what it costs. */
import { expect, it, vi } from "vitest";
import { AppError, known } from "../core/index.ts";
import type { Engine } from "./engine.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

async function started(change: (engine: Engine) => Partial<Engine> = () => ({})) {
  const engine = createFakeEngine({ pace: 0 });
  const workbench = createWorkbench({ ...engine, ...change(engine) });
  await workbench.commands.start();
  return workbench;
}

it("shows the map, the twin, and what removing the channel alone costs and saves", async () => {
  const { commands, inspecting, method, page } = await started();
  commands.inspect(8, 3);
  await vi.waitFor(() => expect(inspecting.getState().cost?.without.count).toBe(2_000));
  const { chosen, maps, twin, cost, alone, problem } = inspecting.getState();
  const layer = known(method.getState().pruning?.layers[8], "layer");
  expect(chosen).toEqual({ layer: layer.name, channel: layer.order[3] });
  expect([maps?.channels, problem]).toEqual([layer.of, null]);
  expect(twin?.channel).not.toBe(chosen?.channel);
  expect(cost?.whole.count).toBe(cost?.without.count);
  expect(alone?.removed).toBe(1);
  expect(alone?.plan.kept.get(layer.name)).not.toContain(chosen?.channel);
  expect(alone?.cost.macs).toBeLessThan(page.getState().session?.cost.macs ?? 0);
});

it("goes to the channels with the next smaller and larger scores, and no farther than the ends", async () => {
  const { commands, inspecting, method } = await started();
  const { order, name } = known(method.getState().pruning?.layers[2], "layer");
  commands.inspect(2, 0);
  commands.inspectNext(1);
  expect(inspecting.getState().chosen).toEqual({ layer: name, channel: order[1] });
  commands.inspectNext(-1);
  commands.inspectNext(-1);
  expect(inspecting.getState().chosen).toEqual({ layer: name, channel: order[0] });
});

it("drops what was asked for a channel when another one is chosen, and all when it is closed", async () => {
  const signals: AbortSignal[] = [];
  const { commands, inspecting } = await started(() => ({
    // Never answers, as a worker that is busy for long.
    evaluate: ({ cut }, call) =>
      new Promise((_resolve, reject) => {
        const signal = known(call?.signal, "signal");
        // The page also measures what it shows, which is whole.
        if (cut !== undefined) signals.push(signal);
        signal.addEventListener("abort", () => reject(new DOMException("x", "AbortError")));
      }),
  }));
  commands.inspect(4, 0);
  await vi.waitFor(() => expect(signals).toHaveLength(1));
  commands.inspect(4, 1);
  expect(signals[0]?.aborted).toBe(true);
  await vi.waitFor(() => expect(signals).toHaveLength(2));
  commands.closeInspector();
  expect(signals[1]?.aborted).toBe(true);
  expect(inspecting.getState()).toMatchObject({
    chosen: null,
    maps: null,
    cost: null,
    problem: null,
  });
});

it("asks for the maps of a layer once an image, and again for another image", async () => {
  const asked: number[] = [];
  const { commands, inspecting } = await started((engine) => ({
    featureMaps: (request, call) => {
      asked.push(request.image);
      return engine.featureMaps(request, call);
    },
  }));
  commands.inspect(5, 0);
  await vi.waitFor(() => expect(inspecting.getState().maps).not.toBeNull());
  commands.inspectNext(1);
  expect(inspecting.getState().maps).not.toBeNull();
  commands.inspectOn(7);
  expect(inspecting.getState().maps).toBeNull();
  await vi.waitFor(() => expect(inspecting.getState().maps).not.toBeNull());
  expect(asked).toEqual([0, 7]);
});

it("says in a sentence what could not be measured, and keeps what could", async () => {
  const { commands, inspecting } = await started(() => ({
    featureMaps: () => Promise.reject(new AppError("worker/crashed", { where: "engine" })),
  }));
  commands.inspect(5, 0);
  await vi.waitFor(() => expect(inspecting.getState().problem).not.toBeNull());
  expect(inspecting.getState().maps).toBeNull();
  expect(inspecting.getState().alone).not.toBeNull();
});

it("stays with the channel when scores change, and closes with its network", async () => {
  const { commands, inspecting, method } = await started();
  commands.inspect(5, 2);
  const { chosen } = inspecting.getState();
  commands.changeMethod({ criterion: "l1" }, "criterion");
  expect(method.getState().method.criterion).toBe("l1");
  expect(inspecting.getState().chosen).toEqual(chosen);
  await commands.buildArchitecture("vgg11:width=0.125");
  expect(inspecting.getState().chosen).toBeNull();
});
