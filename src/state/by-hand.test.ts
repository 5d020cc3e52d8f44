/** @file Layers set by hand: what they do to the method, and how they are given back to it. */
import { expect, it, vi } from "vitest";
import { dotsOf } from "./measured.ts";
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
    own: () => [...(slider.getState().preview?.own ?? [])],
    set: () => slider.getState().preview?.byHand,
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
  expect(set()).toEqual([four, nine]);
  expect(kept()).toEqual(
    before.with(four, (before[four] ?? 0) - 2).with(nine, (before[nine] ?? 0) + 5),
  );
  expect(commands.giveBack("conv4")).toBeNull();
  expect(set()).toEqual([nine]);
  expect(kept()[four]).toBe(before[four]);
  // Set to what it would have anyhow, it is given back too.
  expect(commands.keepChannels("conv9", before[nine] ?? 0)).toBeNull();
  expect(set()).toEqual([]);
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

it("keeps what was set wherever the slider goes, and lets it govern all others", async () => {
  const { commands, kept, own, set, mode, slider } = await started();
  commands.setRatio(0.5);
  commands.keepChannels("conv9", 80);
  for (const ratio of [0.7, 0.2, 0]) {
    commands.setRatio(ratio);
    expect(slider.getState().ratio).toBe(ratio);
    const plain = await started();
    plain.commands.setRatio(ratio);
    expect(own()).toEqual(plain.kept());
    expect(kept()).toEqual(plain.kept().with(8, 80));
    expect(set()).toEqual([8]);
  }
  expect(mode()).toBe("global-threshold");
  // At ratio 0 the layer is cut all the same, and applied so.
  await commands.apply();
  expect(kept()[8]).toBe(80);
});

it("keeps what was set through every other way of saying how many go", async () => {
  const { commands, kept, set, method } = await started();
  commands.setRatio(0.5);
  commands.keepChannels("conv1", 2);
  for (const mode of ["uniform", "target", "list"] as const) {
    commands.chooseMode(mode);
    expect(method.getState().method.allocation.kind).toBe(mode);
    expect(kept()[0]).toBe(2);
    expect(set()).toEqual([0]);
  }
  commands.chooseMode("target");
  commands.typeSetting("goal", "40");
  expect(set()).toEqual([0]);
  commands.giveAllBack();
  expect(set()).toEqual([]);
});

it("claims no accuracy that was measured without it", async () => {
  const { commands, method, measured, page } = await started();
  commands.goTo("prune");
  const key = page.getState().session?.key ?? "";
  const dots = () => dotsOf(measured.getState(), key, method.getState().text);
  commands.setRatio(0.5);
  await vi.waitFor(() => expect(dots().map(({ ratio }) => ratio)).toContain(0.5));
  commands.keepChannels("conv9", 80);
  expect(dots()).toEqual([]);
  // What is measured now is, the ratio 0 among it; the uncut network is none of these.
  await vi.waitFor(() => expect(dots().map(({ ratio }) => ratio)).toContain(0));
  commands.giveAllBack();
  expect(dots().map(({ ratio }) => ratio)).toContain(0.5);
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

it("remembers what was set by hand while curves are missing", async () => {
  const bench = await started();
  const { commands, kept, own, set, method, sensitivity } = bench;
  await commands.computeSensitivity();
  commands.chooseMode("sensitivity");
  const before = kept();
  expect(commands.keepChannels("conv9", (before[8] ?? 0) - 1)).toBeNull();
  await feedOtherwise(bench);
  expect(sensitivity.getState().isComplete).toBe(false);
  commands.changeMethod({ manner: { dead: "absorb" } }, "more");
  expect(method.getState()).toMatchObject({ needsCurves: true });
  expect(set()).toEqual([8]);
  expect(kept()[8]).toBe((before[8] ?? 0) - 1);
  // Others can be set and locked meanwhile, and what waits for curves still does.
  commands.keepChannels("conv4", 3);
  commands.toggleLock("conv5");
  expect(set()).toEqual([3, 8]);
  expect(method.getState()).toMatchObject({
    needsCurves: true,
    asked: { allocation: { kind: "sensitivity" } },
  });
  await commands.computeSensitivity();
  expect(method.getState().method).toMatchObject({
    allocation: { kind: "sensitivity" },
    byHand: { conv4: 3, conv9: (before[8] ?? 0) - 1 },
  });
  expect(kept()).toEqual(
    own()
      .with(3, 3)
      .with(8, (before[8] ?? 0) - 1),
  );
});
