/** @file The method on the page: what each mode plans, what is refused, and what belongs to whom. */
import { expect, it, vi } from "vitest";
import { createFakeEngine, type FakeOptions } from "./testing/fake-engine.ts";
import type { Engine } from "./engine.ts";
import { largestOf, positionName } from "./measured.ts";
import { createWorkbench } from "./workbench.ts";

async function started(options: FakeOptions = {}, change: Partial<Engine> = {}) {
  const engine = createFakeEngine({ pace: 0, ...options });
  const workbench = createWorkbench({ ...engine, ...change });
  await workbench.commands.start();
  const { slider, method, page, measured } = workbench;
  return {
    ...workbench,
    kept: () => [...(slider.getState().preview?.kept ?? [])],
    of: () => (method.getState().pruning?.layers ?? []).map(({ of }) => of),
    whole: () => page.getState().session?.cost ?? { macs: 0, parameters: 0, bytes: 0 },
    cost: () => slider.getState().preview?.cost ?? { macs: 0, parameters: 0, bytes: 0 },
    measuredNames: () => [...measured.getState().evaluations.keys()],
  };
}

it("cuts the same share of each layer", async () => {
  const { commands, slider, kept, of } = await started();
  commands.setRatio(0.5);
  commands.chooseMode("uniform");
  expect(kept()).toEqual(of().map((n) => Math.floor(n / 2)));
  expect(commands.typeSetting("share", "25 %")).toBeNull();
  expect(kept()).toEqual(of().map((n) => Math.floor(n * 0.75)));
  expect(slider.getState().ratio).toBe(0.25);
});

it("keeps what is on the page when it goes to a target, and meets another", async () => {
  const { commands, slider, method, cost, whole } = await started();
  commands.setRatio(0.4);
  const before = cost().macs / whole().macs;
  commands.chooseMode("target");
  expect(cost().macs / whole().macs).toBeGreaterThan(before - 0.01);
  expect(cost().macs / whole().macs).toBeLessThan(before + 0.01);
  expect(commands.typeSetting("goal", "30")).toBeNull();
  expect(cost().macs).toBeLessThanOrEqual(0.3 * whole().macs);
  expect(cost().macs).toBeGreaterThan(0.29 * whole().macs);
  commands.chooseGoal("parameters");
  expect(commands.typeSetting("goal", "200 k")).toBeNull();
  expect(cost().parameters).toBeLessThanOrEqual(200_000);
  expect(method.getState().method.allocation).toEqual({
    kind: "target",
    of: "parameters",
    most: 200_000,
  });
  // The thumb stands at what was achieved.
  const { ratio, preview } = slider.getState();
  expect(ratio).toBeCloseTo(preview?.plan.achieved ?? 0, 3);
});

it("goes back to the ratio when the slider moves", async () => {
  const { commands, slider, method } = await started();
  commands.chooseMode("target");
  commands.setRatio(0.3);
  expect(method.getState().asked.allocation.kind).toBe("global-threshold");
  expect(slider.getState()).toMatchObject({ ratio: 0.3, preview: { ratio: 0.3 } });
  // The threshold is the slider by another name.
  commands.chooseMode("target");
  commands.setThreshold(1e-3);
  expect(method.getState().asked.allocation.kind).toBe("global-threshold");
  expect(slider.getState().preview?.plan.allocation?.kind).toBe("global-threshold");
});

it("says what cannot be reached beside what asked for it, and leaves the last good plan", async () => {
  const { commands, method, slider, kept } = await started();
  commands.chooseMode("target");
  const before = kept();
  expect(commands.typeSetting("goal", "0.01 %")).toMatch(/^target › MACs: this cannot be reached/);
  expect(method.getState().refusal?.at).toBe("allocation");
  expect(method.getState().asked.allocation).toMatchObject({ share: 0.0001 });
  expect(method.getState().method.allocation).toMatchObject({ share: 0.5 });
  expect(kept()).toEqual(before);
  // Nothing that can be read as a target is no target either, and changes nothing.
  expect(commands.typeSetting("goal", "half")).toMatch(/^target: .*found half/);
  expect(commands.typeSetting("goal", "60")).toBeNull();
  expect(method.getState().refusal).toBeNull();
  expect(slider.getState().preview?.plan.allocation).toMatchObject({ share: 0.6 });
});

