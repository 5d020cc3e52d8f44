/** @file Layers set by hand: what they do to the method, and how they are given back to it. */
import { expect, it, vi } from "vitest";
import { setByHand } from "./by-hand.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

async function started(architecture?: string) {
  const engine = createFakeEngine({
    pace: 0,
    ...(architecture === undefined ? {} : { architecture }),
  });
  const workbench = createWorkbench(engine);
  await workbench.commands.start();
  const { slider, method } = workbench;
  return {
    ...workbench,
    kept: () => [...(slider.getState().preview?.kept ?? [])],
    set: () => setByHand(method.getState(), slider.getState().preview),
    mode: () => method.getState().method.allocation.kind,
    at: (name: string) =>
      (method.getState().pruning?.layers ?? []).findIndex((layer) => layer.name === name),
  };
}

it("marks what differs from the method, and gives it back layer by layer", async () => {
  const { commands, kept, set, mode, at, slider } = await started();
  commands.setRatio(0.5);
  const before = kept();
  const [four, nine] = [at("conv4"), at("conv9")];
  expect(commands.keepChannels("conv4", (before[four] ?? 0) - 2)).toBeNull();
  expect(commands.keepByHand("conv9", String((before[nine] ?? 0) + 5))).toBeNull();
  expect(mode()).toBe("list");
  expect(set()).toEqual([four, nine]);
  expect(commands.giveBack("conv4")).toBeNull();
  expect(set()).toEqual([nine]);
  expect(kept()[four]).toBe(before[four]);
  // With the last one the ratio is what it was, and the slider says how many go again.
  expect(commands.giveBack("conv9")).toBeNull();
  expect(mode()).toBe("global-threshold");
  expect(slider.getState().ratio).toBe(0.5);
  expect(kept()).toEqual(before);
});

it("gives all back at once, as one step to undo", async () => {
  const { commands, kept, set, mode } = await started();
  commands.setRatio(0.4);
  const before = kept();
  commands.keepChannels("conv2", 3);
  await vi.waitFor(() => expect(set()).toHaveLength(1));
  commands.keepChannels("conv3", 4);
  await vi.waitFor(() => expect(set()).toHaveLength(2));
  const byHand = kept();
  commands.giveAllBack();
  expect(mode()).toBe("global-threshold");
  expect(kept()).toEqual(before);
  await Promise.resolve();
  commands.undo();
  expect(kept()).toEqual(byHand);
  expect(set()).toHaveLength(2);
});

it("takes a drag as one step, and one that ends where it began as none", async () => {
  const { commands, history, kept, set, mode } = await started();
  commands.setRatio(0.3);
  await vi.waitFor(() => expect(history.getState().canUndo).toBe(true));
  const before = kept();
  commands.holdHistory();
  for (const keep of [5, 4, 3]) {
    commands.keepChannels("conv1", keep);
    await Promise.resolve();
  }
  commands.releaseHistory();
  await Promise.resolve();
  expect(kept()[0]).toBe(3);
  commands.undo();
  expect(kept()).toEqual(before);
  expect(mode()).toBe("global-threshold");
  commands.holdHistory();
  commands.keepChannels("conv1", 3);
  commands.keepChannels("conv1", before[0] ?? 0);
  commands.releaseHistory();
  await Promise.resolve();
  expect(set()).toEqual([]);
  expect(mode()).toBe("global-threshold");
  // What was undone can still be done again.
  expect(history.getState().canRedo).toBe(true);
});

it("keeps what said how many go apart from what was chosen since", async () => {
  const { commands, set, mode, method } = await started();
  commands.setRatio(0.5);
  commands.keepChannels("conv1", 2);
  commands.chooseMode("uniform");
  expect(method.getState().byMethod).toBeNull();
  // A list that is chosen as it is has not been changed by hand yet.
  commands.chooseMode("list");
  expect(set()).toEqual([]);
  commands.keepChannels("conv1", 9);
  expect(set()).toEqual([0]);
  commands.giveAllBack();
  expect(mode()).toBe("list");
  expect(set()).toEqual([]);
});

it("offers exactly the numbers that a list takes: under a guard, rounded, and in a stream", async () => {
  const { commands, method, kept } = await started("resnet-20:width=0.5");
  commands.changeMethod(
    { options: { streams: "prune", rounding: { to: 4 }, minimumShare: 0.25 } },
    "more",
  );
  commands.setRatio(0.3);
  const pruning = method.getState().pruning;
  const layers = pruning?.layers ?? [];
  const stream = layers.findIndex((layer) => layer.layers.length > 2);
  expect(stream).toBeGreaterThanOrEqual(0);
  for (const index of [stream, layers.length - 1]) {
    const { name, of } = layers[index] ?? { name: "", of: 0 };
    const widths = pruning?.widthsOf(index) ?? [];
    expect(widths.at(-1)).toBe(of);
    expect(widths[0]).toBeGreaterThanOrEqual(of * 0.25);
    for (let keep = 1; keep <= of; keep++) {
      const refused = commands.keepChannels(name, keep);
      expect(refused === null).toBe(widths.includes(keep));
      if (refused === null) expect(kept()[index]).toBe(keep);
    }
  }
  commands.toggleLock(layers[stream]?.name ?? "");
  const locked = method.getState().pruning;
  expect(locked?.widthsOf(stream)).toEqual([]);
});

it("cuts a layer as it was cut where its curve was measured", async () => {
  const { commands, kept, set, method, sensitivity } = await started();
  await commands.computeSensitivity();
  const pruning = method.getState().pruning;
  for (const { ratio } of sensitivity.getState().curves.get("conv9") ?? []) {
    expect(commands.keepAsMeasured("conv9", ratio)).toBeNull();
    expect(kept()[8]).toBe(pruning?.keptAlone(8, ratio));
    expect(kept()[8]).toBe(96 - Math.floor(96 * ratio + 1e-9));
  }
  expect(set()).toEqual([8]);
  commands.toggleLock("conv9");
  expect(commands.keepAsMeasured("conv9", 0.5)).toBeNull();
  expect(kept()[8]).toBe(96);
});

/** Other images: what was found on those before counts no more. */
async function feedOtherwise({ commands }: Awaited<ReturnType<typeof started>>) {
  commands.openNormalization();
  commands.pickNormalization("unit");
  await commands.takeNormalization();
}

it("remembers what was set by hand while the curves it began with are missing", async () => {
  const bench = await started();
  const { commands, kept, set, method, sensitivity } = bench;
  await commands.computeSensitivity();
  commands.chooseMode("sensitivity");
  const before = kept();
  expect(commands.keepChannels("conv9", (before[8] ?? 0) - 1)).toBeNull();
  const { base } = method.getState().method;
  await feedOtherwise(bench);
  expect(sensitivity.getState().isComplete).toBe(false);
  commands.changeMethod({ manner: { dead: "absorb" } }, "more");
  expect(set()).toEqual([8]);
  commands.giveAllBack();
  expect(method.getState()).toMatchObject({ needsCurves: true, method: { base } });
  expect(kept()[8]).toBe((before[8] ?? 0) - 1);
  expect(set()).toEqual([8]);
  await commands.computeSensitivity();
  expect(method.getState().method.allocation).toEqual(base);
  expect(method.getState().method.base).toBeUndefined();
  expect(set()).toEqual([]);
});
