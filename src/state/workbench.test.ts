/** @file The page's commands on a fake engine: what they change, and what they leave alone. */
import { expect, it, vi } from "vitest";
import { AppError, known } from "../core/index.ts";
import { readRecipe } from "../recipe/index.ts";
import type { ExportRequest } from "../worker/protocol.ts";
import type { Engine } from "./engine.ts";
import { dotsOf, largestOf, positionName } from "./measured.ts";
import { safeMarks } from "./methods.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { shownOf } from "./slider.ts";
import { createWorkbench } from "./workbench.ts";

async function started(change: Partial<Engine> = {}) {
  const workbench = createWorkbench({ ...createFakeEngine({ pace: 0 }), ...change });
  await workbench.commands.start();
  return workbench;
}

it("starts with the shipped network and the test images", async () => {
  const { page, slider, method } = await started();
  const { data, runs, starting } = page.getState();
  expect(method.getState().pruning?.total).toBe(792);
  expect(data?.test?.count).toBe(10_000);
  expect(runs.map((run) => run.label)).toEqual(["Baseline"]);
  expect(starting).toBe(false);
  expect(slider.getState().preview?.removed).toBe(0);
});

it("leaves the network on the page alone when a file cannot be read", async () => {
  const { page, commands } = await started();
  const before = page.getState().session;
  await commands.openFiles([new File(["?"], "picture.png")]);
  expect(page.getState().session).toBe(before);
  expect(page.getState().problems.load).toMatch(/^picture\.png: this is something else/);
  commands.dismissProblem("load");
  expect(page.getState().problems).toEqual({});
});

it("says how to get images when there are none, and still cuts", async () => {
  const workbench = createWorkbench(createFakeEngine({ pace: 0, withoutData: true }));
  await workbench.commands.start();
  expect(workbench.page.getState().problems.load).toMatch(/npm run setup/);
  workbench.commands.setRatio(0.5);
  expect(workbench.slider.getState().preview?.removed).toBe(396);
});

it("still says that the shipped network is missing when the images have come", async () => {
  const { page } = await started({
    loadShipped: () =>
      Promise.reject(
        new AppError("files/missing-part", { where: "model.json", found: "status 404" }),
      ),
  });
  expect(page.getState().data?.test?.count).toBe(10_000);
  expect(page.getState().problems.load).toMatch(/^model\.json: a part is missing/);
});

it("runs the automatic backend when the one that was asked for cannot be had, and says so", async () => {
  const engine = createFakeEngine({ pace: 0 });
  const workbench = createWorkbench({
    ...engine,
    openBackend: (preference) =>
      preference === "auto"
        ? engine.openBackend("auto")
        : Promise.reject(new AppError("runtime/backend-unavailable", { where: preference })),
  });
  await workbench.commands.start("webgpu");
  expect(workbench.page.getState().backend).not.toBeNull();
  expect(workbench.page.getState().problems.load).toMatch(/^webgpu: this backend is not available/);
});

it("takes typed ratios, and answers what is no ratio with a sentence", async () => {
  const { slider, commands } = await started();
  expect(commands.typeRatio("62,5 %")).toBeNull();
  expect(slider.getState().ratio).toBe(0.625);
  for (const bad of ["-1", "100", "NaN", "", "Infinity", "half"]) {
    expect(commands.typeRatio(bad)).toMatch(/^ratio: the ratio is out of range/);
  }
  expect(slider.getState().ratio).toBe(0.625);
});

it("binds threshold and ratio both ways", async () => {
  const { slider, method, commands } = await started();
  commands.setRatio(0.5);
  const threshold = slider.getState().preview?.threshold ?? 0;
  commands.setRatio(0);
  commands.setThreshold(threshold);
  expect(slider.getState().ratio).toBe(0.5);
  expect(method.getState().pruning?.at(0.5).threshold).toBe(threshold);
});

it("goes to the gap without passing it, and to half the MACs", async () => {
  const { slider, page, method, commands } = await started();
  commands.goToGap();
  const gap = safeMarks(method.getState())?.gap ?? 0;
  expect(slider.getState().ratio).toBeLessThanOrEqual(gap);
  expect(slider.getState().ratio).toBeGreaterThan(gap - 0.005);
  commands.goToHalfMacs();
  const session = page.getState().session;
  expect(slider.getState().preview?.cost.macs).toBeLessThanOrEqual((session?.cost.macs ?? 0) / 2);
});