it("waits for curves, plans by them when they have come, and loses at most that a layer", async () => {
  const { commands, method, kept, sensitivity } = await started();
  commands.setRatio(0.3);
  const before = kept();
  commands.chooseMode("sensitivity");
  expect(method.getState().needsCurves).toBe(true);
  expect(kept()).toEqual(before);
  await commands.computeSensitivity();
  expect(method.getState().needsCurves).toBe(false);
  const { base, curves } = sensitivity.getState();
  expect(method.getState().method.allocation).toEqual({
    kind: "sensitivity",
    loss: 0.01 / (base ?? 1),
  });
  const layers = method.getState().pruning?.layers ?? [];
  layers.forEach(({ name, of }, i) => {
    const samples = curves.get(name) ?? [];
    const limit = samples.findLast(({ accuracy }) => accuracy >= (base ?? 0) - 0.01)?.ratio ?? 0;
    // Between two measured ratios it is a straight line, so one more step is the most.
    expect(1 - (kept()[i] ?? 0) / of).toBeLessThan(limit + 0.1 + 1e-9);
    expect(kept()[i]).toBeLessThanOrEqual(of - Math.floor(of * limit));
  });
  commands.chooseGoal("macs");
  expect(commands.typeSetting("goal", "60")).toBeNull();
  expect(method.getState().method.allocation).toMatchObject({ goal: { of: "macs", share: 0.6 } });
});

it("does not use the curves of one criterion or step for another", async () => {
  const { commands, method, sensitivity } = await started();
  await commands.computeSensitivity();
  commands.chooseMode("sensitivity");
  expect(method.getState().needsCurves).toBe(false);
  commands.changeMethod({ options: { rounding: { to: 4 } } }, "more");
  expect(method.getState().needsCurves).toBe(true);
  expect(sensitivity.getState().curves.size).toBe(0);
  // Whose scores are compared does not matter to a layer that is cut alone.
  commands.changeMethod({ options: { rounding: { to: 1 }, scope: "layer" } }, "scope");
  expect(sensitivity.getState().isComplete).toBe(true);
  expect(method.getState().needsCurves).toBe(false);
});

it("locks a layer, which then stays whole and can still be seen", async () => {
  const { commands, method, slider, kept, of } = await started();
  commands.setRatio(0.6);
  expect(kept()[11]).toBeLessThan(of()[11] ?? 0);
  expect(commands.toggleLock("conv12")).toBeNull();
  expect(kept()[11]).toBe(of()[11]);
  expect(slider.getState().ratio).toBe(0.6);
  expect(method.getState().pruning?.layers[11]).toMatchObject({ name: "conv12", isLocked: true });
  commands.unlockAll();
  expect(method.getState().pruning?.layers[11]?.isLocked).toBe(false);
  expect(kept()[11]).toBeLessThan(of()[11] ?? 0);
});

it("does not lock what a target needs, and names the lock", async () => {
  const { commands, method, kept } = await started();
  commands.chooseMode("target");
  expect(commands.typeSetting("goal", "0.5 %")).toBeNull();
  const before = kept();
  const names = method.getState().pruning?.layers.map(({ name }) => name) ?? [];
  const refused = names.flatMap((name) => {
    const said = commands.toggleLock(name);
    if (said !== null) return [said];
    commands.toggleLock(name);
    return [];
  });
  expect(refused.length).toBeGreaterThan(0);
  for (const said of refused) expect(said).toMatch(/unlock conv\d/);
  expect(kept()).toEqual(before);
});

it("sets a layer by hand beside the others as they are", async () => {
  const { commands, method, slider, kept, of } = await started();
  commands.setRatio(0.5);
  const before = kept();
  expect(commands.keepByHand("conv2", "7")).toBeNull();
  expect(kept()).toEqual(before.with(1, 7));
  expect(method.getState().method).toMatchObject({ byHand: { conv2: 7 } });
  expect(slider.getState().ratio).toBe(0.5);
  expect(commands.keepByHand("conv2", "0")).toMatch(/^by hand › conv2: .*from 1 to/);
  expect(commands.keepByHand("conv2", "many")).toMatch(/^conv2: .*found many/);
  expect(kept()).toEqual(before.with(1, 7));
  // As many as there are is a whole layer.
  expect(commands.keepByHand("conv2", String(of()[1]))).toBeNull();
  expect(kept()).toEqual(before.with(1, of()[1] ?? 0));
  // A lock leaves a layer whole.
  const at = before.findIndex((n, i) => n < (of()[i] ?? 0));
  expect(commands.toggleLock(`conv${at + 1}`)).toBeNull();
  expect(kept()[at]).toBe(of()[at]);
});

