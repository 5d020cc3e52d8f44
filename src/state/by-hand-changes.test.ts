/** @file Layers set by hand while something else changes: they stay as far as they may, all others follow. */
import { expect, it, vi } from "vitest";
import type { MethodChange } from "./method-commands.ts";
import type { Engine } from "./engine.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

async function started(architecture?: string, change: Partial<Engine> = {}) {
  const engine = createFakeEngine({
    pace: 0,
    ...(architecture === undefined ? {} : { architecture }),
  });
  const workbench = createWorkbench({ ...engine, ...change });
  await workbench.commands.start();
  const { slider, method } = workbench;
  return {
    ...workbench,
    kept: () => [...(slider.getState().preview?.kept ?? [])],
    byMethod: () => [...(slider.getState().preview?.own ?? [])],
    set: () => slider.getState().preview?.byHand,
    mode: () => method.getState().method.allocation.kind,
  };
}

/** What the ratio keeps under other options when no hand has set anything. */
async function keptBy(ratio: number, change: MethodChange): Promise<readonly number[]> {
  const { commands, kept } = await started();
  commands.changeMethod(change, "more");
  commands.setRatio(ratio);
  return kept();
}

it.each<readonly [string, MethodChange]>([
  ["criterion", { criterion: "l1" }],
  ["scope", { options: { scope: "layer" } }],
  ["guard", { options: { minimumShare: 0.4 } }],
  ["rounding", { options: { rounding: { to: 4 } } }],
])("lets all but the one layer set by hand follow another %s", async (_, change) => {
  const { commands, kept, set, mode } = await started();
  commands.setRatio(0.5);
  const byHand = kept();
  const wide = 80;
  expect(byHand[8]).not.toBe(wide);
  expect(commands.keepChannels("conv9", wide)).toBeNull();
  // Each of the two is a step to undo.
  await Promise.resolve();
  commands.changeMethod(change, "more");
  const own = await keptBy(0.5, change);
  expect(own).not.toEqual(byHand);
  expect(kept()).toEqual(own.with(8, wide));
  expect(set()).toEqual([8]);
  // What is undone comes back as it was.
  await Promise.resolve();
  commands.undo();
  expect(kept()).toEqual(byHand.with(8, wide));
  expect(set()).toEqual([8]);
  commands.giveAllBack();
  expect(mode()).toBe("global-threshold");
  expect(kept()).toEqual(byHand);
});

it("keeps of a layer set by hand what a rounding allows that is nearest", async () => {
  const { commands, kept, set, method } = await started();
  commands.setRatio(0.5);
  commands.keepChannels("conv9", 79);
  commands.changeMethod({ options: { rounding: { to: 8 } } }, "more");
  expect(method.getState().refusal).toBeNull();
  expect(kept()[8]).toBe(80);
  expect(set()).toEqual([8]);
});

it("follows once a criterion has looked at images", async () => {
  const { commands, kept, set, method, byMethod } = await started();
  commands.setRatio(0.5);
  commands.keepChannels("conv9", 80);
  commands.changeMethod({ criterion: "taylor" }, "criterion");
  await vi.waitFor(() => expect(method.getState().method.criterion).toBe("taylor"));
  expect(set()).toEqual([8]);
  expect(kept()).toEqual(byMethod().with(8, 80));
});

it("marks no layer that was locked and unlocked, and remembers none set by hand through its lock", async () => {
  const { commands, kept, set, mode } = await started();
  commands.setRatio(0.5);
  const before = kept();
  commands.keepChannels("conv9", 80);
  const byHand = kept();
  expect(commands.toggleLock("conv12")).toBeNull();
  expect(set()).toEqual([8]);
  expect(commands.toggleLock("conv12")).toBeNull();
  expect(kept()).toEqual(byHand);
  expect(set()).toEqual([8]);
  expect(commands.toggleLock("conv12")).toBeNull();
  commands.unlockAll();
  expect(kept()).toEqual(byHand);
  // What is locked is set by hand no more.
  expect(commands.toggleLock("conv9")).toBeNull();
  expect(mode()).toBe("global-threshold");
  expect(set()).toEqual([]);
  commands.toggleLock("conv9");
  expect(kept()).toEqual(before);
});

it("follows other streams, and refuses to drop a stream that was set by hand", async () => {
  const { commands, kept, set, method } = await started("resnet-20:width=0.5");
  const layers = () => method.getState().pruning?.layers ?? [];
  commands.setRatio(0.3);
  const inner = layers().at(-1);
  commands.keepChannels(inner?.name ?? "", 5);
  commands.changeMethod({ options: { streams: "prune" } }, "more");
  const at = layers().findIndex(({ name }) => name === inner?.name);
  expect(set()).toEqual([at]);
  expect(kept()[at]).toBe(5);
  const stream = layers().find((layer) => layer.layers.length > 2);
  commands.keepChannels(stream?.name ?? "", 3);
  const both = kept();
  commands.changeMethod({ options: { streams: "keep" } }, "more");
  expect(method.getState().refusal?.text).toContain(`by hand › ${stream?.name}: `);
  expect(kept()).toEqual(both);
});

it("follows new curves, where a sensitivity said how many go", async () => {
  const engine = createFakeEngine({ pace: 0 });
  let isOther = false;
  // On other images the network answers nothing once conv5 is cut.
  const sensitivity: Engine["sensitivity"] = async (request, onPoint, ...more) =>
    await engine.sensitivity(
      request,
      (point) => {
        const { group, evaluation } = point;
        const isLost = isOther && group === "conv5";
        onPoint(isLost ? { ...point, evaluation: { ...evaluation, accuracy: 0 } } : point);
      },
      ...more,
    );
  const { commands, kept, set, byMethod, method } = await started(undefined, {
    ...engine,
    sensitivity,
  });
  await commands.computeSensitivity();
  commands.chooseMode("sensitivity");
  expect(commands.typeSetting("points", "20")).toBeNull();
  const five = method.getState().pruning?.layers[4]?.of ?? 0;
  expect(kept()[4]).toBeLessThan(five - 1);
  commands.keepChannels("conv9", 80);
  expect(set()).toEqual([8]);
  commands.openNormalization();
  commands.pickNormalization("unit");
  await commands.takeNormalization();
  isOther = true;
  await commands.computeSensitivity();
  // The network is ready as it was: only the curves are others.
  commands.changeMethod({ manner: { dead: "absorb" } }, "more");
  expect(method.getState().method.allocation.kind).toBe("sensitivity");
  expect(set()).toEqual([8]);
  expect(kept()).toEqual(byMethod().with(8, 80));
  // On the line from whole to nothing at a tenth, one channel costs less than the 20 points.
  expect(kept()[4]).toBe(five - 1);
});