it("applies a cut as a new run that compares with the baseline, and restores", async () => {
  const { page, slider, commands } = await started();
  commands.setRatio(0.5);
  const planned = slider.getState().preview?.cost;
  await commands.apply();
  const { session, runs, step } = page.getState();
  expect(step).toBe("finetune");
  expect(session?.cost).toEqual(planned);
  expect(session?.formerWidths.get("conv13")).toBe(96);
  expect(runs.map((run) => [run.id, run.against])).toEqual([
    [1, 1],
    [2, 1],
  ]);
  expect(slider.getState().ratio).toBe(0);
  commands.restore(1);
  expect(page.getState().session).toBe(runs[0]?.session);
});

it("changes nothing while it trains, then keeps", async () => {
  const { page, training, commands } = await started();
  const before = page.getState().session;
  await commands.startTraining("sparse");
  expect(training.getState().status).toBe("ended");
  expect(page.getState().session).toBe(before);
  expect(training.getState().series.points.length).toBeGreaterThan(50);
  commands.keepTraining();
  expect(page.getState().session).not.toBe(before);
  expect(page.getState().runs.at(-1)?.label).toBe("Sparse-trained");
  expect(training.getState().outcome).toBeNull();
});

it("drops a discarded result and gives its network back", async () => {
  const released: string[] = [];
  const { page, training, commands } = await started({
    release: async (key) => {
      released.push(key);
      await Promise.resolve();
    },
  });
  const before = page.getState().session;
  await commands.startTraining("finetune");
  const key = training.getState().outcome?.key;
  await commands.discardTraining();
  expect(page.getState().session).toBe(before);
  expect(released).toEqual([key]);
});

it("names the step and what to try when a training diverges", async () => {
  const { page, training, commands } = await started();
  commands.editTraining("sparse", { learningRate: "1e9" });
  await commands.startTraining("sparse");
  expect(training.getState().outcome?.ended).toBe("diverged");
  expect(page.getState().problems.sparse).toMatch(/^step 6: .*learning rate/);
});

it("refuses a bad setting in its field and starts nothing", async () => {
  const { training, commands } = await started();
  commands.editTraining("sparse", { batchSize: "0", momentum: "2" });
  await commands.startTraining("sparse");
  expect(training.getState().status).toBe("idle");
  expect(Object.keys(training.getState().problems.sparse)).toEqual(["batchSize", "momentum"]);
  commands.editTraining("sparse", { batchSize: "32" });
  expect(Object.keys(training.getState().problems.sparse)).toEqual(["momentum"]);
});

it("keeps the page when a training fails", async () => {
  const { page, training, commands } = await started({
    train: async () => {
      await Promise.resolve();
      throw new AppError("worker/crashed", { where: "training" });
    },
  });
  const before = page.getState().session;
  await commands.startTraining("sparse");
  expect(training.getState().status).toBe("idle");
  expect(page.getState().session).toBe(before);
  expect(page.getState().problems.sparse).toMatch(/^training: the worker crashed/);
});

it("collects sensitivity point by point", async () => {
  const { sensitivity, commands } = await started();
  await commands.computeSensitivity();
  const { curves, status, base } = sensitivity.getState();
  expect(status).toBe("ended");
  expect(curves.size).toBe(13);
  expect(curves.get("conv1")).toHaveLength(9);
  expect(base).toBeGreaterThan(0.8);
});

it("writes a report without a number that is not one", async () => {
  const { commands } = await started();
  commands.setRatio(0.5);
  await commands.apply();
  const text = new TextDecoder().decode(commands.report().bytes);
  const report: unknown = JSON.parse(text);
  expect(report).toMatchObject({
    format: "espalier-report/1",
    plan: { criterion: "bn-scale", achieved: 0.5 },
    recipe: { version: 1, training: null, allocation: { ratio: 0.5, mode: "exact" } },
    steps: [{ kind: "loaded" }, { kind: "pruned" }],
    before: { parameters: 519_982 },
  });
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
});

