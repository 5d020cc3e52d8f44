/** @file What a network that does not say its normalization is asked, given and remembered as. */
import { describe, expect, it } from "vitest";
import { evaluationOf } from "../analyze/index.ts";
import { AppError } from "../core/index.ts";
import {
  CIFAR10_NORMALIZATION,
  IMAGENET_NORMALIZATION,
  usualNormalizations,
} from "../data/index.ts";
import { withNormalization, type Normalization } from "../model/index.ts";
import type { Engine } from "./engine.ts";
import {
  candidatesOf,
  figuresOf,
  likelyOf,
  preselected,
  readOwn,
  type Trials,
} from "./normalization.ts";
import { mayChooseNormalization } from "./page.ts";
import { createRemembered, type Remembered, type TextStorage } from "./remembered.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { makeSparseNetwork } from "./testing/fake-network.ts";
import { createWorkbench } from "./workbench.ts";

const ASSUMED = { value: CIFAR10_NORMALIZATION, source: "assumed", isSaid: false } as const;
const UNIT: Normalization = { mean: [0, 0, 0], std: [1, 1, 1] };
const foreign = (): File => new File(["{}"], "foreign.json");

/** Trials of 256 images with so many right under each usual normalization. */
function trialsOf(...correct: readonly number[]): Trials {
  const usual = usualNormalizations(3);
  return new Map(
    correct.map((n, i) => [figuresOf(usual[i]?.normalization ?? UNIT), evaluationOf(256, n, 0)]),
  );
}

describe("the evidence", () => {
  const candidates = candidatesOf(ASSUMED);

  it("speaks for one that stands out, and begins with it when the other was only assumed", () => {
    const trials = trialsOf(30, 40, 25, 200, 28);
    expect(likelyOf(candidates, trials)).toEqual(["bytes"]);
    expect(preselected(ASSUMED, trials)).toBe("bytes");
    expect(preselected({ ...ASSUMED, source: "said", isSaid: true }, trials)).toBe("cifar-10");
    expect(preselected({ ...ASSUMED, source: "chosen", isSaid: false }, trials)).toBe("cifar-10");
  });

  it("does not move the choice between two that it cannot tell apart", () => {
    const trials = trialsOf(218, 90, 80, 26, 222);
    expect(likelyOf(candidates, trials)).toEqual(["imagenet", "cifar-10"]);
    expect(preselected(ASSUMED, trials)).toBe("cifar-10");
  });

  it("is silent while it is incomplete, and when nothing stands out", () => {
    expect(likelyOf(candidates, trialsOf(30, 40, 25, 200))).toEqual([]);
    expect(likelyOf(candidates, trialsOf(24, 26, 27, 25, 22))).toEqual([]);
    expect(preselected(ASSUMED, trialsOf(24, 26, 27, 25, 22))).toBe("cifar-10");
  });

  it("lists figures of no name beside the usual ones", () => {
    const value = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.2, 0.2] };
    const names = candidatesOf({ value, source: "said", isSaid: true }).map(({ name }) => name);
    expect(names).toEqual(["present", "cifar-10", "unit", "signed", "bytes", "imagenet"]);
    expect(preselected({ value, source: "said", isSaid: true }, new Map())).toBe("present");
  });
});

describe("figures of one's own", () => {
  it.each([
    ["0.5, 0.5", "1", "mean", "Write 3 numbers, or one for all channels."],
    ["0.5", "0", "deviation", "Write 3 numbers above 0, or one for all channels."],
    ["125.3, 123, 113.9", "63, 62.1, 66.7", "mean", /^125\.3 is for pixels in 0…255; divide it/],
    ["0.5", "63", "deviation", /^63 is for pixels in 0…255/],
  ])("%j and %j get one sentence, under the %s", (mean, deviation, field, text) => {
    expect(readOwn({ mean, deviation }, 3)).toEqual({
      problem: { field, text: typeof text === "string" ? text : expect.stringMatching(text) },
    });
  });
});

