/** @file What becomes of a method while something else changes: images, streams, runs, a refusal. */
import { expect, it, vi } from "vitest";
import type { Engine, Evidence } from "./engine.ts";
import { withoutSelections } from "../prune/testing/without-selections.ts";
import { makeSparseNetwork } from "./testing/fake-network.ts";
import { createFakeEngine, type FakeOptions } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

async function started(options: FakeOptions = {}, change: Partial<Engine> = {}) {
  const engine = createFakeEngine({ pace: 0, ...options });
  const workbench = createWorkbench({ ...engine, ...change });
  await workbench.commands.start();
  return workbench;
}

/** An engine whose evidence comes when the test says so. */
function slowEvidence() {
  const engine = createFakeEngine({ pace: 0 });
  const waiting: ((evidence: Evidence) => void)[] = [];
  const found: Evidence[] = [];
  const evidence: Engine["evidence"] = async (request, call) => {
    found.push(await engine.evidence(request, call));
    return await new Promise((resolve) => waiting.push(resolve));
  };
  const answer = (): void => waiting.shift()?.(found.shift() as Evidence);
  return { engine: { ...engine, evidence }, waiting, answer };
}

it("looks again when the images have changed while a criterion was looking", async () => {
  const { engine, waiting, answer } = slowEvidence();
  const { commands, method } = await started({}, engine);
  commands.changeMethod({ criterion: "taylor" }, "criterion");
  await vi.waitFor(() => expect(waiting.length).toBe(1));
  commands.openNormalization();
  commands.pickNormalization("unit");
  await commands.takeNormalization();
  answer();
  await vi.waitFor(() => expect(waiting.length).toBe(1));
  expect(method.getState()).toMatchObject({ isScoring: true, method: { criterion: "bn-scale" } });
  answer();
  await vi.waitFor(() => expect(method.getState().method.criterion).toBe("taylor"));
});

it("looks once for two variants of one criterion that are asked for at once", async () => {
  const { engine, waiting, answer } = slowEvidence();
  const { commands, method } = await started({}, engine);
  commands.changeMethod({ criterion: "taylor" }, "criterion");
  await vi.waitFor(() => expect(waiting.length).toBe(1));
  commands.setCriterionOption("variant", "gate");
  answer();
  await vi.waitFor(() => expect(method.getState().method.criterion).toBe("taylor:variant=gate"));
  expect(waiting.length).toBe(0);
});

it("measures anew what other training images may have decided", async () => {
  const engine = createFakeEngine({ pace: 0 });
  const brought = { training: { name: "mine", count: 500, classes: ["a"], shape: [32, 32, 3] } };
  const { commands, measured, page } = await started(
    {},
    {
      ...engine,
      openFiles: async () => {
        const { data } = page.getState();
        if (data === null) throw new Error("no images");
        return [
          { kind: "images", data: { ...data, ...brought }, brought: ["training"], notes: [] },
        ];
      },
    },
  );
  await vi.waitFor(() => expect(measured.getState().evaluations.size).toBeGreaterThan(0));
  await commands.openFiles([new File(["x"], "data_batch_1.bin")]);
  expect(page.getState().data?.training?.name).toBe("mine");
  expect(measured.getState().evaluations.size).toBe(0);
});

it("goes on measuring curves when something else is refused", async () => {
  const { commands, sensitivity, method, training } = await started({ pace: 0.02 });
  const done = commands.computeSensitivity();
  await vi.waitFor(() => expect(sensitivity.getState().curves.size).toBeGreaterThan(0));
  const { forms } = training.getState();
  commands.choosePreset("li-2017-resnet-56-a");
  expect(method.getState().refusal?.at).toBe("preset");
  expect(training.getState().forms).toEqual(forms);
  expect(sensitivity.getState().status).toBe("running");
  await done;
  expect(sensitivity.getState().isComplete).toBe(true);
  const [samples] = sensitivity.getState().curves.values();
  const [low = 1, high = 0] = samples?.[0]?.interval ?? [];
  expect(low).toBeLessThan(samples?.[0]?.accuracy ?? 0);
  expect(high).toBeGreaterThan(samples?.[0]?.accuracy ?? 1);
});

it("counts as the slimming scripts do when told so: one channel more, ties with it", async () => {
  const { commands, method, slider, page } = await started();
  commands.setRatio(0.5);
  const exact = slider.getState().preview?.removed ?? 0;
  const { text } = method.getState();
  commands.changeMethod({ mode: "reference" }, "more");
  expect(slider.getState().preview?.plan.mode).toBe("reference");
  expect(slider.getState().preview?.removed).toBe(exact + 1);
  expect(method.getState().text).not.toBe(text);
  commands.setRatio(0.3);
  expect(slider.getState().preview?.plan.mode).toBe("reference");
  await commands.apply();
  expect(page.getState().runs.at(-1)?.label).toBe("Cut at 30\u202f%, as the scripts count");
});

it("unlocks what is no layer any more when streams are treated otherwise, and says so", async () => {
  const network = withoutSelections(makeSparseNetwork("preresnet-20:width=0.25"));
  const { commands, method, activity } = await started({}, { loadShipped: async () => network });
  commands.changeMethod({ options: { streams: "select" } }, "more");
  const row = method.getState().pruning?.layers.find(({ name }) => name.includes("select"));
  expect(commands.toggleLock(row?.name ?? "")).toBeNull();
  commands.changeMethod({ options: { streams: "keep" } }, "more");
  expect(method.getState().refusal).toBeNull();
  expect(method.getState().method.options).toEqual({});
  expect(activity.getState().message).toBe(`No longer there, and so not locked: ${row?.name}.`);
});

it("leaves each layer half in each of a paper's passes, and goes through as many", async () => {
  const { commands, method, passing, training } = await started();
  commands.choosePreset("network-slimming-multi-pass");
  // What follows a pass is the training before the next one.
  expect(training.getState().forms.finetune.strength).toBe("0.0001");
  expect(method.getState().method.options.minimumShare).toBe(0.5);
  expect(passing.getState().passes).toBe(4);
  commands.choosePreset("network-slimming");
  expect(passing.getState().passes).toBe(1);
});

it("holds the zeros of a masked run that was brought back, and of no other", async () => {
  const { commands, page, training } = await started();
  const frozen = (): boolean => training.getState().forms.finetune.freezeZeros;
  commands.changeMethod({ manner: { kind: "mask" } }, "more");
  commands.setRatio(0.5);
  await commands.apply();
  const masked = page.getState().runId;
  commands.restore(page.getState().runs[0]?.id ?? 0);
  expect(frozen()).toBe(false);
  commands.restore(masked);
  expect(frozen()).toBe(true);
});

it("knows after a cut how wide each layer began, where readers were cut, too", async () => {
  const network = withoutSelections(makeSparseNetwork("preresnet-20:width=0.25"));
  const { commands, method, page } = await started({}, { loadShipped: async () => network });
  commands.changeMethod({ options: { streams: "select", scope: "layer" } }, "more");
  commands.setRatio(0.5);
  const before = method.getState().pruning?.layers ?? [];
  const began = new Map(before.map(({ name, of }) => [name, of]));
  expect([...began.keys()].some((name) => name.includes("select"))).toBe(true);
  for (let cut = 0; cut < 2; cut++) {
    await commands.applyHere();
    const widths = page.getState().session?.formerWidths;
    for (const { name, of } of method.getState().pruning?.layers ?? []) {
      expect([name, widths?.get(name)]).toEqual([name, began.get(name)]);
      expect(of).toBeLessThan(began.get(name) ?? 0);
    }
    commands.setRatio(0.2);
  }
});