it("reports a cut that is only shown with its channels and its cost", async () => {
  const { method, commands } = await started();
  commands.setRatio(0.5);
  const report = JSON.parse(new TextDecoder().decode(commands.report(true).bytes)) as {
    plan: { groups: { of: number; kept: number[] }[] };
    network: { parameters: number };
  };
  const kept = report.plan.groups.reduce((sum, group) => sum + group.kept.length, 0);
  expect(kept).toBe(396);
  expect(report.network.parameters).toBe(method.getState().pruning?.at(0.5).cost.parameters ?? 0);
});

it("exports the cut network without applying it", async () => {
  const { page, commands } = await started();
  const before = page.getState().session;
  commands.setRatio(0.5);
  const whole = await commands.exportFiles("safetensors");
  const cut = await commands.exportFiles("safetensors", { isCut: true });
  expect(cut?.files[0]?.bytes.length).toBeLessThan(whole?.files[0]?.bytes.length ?? 0);
  expect(page.getState().session).toBe(before);
});

it("reports every file that was written of the network, by its hash, and of no other", async () => {
  const { commands } = await started();
  const exportsIn = (isCut = false): unknown[] => {
    const text = new TextDecoder().decode(commands.report(isCut).bytes);
    return (JSON.parse(text) as { exports: unknown[] }).exports;
  };
  expect(exportsIn()).toEqual([]);
  const onnx = await commands.exportFiles("onnx");
  const folded = await commands.exportFiles("onnx", { fold: {} });
  const again = await commands.exportFiles("onnx");
  expect(exportsIn()).toEqual([folded?.record, again?.record]);
  expect(onnx?.record.files[0]?.sha256).toBe(again?.record.files[0]?.sha256);
  commands.setRatio(0.5);
  const cut = await commands.exportFiles("bundle", { isCut: true });
  expect(exportsIn(true)).toEqual([cut?.record]);
  expect(exportsIn()).toEqual([folded?.record, again?.record]);
  commands.setRatio(0.25);
  expect(exportsIn(true)).toEqual([]);
});

it("gives a bundle its recipe, its plan and a sentence of each step", async () => {
  const asked: ExportRequest[] = [];
  const engine = createFakeEngine({ pace: 0 });
  const watched: Engine = {
    ...engine,
    exportNetwork: (request) => {
      asked.push(request);
      return engine.exportNetwork(request);
    },
  };
  const { commands } = await started(watched);
  commands.setRatio(0.5);
  await commands.exportFiles("bundle");
  await commands.exportFiles("bundle", { isCut: true });
  const [whole, cut] = asked.map(({ documents }) => known(documents, "documents"));
  const { allocation } = readRecipe(cut?.recipe, "recipe.json");
  expect(allocation).toMatchObject({ kind: "global-threshold", ratio: 0.5 });
  const plans = [whole?.plan, cut?.plan] as { groups: { of: number; kept: number[] }[] }[];
  const kept = plans.map(({ groups }) => groups.map((group) => group.kept.length));
  expect(kept[0]).toEqual(plans[0]?.groups.map(({ of }) => of));
  expect(Math.max(...(kept[1] ?? []))).toBeLessThan(Math.max(...(kept[0] ?? [])));
  expect(cut?.report).toMatchObject({ format: "espalier-report/1", plan: cut?.plan });
  expect(cut?.summary[0]).toBe("shipped with Espalier: Baseline, then Cut at 50\u202f%");
  expect(cut?.summary[1]).toMatch(/^\d+\.\d % of the parameters and \d+\.\d % of the MACs were/);
});

it("does not put the shipped network over one that was opened meanwhile", async () => {
  const engine = createFakeEngine({ pace: 0 });
  let arrive: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const { page, commands } = createWorkbench({
    ...engine,
    loadShipped: async (path, call) => {
      await held;
      return await engine.loadShipped(path, call);
    },
  });
  const starting = commands.start();
  await commands.buildArchitecture("vgg11:width=0.125");
  arrive();
  await starting;
  expect(page.getState().session?.name).toBe("vgg11:width=0.125");
});