async function started(change: Partial<Engine> = {}, remembered?: Remembered) {
  const workbench = createWorkbench({ ...createFakeEngine({ pace: 0 }), ...change }, remembered);
  await workbench.commands.start();
  return workbench;
}

type Bench = Awaited<ReturnType<typeof started>>;
const sourceOf = ({ page }: Bench) => page.getState().session?.normalization;

/** Waits until every choice of the network on the page was measured. */
async function tried({ normalizing }: Bench): Promise<void> {
  await expect.poll(() => normalizing.getState().trials.size).toBe(5);
}

describe("the page", () => {
  it("asks nothing of a network that says its own, until it is asked to", async () => {
    const bench = await started();
    expect(sourceOf(bench)).toEqual({ value: CIFAR10_NORMALIZATION, source: "said", isSaid: true });
    await expect.poll(() => bench.measured.getState().evaluations.size).toBeGreaterThan(0);
    expect(bench.normalizing.getState()).toMatchObject({ isOpen: false, trials: new Map() });
    bench.commands.openNormalization();
    await tried(bench);
    bench.commands.closeNormalization();
    expect(sourceOf(bench)?.source).toBe("said");
  });

  it("assumes, measures every choice, and changes nothing by itself", async () => {
    const bench = await started();
    await bench.commands.openFiles([foreign()]);
    await tried(bench);
    expect(sourceOf(bench)).toEqual(ASSUMED);
    expect(bench.page.getState().session?.network.metadata).toEqual({});
    const { trials } = bench.normalizing.getState();
    const best = likelyOf(candidatesOf(ASSUMED), trials);
    expect(best[0]).toBe("cifar-10");
  });

  it("gives the choice to the network and its cuts, measures anew, and says so in the report", async () => {
    const bench = await started();
    const { commands, page } = bench;
    await commands.openFiles([foreign()]);
    commands.setRatio(0.5);
    await commands.apply();
    await expect.poll(() => bench.measured.getState().evaluations.size).toBeGreaterThan(0);
    const old = [...bench.measured.getState().evaluations.values()];
    await commands.exportFiles("tfjs");
    expect(bench.exports.getState().records.size).toBe(1);
    commands.pickNormalization("unit");
    await commands.takeNormalization();
    const { runs, session } = page.getState();
    expect(runs.map((run) => run.session.network.metadata.normalization)).toEqual([UNIT, UNIT]);
    expect(runs[1]?.session).toBe(session);
    expect(sourceOf(bench)).toEqual({ value: UNIT, source: "chosen", isSaid: false });
    for (const samples of bench.measured.getState().evaluations.values()) {
      expect(old).not.toContain(samples);
    }
    expect(bench.exports.getState().records.size).toBe(0);
    const report = JSON.parse(new TextDecoder().decode(commands.report().bytes)) as object;
    expect(report).toMatchObject({ network: { normalization: { ...UNIT, source: "chosen" } } });
  });

  it("does not promise to remember what the file itself says otherwise", async () => {
    const bench = await started({
      openFiles: async () => {
        const network = withNormalization(makeSparseNetwork(undefined, 5), IMAGENET_NORMALIZATION);
        return await Promise.resolve([{ kind: "network", network, format: "tfjs", notes: [] }]);
      },
    });
    const { commands, page, activity } = bench;
    for (const choice of ["unit", "cifar-10"]) {
      await commands.openFiles([foreign()]);
      expect(sourceOf(bench)?.value).toEqual(IMAGENET_NORMALIZATION);
      commands.openNormalization();
      commands.pickNormalization(choice);
      await commands.takeNormalization();
      expect(activity.getState().message).toMatch(/export the network to keep that/);
    }
    expect(page.getState().session?.normalization.source).toBe("chosen");
  });

  it("hands the network with its new metadata to the engine before it is measured", async () => {
    const held: (Normalization | undefined)[] = [];
    const engine = createFakeEngine({ pace: 0 });
    const bench = await started({
      ...engine,
      hold: (network) => {
        held.push(network.metadata.normalization);
        return engine.hold(network);
      },
    });
    await bench.commands.openFiles([foreign()]);
    bench.commands.pickNormalization("imagenet");
    await bench.commands.takeNormalization();
    expect(held.slice(-2)).toEqual([undefined, IMAGENET_NORMALIZATION]);
  });

  it("measures equal weights anew when another file says another normalization", async () => {
    const says = [UNIT, IMAGENET_NORMALIZATION];
    const bench = await started({
      openFiles: async () => {
        const network = withNormalization(makeSparseNetwork(undefined, 5), says.shift() ?? UNIT);
        return await Promise.resolve([{ kind: "network", network, format: "tfjs", notes: [] }]);
      },
    });
    const evaluated = () => [...bench.measured.getState().evaluations.values()];
    await bench.commands.openFiles([foreign()]);
    const key = bench.page.getState().session?.key;
    await expect.poll(() => evaluated().length).toBeGreaterThan(0);
    const old = evaluated();
    await bench.commands.openFiles([foreign()]);
    expect(bench.page.getState().session?.key).toBe(key);
    for (const samples of evaluated()) expect(old).not.toContain(samples);
  });

  it("holds the page's own network again when equal weights that say otherwise are refused", async () => {
    const held: (Normalization | undefined)[] = [];
    const engine = createFakeEngine({ pace: 0 });
    const says = [UNIT, IMAGENET_NORMALIZATION];
    const bench = await started({
      ...engine,
      hold: (network) => {
        held.push(network.metadata.normalization);
        return engine.hold(network);
      },
      openFiles: async () => {
        const network = withNormalization(makeSparseNetwork(undefined, 5), says.shift() ?? UNIT);
        return await Promise.resolve([{ kind: "network", network, format: "tfjs", notes: [] }]);
      },
    });
    await bench.commands.openFiles([foreign()]);
    await bench.commands.startTraining("finetune");
    await bench.commands.openFiles([foreign()]);
    expect(bench.page.getState().problems.load).toMatch(/neither kept nor discarded/);
    expect(held.slice(-2)).toEqual([IMAGENET_NORMALIZATION, UNIT]);
    expect(sourceOf(bench)?.value).toEqual(UNIT);
  });

  it("keeps what a run was trained with", async () => {
    const engine = createFakeEngine({ pace: 0 });
    const bench = await started({
      ...engine,
      train: async (...call) => {
        const outcome = await engine.train(...call);
        return { ...outcome, network: withNormalization(outcome.network, CIFAR10_NORMALIZATION) };
      },
    });
    const { commands, page } = bench;
    await commands.openFiles([foreign()]);
    await commands.startTraining("finetune");
    commands.keepTraining();
    expect(mayChooseNormalization(page.getState())).toBe(false);
    commands.restore(page.getState().runs[0]?.id ?? 0);
    expect(mayChooseNormalization(page.getState())).toBe(true);
    commands.pickNormalization("unit");
    await commands.takeNormalization();
    const said = page.getState().runs.map((run) => run.session.network.metadata.normalization);
    expect(said).toEqual([UNIT, CIFAR10_NORMALIZATION]);
  });

  it("leaves everything as it was when typed figures are wrong or the engine fails", async () => {
    let isBroken = false;
    const engine = createFakeEngine({ pace: 0 });
    const bench = await started({
      ...engine,
      hold: (network) =>
        isBroken
          ? Promise.reject(new AppError("worker/crashed", { where: "engine" }))
          : engine.hold(network),
    });
    const { commands, normalizing, page } = bench;
    await commands.openFiles([foreign()]);
    const before = page.getState().session;
    commands.pickNormalization("own");
    expect(normalizing.getState().mean).toBe("0.4914, 0.4822, 0.4465");
    commands.typeNormalization({ mean: "0.5, 0.5" });
    await commands.takeNormalization();
    expect(normalizing.getState().problem).toMatchObject({ field: "mean" });
    commands.typeNormalization({ mean: "0.5" });
    expect(normalizing.getState().problem).toBeNull();
    isBroken = true;
    await commands.takeNormalization();
    expect(page.getState().problems.load).toMatch(/^engine: the worker crashed/);
    expect(page.getState().session).toBe(before);
    isBroken = false;
    await commands.takeNormalization();
    expect(sourceOf(bench)?.value.mean).toEqual([0.5, 0.5, 0.5]);
  });
});