it("changes nothing when a layer is set to what it is", async () => {
  const { commands, method, kept } = await started();
  commands.setRatio(0.5);
  expect(commands.keepByHand("conv9", String(kept()[8]))).toBeNull();
  expect(method.getState().method.allocation.kind).toBe("global-threshold");
});

it("never shows what was measured under another method", async () => {
  const { commands, measuredNames, measured } = await started();
  commands.goTo("load");
  const settled = async (least: number): Promise<void> => {
    await vi.waitFor(() => expect(measured.getState().latencies.size).toBe(least));
    await vi.waitFor(() => expect(measured.getState().measuring).toBeNull());
  };
  await settled(1);
  commands.setRatio(0.5);
  await settled(2);
  commands.changeMethod({ options: { scope: "layer" } }, "scope");
  await settled(3);
  commands.chooseMode("uniform");
  await settled(4);
  expect(commands.toggleLock("conv1")).toBeNull();
  await settled(5);
  const names = measuredNames();
  expect(new Set(names).size).toBe(5);
  // Back at the first, its own is there again and nothing is measured anew.
  commands.unlockAll();
  commands.changeMethod({ options: { scope: "global" } }, "scope");
  commands.setRatio(0.5);
  expect(measuredNames()).toEqual(names);
});

it("asks the engine with the method's criterion and options, and files a cut under them", async () => {
  const asked: unknown[] = [];
  const engine = createFakeEngine({ pace: 0 });
  const { commands, page } = await started(
    {},
    {
      loadShipped: engine.loadShipped,
      hold: engine.hold,
      apply: engine.apply,
      evaluate: engine.evaluate,
      loadData: engine.loadData,
      sensitivity: async (request, ...more) => {
        asked.push([request.criterion, request.options]);
        return await engine.sensitivity(request, ...more);
      },
    },
  );
  commands.changeMethod({ options: { minimumShare: 0.2 } }, "more");
  await commands.computeSensitivity();
  expect(asked).toEqual([["bn-scale", { minimumShare: 0.2 }]]);
  commands.chooseMode("target");
  commands.typeSetting("goal", "50");
  await commands.apply();
  const report = JSON.parse(new TextDecoder().decode(commands.report().bytes)) as object;
  expect(report).toMatchObject({
    recipe: { allocation: { kind: "target", of: "macs", share: 0.5, minimumShare: 0.2 } },
    plan: { allocation: { kind: "target", of: "macs", share: 0.5, minimumShare: 0.2 } },
  });
  expect(page.getState().runs.at(-1)?.label).toBe("Cut to 50\u202f% of the MACs");
});

it("keeps criterion and options over a cut, and starts there by ratio", async () => {
  const { commands, method, slider } = await started();
  commands.changeMethod({ options: { scope: "layer", rounding: { to: 4 } } }, "scope");
  commands.toggleLock("conv3");
  commands.chooseMode("uniform");
  commands.typeSetting("share", "50");
  await commands.apply();
  const state = method.getState();
  expect(state.method).toMatchObject({
    options: { scope: "layer", rounding: { to: 4 }, locked: ["conv3"] },
    allocation: { kind: "global-threshold" },
  });
  expect(slider.getState().preview?.removed).toBe(0);
  // Another network has no such layer, and takes the rest.
  await commands.buildArchitecture("resnet-20:width=0.25");
  expect(method.getState().method.options).toEqual({ scope: "layer", rounding: { to: 4 } });
});

it("lets readers take over from dead channels, files that apart, and says so in the report", async () => {
  const { commands, measured, method, page } = await started();
  commands.setRatio(0.5);
  const plain = method.getState().text;
  commands.changeMethod({ manner: { dead: "absorb" } }, "more");
  const { text } = method.getState();
  expect(text).not.toBe(plain);
  const key = page.getState().session?.key ?? "";
  const name = positionName({ key, method: text, ratio: 0.5 });
  await vi.waitFor(() => {
    expect(largestOf(measured.getState(), name)?.absorbed?.map(({ layer }) => layer)).toEqual([
      "conv2",
      "conv3",
    ]);
  });
  await commands.apply();
  const report = JSON.parse(new TextDecoder().decode(commands.report().bytes)) as object;
  expect(report).toMatchObject({
    recipe: { repair: { dead: "absorb" } },
    steps: [{ kind: "loaded" }, { kind: "pruned", manner: { kind: "cut", dead: "absorb" } }],
  });
});