it("measures the held-back images to their end when there are no others, and then rests", async () => {
  let calls = 0;
  const engine = createFakeEngine({ pace: 0, heldBack: 500 });
  const { page, measured, activity, commands } = createWorkbench({
    ...engine,
    loadData: async (which, call) => {
      if (which === "test") throw new AppError("data/missing", { where: "test images" });
      return await engine.loadData(which, call);
    },
    evaluate: async (request, call) => {
      calls++;
      return await engine.evaluate(request, call);
    },
  });
  await commands.start();
  await commands.loadData("training");
  expect(page.getState().data?.test).toBeNull();
  const counts = (): number[] =>
    [...measured.getState().evaluations.values()].flatMap((all) => all.map(({ count }) => count));
  await vi.waitFor(() => {
    expect(counts()).toEqual([256, 500]);
    expect(measured.getState().latencies.size).toBe(1);
  });
  await vi.waitFor(() => expect(activity.getState().tasks).toEqual([]));
  expect(calls).toBe(2);
  const text = new TextDecoder().decode(commands.report().bytes);
  expect(JSON.parse(text)).toMatchObject({
    after: { evaluation: { set: "validation", count: 500 } },
    images: { test: null, validation: { count: 500 } },
  });
});

it("forgets what was measured on other images", async () => {
  const { measured, sensitivity, commands } = await started();
  await commands.computeSensitivity();
  await vi.waitFor(() => expect(measured.getState().evaluations.size).toBeGreaterThan(0));
  await commands.openFiles([new File(["?"], "test_batch.bin")]);
  expect(measured.getState().evaluations.size).toBe(0);
  expect(sensitivity.getState()).toMatchObject({ status: "idle", base: null });
  expect(sensitivity.getState().curves.size).toBe(0);
});

it("says what the files' notes are although measuring goes on", async () => {
  const { activity, measured, commands } = await started();
  await commands.openFiles([new File(["?"], "test_batch.bin")]);
  await vi.waitFor(() => expect(measured.getState().evaluations.size).toBeGreaterThan(0));
  expect(activity.getState().message).toBe("Opened test_batch.bin: test_batch.bin was read.");
});

it("writes 29 % and not 28.9", async () => {
  const { page, commands } = await started();
  commands.setRatio(0.29);
  await commands.apply();
  expect(page.getState().runs.at(-1)?.label).toBe("Cut at 29\u202f%");
});

it("does not give back a kept network when the same result is discarded later", async () => {
  const released: string[] = [];
  const { page, training, commands } = await started({
    release: async (key) => {
      released.push(key);
      await Promise.resolve();
    },
  });
  await commands.startTraining("finetune");
  commands.keepTraining();
  const kept = page.getState().session?.key;
  commands.restore(1);
  await commands.startTraining("finetune");
  expect(training.getState().outcome?.key).toBe(kept);
  await commands.discardTraining();
  expect(released).toEqual([]);
});

it("starts one training on a double click", async () => {
  const engine = createFakeEngine({ pace: 0 });
  let runs = 0;
  const { commands } = await started({
    train: async (...request) => {
      runs++;
      return await engine.train(...request);
    },
    hold: engine.hold,
    loadShipped: engine.loadShipped,
  });
  await Promise.all([commands.startTraining("sparse"), commands.startTraining("sparse")]);
  expect(runs).toBe(1);
});

it("keeps a training that was started while another network was on its way", async () => {
  const engine = createFakeEngine({ pace: 0 });
  let arrive: () => void = () => undefined;
  const way = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const { page, training, commands } = createWorkbench({
    ...engine,
    buildArchitecture: async (name, seed) => {
      await way;
      return await engine.buildArchitecture(name, seed);
    },
  });
  await commands.start();
  const before = page.getState().session;
  const building = commands.buildArchitecture("vgg11:width=0.125");
  const running = commands.startTraining("sparse");
  arrive();
  await building;
  expect(page.getState().session).toBe(before);
  expect(page.getState().problems.load).toMatch(/^A training is running/);
  await running;
  expect(training.getState().outcome).not.toBeNull();
});

it("throws no finished training away: opening asks first, starting again keeps it as a run", async () => {
  const { page, training, commands } = await started();
  const before = page.getState().session;
  await commands.startTraining("finetune");
  const first = training.getState().outcome?.key;
  await commands.openShipped();
  expect(page.getState().problems.load).toMatch(/neither kept nor discarded/);
  expect(training.getState().outcome?.key).toBe(first);
  await commands.startTraining("finetune");
  expect(page.getState().session).toBe(before);
  expect(page.getState().runs.map((run) => run.session.key)).toEqual([before?.key, first]);
});