/** A browser's storage. */
function makeStorage(): TextStorage & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, text) => void texts.set(name, text),
  };
}

describe("what is remembered", () => {
  it("is given to the same network on the next visit, and to no other", async () => {
    const storage = makeStorage();
    const first = await started(
      {},
      createRemembered(() => storage),
    );
    await first.commands.openFiles([foreign()]);
    first.commands.pickNormalization("signed");
    await first.commands.takeNormalization();

    const next = await started(
      {},
      createRemembered(() => storage),
    );
    await next.commands.openFiles([foreign()]);
    expect(sourceOf(next)).toMatchObject({
      value: { mean: [0.5, 0.5, 0.5] },
      source: "remembered",
    });
    expect(next.page.getState().session?.network.metadata.normalization?.std).toEqual([
      0.5, 0.5, 0.5,
    ]);
    await next.commands.buildArchitecture("vgg11:width=0.0625");
    expect(sourceOf(next)?.source).toBe("said");
  });

  it("does not go before what a file says", async () => {
    const storage = makeStorage();
    const said = makeSparseNetwork(undefined, 5);
    const first = await started(
      {},
      createRemembered(() => storage),
    );
    await first.commands.openFiles([foreign()]);
    first.commands.pickNormalization("unit");
    await first.commands.takeNormalization();
    const next = await started(
      { openFiles: async () => [{ kind: "network", network: said, format: "tfjs", notes: [] }] },
      createRemembered(() => storage),
    );
    await next.commands.openFiles([foreign()]);
    expect(sourceOf(next)).toEqual({ value: CIFAR10_NORMALIZATION, source: "said", isSaid: true });
  });

  const KEY = "0123456789abcdef".repeat(4);

  it.each([
    "not JSON",
    "[]",
    "null",
    `{"${KEY}":{"mean":[0],"std":[0]}}`,
    `{"${KEY}":{"mean":[0,0],"std":[1]}}`,
    `{"${KEY}":{"mean":["0"],"std":[1]}}`,
    `{"${KEY}":{"mean":[1e999],"std":[1]}}`,
    `{"__proto__":{"mean":[0],"std":[1]},"short":{"mean":[0],"std":[1]}}`,
  ])("is as if it had never been when it was damaged: %s", (text) => {
    const storage = makeStorage();
    storage.texts.set("espalier.normalizations", text);
    const remembered = createRemembered(() => storage);
    expect(remembered.normalizationOf(KEY)).toBeNull();
    remembered.remember(KEY, UNIT);
    expect(createRemembered(() => storage).normalizationOf(KEY)).toEqual(UNIT);
  });

  it("lasts for the visit where storage is refused or full", () => {
    const refused = createRemembered(() => {
      throw new DOMException("denied", "SecurityError");
    });
    refused.remember(KEY, UNIT);
    expect(refused.normalizationOf(KEY)).toEqual(UNIT);
    const full = createRemembered(() => ({
      getItem: () => null,
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    }));
    full.remember(KEY, UNIT);
    expect(full.normalizationOf(KEY)).toEqual(UNIT);
  });

  it("forgets the oldest choice first", () => {
    const storage = makeStorage();
    const keyOf = (n: number): string => n.toString(16).padStart(64, "0");
    const remembered = createRemembered(() => storage);
    for (let n = 0; n < 250; n++) remembered.remember(keyOf(n), UNIT);
    const later = createRemembered(() => storage);
    expect(later.normalizationOf(keyOf(0))).toBeNull();
    expect(later.normalizationOf(keyOf(249))).toEqual(UNIT);
    expect(Object.keys(JSON.parse([...storage.texts.values()][0] ?? "{}") as object)).toHaveLength(
      200,
    );
  });
});