it("masks instead of cutting: every shape stays, and the fine-tuning holds the zeros", async () => {
  const { commands, page, training } = await started();
  const before = page.getState().session?.cost;
  commands.changeMethod({ manner: { kind: "mask" } }, "more");
  commands.setRatio(0.5);
  await commands.apply();
  const { runs, session } = page.getState();
  expect(runs.at(-1)?.label).toBe("Masked at 50\u202f%");
  expect(session?.cost).toEqual(before);
  expect(training.getState().forms.finetune.freezeZeros).toBe(true);
});

it("cuts streams as one or at their readers when told so, and cuts for real what it shows", async () => {
  const { commands, method, page, slider } = await started({
    architecture: "resnet-20:width=0.25",
  });
  const names = () => method.getState().pruning?.layers.map(({ name }) => name) ?? [];
  expect(method.getState().pruning?.hasStreams).toBe(true);
  expect(names()).not.toContain("conv1");
  commands.changeMethod({ options: { streams: "prune" } }, "more");
  expect(names()).toContain("conv1");
  commands.setRatio(0.5);
  const planned = slider.getState().preview?.cost;
  await commands.apply();
  expect(page.getState().session?.cost).toEqual(planned);
});

it("sets what a paper's method says, and says when its widths are another network's", async () => {
  const { commands, method, kept, training, activity } = await started();
  commands.setRatio(0.2);
  const before = kept();
  commands.choosePreset("network-slimming");
  // The regularizer and the repair are set in steps of their own.
  const { forms } = training.getState();
  const paper = { length: "epochs", epochs: "160", learningRate: "0.1", schedule: "step" };
  expect(forms.sparse).toMatchObject({ ...paper, strength: "0.0001", form: "subgradient" });
  expect(forms.finetune).toMatchObject({ ...paper, strength: "0", batchSize: "64" });
  expect(activity.getState().message).toContain("as in the paper, too");
  expect(method.getState().method).toMatchObject({ criterion: "bn-scale", options: {} });
  expect(method.getState().method.allocation).toMatchObject({ ratio: 0.7 });
  commands.setRatio(0.2);
  commands.choosePreset("network-slimming-compact-vgg");
  expect(method.getState().refusal).toEqual({
    at: "preset",
    text: "This preset is for vgg19, and vgg16:width=0.1875 is on the page; build vgg19 under Load.",
  });
  expect(method.getState().asked.allocation.kind).toBe("global-threshold");
  expect(kept()).toEqual(before);
});

it("scores by weights at once, with the criterion's options in the text of everything", async () => {
  const { commands, method, slider } = await started();
  commands.setRatio(0.5);
  commands.changeMethod({ criterion: "lp" }, "criterion");
  expect(commands.setCriterionOption("p", "2,5")).toBeNull();
  expect(method.getState().method.criterion).toBe("lp:p=2.5");
  expect(commands.setCriterionOption("p", "3")).toBeNull();
  expect(method.getState().method.criterion).toBe("lp:p=3");
  expect(slider.getState()).toMatchObject({
    ratio: 0.5,
    preview: { plan: { criterion: "lp:p=3" } },
  });
  const before = slider.getState().preview;
  expect(commands.setCriterionOption("p", "3,form=power")).toMatch(/p: .*one value, found 3,form/);
  expect(commands.setCriterionOption("p", "99")).toMatch(/p: .*from 0\.1 to 16, found 99/);
  expect(method.getState().refusal?.at).toBe("more");
  expect(slider.getState().preview).toBe(before);
  expect(method.getState().method.criterion).toBe("lp:p=3");
});