it("compares a kept run with what its parent is compared with", async () => {
  const { page, commands } = await started();
  await commands.startTraining("sparse");
  commands.keepTraining();
  commands.restore(1);
  await commands.startTraining("finetune");
  commands.restore(2);
  commands.keepTraining();
  expect(page.getState().runs.map((run) => [run.id, run.parent, run.against])).toEqual([
    [1, null, 1],
    [2, 1, 2],
    [3, 1, 1],
  ]);
});

it("reports of a stopped run how long it was planned and where it stopped", async () => {
  const { training, commands } = await started();
  const running = commands.startTraining("finetune");
  await vi.waitFor(() => expect(training.getState().latest?.step ?? 0).toBeGreaterThan(4));
  commands.stopTraining();
  await running;
  const steps = training.getState().outcome?.steps;
  commands.keepTraining();
  const text = new TextDecoder().decode(commands.report().bytes);
  expect(JSON.parse(text)).toMatchObject({
    steps: [
      { kind: "loaded" },
      {
        settings: { length: { steps: 240 } },
        ended: "stopped",
        stoppedAfter: steps,
        validation: { set: "validation" },
      },
    ],
  });
});

it("has the base before the first point, and keeps points over a cancel", async () => {
  const { sensitivity, commands } = await started();
  const running = commands.computeSensitivity();
  await vi.waitFor(() => expect(sensitivity.getState().curves.size).toBeGreaterThan(3));
  expect(sensitivity.getState().base).not.toBeNull();
  commands.cancelSensitivity();
  await running;
  const before = sensitivity.getState();
  expect(before).toMatchObject({ status: "ended", isComplete: false });
  const again = commands.computeSensitivity();
  expect(sensitivity.getState().curves).toBe(before.curves);
  await again;
  const after = sensitivity.getState();
  expect(after.isComplete).toBe(true);
  // What had been measured was not measured again.
  for (const [group, samples] of before.curves) {
    for (const sample of samples) expect(after.curves.get(group)).toContain(sample);
  }
});

it("goes from measured point to measured point, and stays at the last one", async () => {
  const { commands, slider, measured, method, page } = await started();
  commands.goTo("prune");
  const key = page.getState().session?.key ?? "";
  const { text } = method.getState();
  await vi.waitFor(() => expect(dotsOf(measured.getState(), key, text).length).toBeGreaterThan(2));
  const stops: number[] = [];
  commands.setRatio(0.995);
  commands.goToDot("previous");
  const last = slider.getState().ratio;
  for (let i = 0; i < 20; i++) {
    stops.push(slider.getState().ratio);
    commands.goToDot("previous");
  }
  expect(stops.at(-1)).toBe(0);
  const measuredAt = new Set(dotsOf(measured.getState(), key, text).map(({ ratio }) => ratio));
  expect(stops.every((ratio) => measuredAt.has(ratio))).toBe(true);
  for (let i = 0; i < 20; i++) commands.goToDot("next");
  expect(slider.getState().ratio).toBeGreaterThanOrEqual(last);
});

it("shows the uncut network while it is held, without measuring and without a step back", async () => {
  const { commands, slider, history, measured, method, page } = await started();
  commands.setRatio(0.5);
  const { text } = method.getState();
  const position = { key: page.getState().session?.key ?? "", method: text, ratio: 0.5 };
  const count = (): number => largestOf(measured.getState(), positionName(position))?.count ?? 0;
  await vi.waitFor(() => expect(count()).toBe(10_000));
  await vi.waitFor(() => expect(measured.getState().measuring).toBeNull());
  const before = { ...slider.getState(), ...history.getState() };
  const heard = vi.fn<() => void>();
  measured.subscribe(heard);
  commands.showUncut(true);
  expect(shownOf(slider.getState())).toMatchObject({ ratio: 0, preview: null });
  commands.showUncut(false);
  expect(shownOf(slider.getState()).preview).toBe(before.preview);
  await new Promise((done) => setTimeout(done));
  expect({ ...slider.getState(), ...history.getState() }).toEqual(before);
  expect(heard).not.toHaveBeenCalled();
});