it("keeps the plan while a criterion looks at images, and looks once at each network", async () => {
  const asked: string[] = [];
  const engine = createFakeEngine({ pace: 0 });
  const { commands, method, slider, page } = await started(
    {},
    {
      ...engine,
      evidence: async (request, call) => {
        asked.push(request.criterion);
        return await engine.evidence(request, call);
      },
    },
  );
  commands.setRatio(0.4);
  const before = slider.getState().preview;
  commands.changeMethod({ criterion: "taylor" }, "criterion");
  expect(method.getState()).toMatchObject({
    isScoring: true,
    asked: { criterion: "taylor" },
    method: { criterion: "bn-scale" },
  });
  expect(slider.getState().preview).toBe(before);
  // The slider goes on meanwhile, and the choice is not forgotten.
  commands.setRatio(0.3);
  await vi.waitFor(() => expect(method.getState().method.criterion).toBe("taylor"));
  expect(method.getState().isScoring).toBe(false);
  expect(slider.getState()).toMatchObject({
    ratio: 0.3,
    preview: { plan: { criterion: "taylor" } },
  });
  expect(page.getState().data?.training).not.toBeNull();
  const report = JSON.parse(new TextDecoder().decode(commands.report(true).bytes)) as object;
  expect(report).toMatchObject({ plan: { images: { set: "training", count: 64, batch: 64 } } });
  // Another variant of the same gradients needs no second look, nor does coming back.
  commands.setCriterionOption("variant", "gate");
  expect(method.getState().method.criterion).toBe("taylor:variant=gate");
  commands.changeMethod({ criterion: "bn-scale" }, "criterion");
  commands.changeMethod({ criterion: "taylor" }, "criterion");
  expect(method.getState().method.criterion).toBe("taylor");
  expect(asked).toEqual(["taylor"]);
  await commands.computeSensitivity();
  // The smaller network is another one.
  await commands.apply();
  await vi.waitFor(() => expect(method.getState().method.criterion).toBe("taylor"));
  expect(asked).toEqual(["taylor", "taylor"]);
});

it("says that there are no images to look at, beside the criterion, and keeps the scores", async () => {
  const { commands, method, kept } = await started({ withoutData: true });
  commands.setRatio(0.5);
  const before = kept();
  commands.changeMethod({ criterion: "apoz" }, "criterion");
  await vi.waitFor(() => expect(method.getState().refusal?.at).toBe("criterion"));
  expect(method.getState().refusal?.text).toMatch(/the images are not there/);
  expect(method.getState().isScoring).toBe(false);
  expect(kept()).toEqual(before);
  commands.dismissRefusal();
  expect(method.getState().asked.criterion).toBe("bn-scale");
});

it("takes back a criterion whose looking was cancelled", async () => {
  const { commands, method, activity } = await started({ pace: 0.05 });
  commands.changeMethod({ criterion: "fpgm" }, "criterion");
  await vi.waitFor(() =>
    expect(activity.getState().tasks.map(({ label }) => label)).toContain("Scoring by FPGM"),
  );
  commands.cancel();
  await vi.waitFor(() => expect(method.getState().isScoring).toBe(false));
  expect(method.getState().asked.criterion).toBe("bn-scale");
  expect(method.getState().refusal).toBeNull();
});

it("scores greedily what a slider position costs the same, when it counts", async () => {
  const { commands, slider, kept } = await started();
  commands.changeMethod({ criterion: "l1" }, "criterion");
  commands.setRatio(0.5);
  const independent = slider.getState().preview;
  commands.changeMethod({ options: { scoring: "greedy" } }, "more");
  expect(kept()).toEqual([...(independent?.kept ?? [])]);
  expect(slider.getState().preview?.cost).toEqual(independent?.cost);
  const { plan } = JSON.parse(new TextDecoder().decode(commands.report(true).bytes)) as {
    plan: { allocation: object; groups: { name: string; kept: number[] }[] };
  };
  expect(plan.allocation).toMatchObject({ scoring: "greedy", ratio: 0.5 });
  const differ = plan.groups.filter(
    ({ name, kept: greedy }) => String(greedy) !== String(independent?.plan.kept.get(name)),
  );
  expect(differ.length).toBeGreaterThan(0);
});

it("refuses greedy scoring by a criterion that has none at once, before anything is measured", async () => {
  const { commands, method, activity, kept } = await started();
  commands.changeMethod({ criterion: "l1" }, "criterion");
  commands.changeMethod({ options: { scoring: "greedy" } }, "more");
  commands.setRatio(0.5);
  const before = kept();
  for (const criterion of ["bn-scale", "taylor"]) {
    commands.changeMethod({ criterion }, "criterion");
    expect(method.getState().refusal?.text).toContain(`found ${criterion})`);
    expect(method.getState().isScoring).toBe(false);
    expect(activity.getState().tasks).toEqual([]);
    expect(method.getState().method.criterion).toBe("l1");
    expect(kept()).toEqual(before);
  }
});
