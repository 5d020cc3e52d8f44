/**
 * @file The engine without a worker around it, on real wasm and a few made-up images: every method of
 * the protocol answers, what is refused changes nothing, what is aborted stops.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { known, makeRandom, sha256Of } from "../core/index.ts";
import { usualNormalizations } from "../data/index.ts";
import { costOf, tensorName, withNormalization, type Network } from "../model/index.ts";
import { networkFor, planAt, preparePruning, type Plan } from "../prune/index.ts";
import { NODE_WASM_PATHS } from "../runtime/testing/backends.ts";
import { DEFAULT_SETTINGS } from "../train/index.ts";
import { makeHost } from "./calls.ts";
import { EngineHost } from "./engine-host.ts";
import type {
  NetworkKey,
  NormalizationTrial,
  SensitivityPoint,
  TrainCheckpoint,
  TrainEvent,
} from "./protocol.ts";
import type { MethodName, Methods, Notice, Reply } from "./wire.ts";
import { withoutSelections } from "../prune/testing/without-selections.ts";

const host = makeHost(new EngineHost({ wasmPaths: NODE_WASM_PATHS }));
let nextId = 1;

async function ask<M extends MethodName>(
  method: M,
  request: Methods[M]["request"],
  notify: (notice: Notice) => void = () => undefined,
  id = nextId++,
): Promise<Reply<Methods[M]["reply"]>> {
  return host.call(id, method, request, notify);
}

async function value<M extends MethodName>(
  method: M,
  request: Methods[M]["request"],
  notify?: (notice: Notice) => void,
): Promise<Methods[M]["reply"]> {
  const reply = await ask(method, request, notify);
  if (reply.kind !== "value") throw new Error(JSON.stringify(reply));
  return reply.value;
}

/** A CIFAR shard of noise; the label is also the brightness, so that there is something to learn. */
function shard(name: string, records: number, seed: number): File {
  const random = makeRandom(seed);
  const bytes = new Uint8Array(records * 3073);
  for (let i = 0; i < records; i++) {
    bytes[i * 3073] = i % 10;
    for (let p = 1; p < 3073; p++) bytes[i * 3073 + p] = (i % 10) * 20 + random.integer(50);
  }
  return new File([bytes], name);
}

let key: NetworkKey;
let network: Network;

beforeAll(async () => {
  await value("openBackend", "wasm");
  await value("openFiles", {
    files: [shard("test_batch.bin", 60, 1), shard("data_batch_1.bin", 100, 2)],
  });
  ({ network, key } = await value("buildArchitecture", { name: "vgg11:width=0.0625", seed: 3 }));
  await value("hold", key);
});

function requestOf(length: { epochs: number } | { steps: number } | { seconds: number }) {
  const settings = { ...DEFAULT_SETTINGS, batchSize: 10, learningRate: 0.01, length };
  return { network: key, settings, validationCount: 10 };
}

const PLAIN = { kind: "cut", dead: "zero" } as const;

const asPlanned = (of: string, plan: Plan) => ({ network: of, cut: { plan, dead: PLAIN.dead } });

/** The same network with a quarter of each batch norm's channels dead, which still say their β. */
function withDeadChannels(of: Network): Network {
  const weights = new Map(of.weights);
  const kill = (node: string, part: "gamma" | "beta", to: number): void => {
    const name = tensorName(node, part);
    const { shape, values } = known(weights.get(name), name);
    weights.set(name, { shape, values: values.map((old, i) => (i % 4 === 0 ? to : old)) });
  };
  for (const { name, op } of of.nodes) {
    if (op.kind !== "batchNorm") continue;
    kill(name, "gamma", 0);
    kill(name, "beta", 1.5);
  }
  return { ...of, weights };
}

describe("the engine", () => {
  it("counts what it evaluates and reports progress", async () => {
    const seen: Notice[] = [];
    const request = { network: key, set: "test" as const, count: 30 };
    const evaluation = await value("evaluate", request, (notice) => seen.push(notice));
    expect(evaluation.count).toBe(30);
    expect(evaluation.interval[0]).toBeLessThanOrEqual(evaluation.accuracy);
    expect(seen.at(-1)).toMatchObject({ kind: "progress", progress: { done: 30, total: 30 } });
    const all = await value("evaluate", { ...request, count: 10_000 });
    expect(all.count).toBe(60);
    // The same answers by class: every image once, and on the diagonal those that are right.
    const { classes = 0, counts = new Uint32Array() } = all.confusion ?? {};
    expect(counts.length).toBe(classes * classes);
    expect(counts.reduce((sum, n) => sum + n)).toBe(60);
    const right = counts.filter((_, at) => at % (classes + 1) === 0);
    expect(right.reduce((sum, n) => sum + n)).toBe(all.correct);
  });

  it("evaluates a plan as the network that applying it gives", async () => {
    const plan = planAt(preparePruning(network, "bn-scale"), { ratio: 0.4 });
    const planned = await value("evaluate", { ...asPlanned(key, plan), set: "test", count: 60 });
    const applied = await value("apply", { network: key, plan, manner: PLAIN });
    const cut = await value("evaluate", { network: applied.key, set: "test", count: 60 });
    expect([planned.correct, planned.loss]).toEqual([cut.correct, cut.loss]);
  });

  it("masks a plan into the same shapes, which compute what the cut network computes", async () => {
    const plan = planAt(preparePruning(network, "bn-scale"), { ratio: 0.4 });
    const cut = await value("evaluate", { ...asPlanned(key, plan), set: "test", count: 60 });
    const manner = { kind: "mask", dead: "zero" } as const;
    const masked = await value("apply", { network: key, plan, manner });
    const found = await value("evaluate", { network: masked.key, set: "test", count: 60 });
    expect(costOf(masked.network)).toEqual(costOf(network));
    expect(found.correct).toBe(cut.correct);
    expect(found.loss).toBeCloseTo(cut.loss, 5);
  });

  it("says what readers take over from dead channels where they are told to", async () => {
    const dead = withDeadChannels(network);
    const deadKey = await value("hold", dead);
    const plan = planAt(preparePruning(dead, "bn-scale"), { ratio: 0.2 });
    const request = { network: deadKey, set: "test" as const, count: 60 };
    const silent = await value("evaluate", { ...request, cut: { plan, dead: "zero" } });
    const taken = await value("evaluate", { ...request, cut: { plan, dead: "absorb" } });
    const applied = await value("apply", {
      network: deadKey,
      plan,
      manner: { kind: "cut", dead: "absorb" },
    });
    expect(silent.absorbed).toBeUndefined();
    expect(taken.absorbed).toEqual(applied.absorbed);
    expect(taken.absorbed?.length).toBeGreaterThan(0);
    const whole = await value("evaluate", request);
    expect(Math.abs(taken.loss - whole.loss)).toBeLessThan(Math.abs(silent.loss - whole.loss));
  });

  it("hands out sensitivity point by point and stops when told", async () => {
    const points: SensitivityPoint[] = [];
    const order: Notice["kind"][] = [];
    const request = {
      network: key,
      criterion: "bn-scale",
      ratios: [0.25, 0.5],
      set: "test" as const,
      count: 10,
    };
    await value("sensitivity", request, (notice) => {
      if (notice.kind !== "progress") order.push(notice.kind);
      if (notice.kind === "point") points.push(notice.point);
    });
    expect(order.slice(0, 2)).toEqual(["base", "point"]);
    expect(points.length).toBe(8 * 2);
    const id = nextId++;
    let landed = 0;
    const reply = await ask(
      "sensitivity",
      request,
      (notice) => {
        if (notice.kind !== "point") return;
        landed += 1;
        host.abort(id);
      },
      id,
    );
    expect(reply.kind).toBe("aborted");
    expect(landed).toBeLessThan(16);
  });

  it("tells a criterion what it wants to know, and curves by it follow", async () => {
    for (const criterion of ["taylor:variant=gate", "taylor:variant=activation", "apoz", "fpgm"]) {
      const seen: Notice[] = [];
      const evidence = await value("evidence", { network: key, criterion }, (notice) =>
        seen.push(notice),
      );
      expect(seen.at(-1)?.kind).toBe("progress");
      const { scores } = preparePruning(network, criterion, {}, evidence);
      expect(scores.size).toBe(8);
      for (const own of scores.values()) expect(own.every(Number.isFinite)).toBe(true);
      const points: SensitivityPoint[] = [];
      const set = "test" as const;
      const request = { network: key, criterion, evidence, ratios: [0.5], set, count: 10 };
      await value("sensitivity", request, (notice) => {
        if (notice.kind === "point") points.push(notice.point);
      });
      expect(points.length).toBe(8);
    }
    const blind = {
      network: key,
      criterion: "apoz",
      ratios: [0.5],
      set: "test" as const,
      count: 1,
    };
    expect(await ask("sensitivity", blind)).toMatchObject({
      error: { code: "prune/needs-images" },
    });
  });

  it("cuts at the readers of a stream where the plan asks for it", async () => {
    const { network: streams } = await value("buildArchitecture", {
      name: "preresnet-20:width=0.25",
      seed: 1,
    });
    const bare = withoutSelections(streams);
    const bareKey = await value("hold", bare);
    const options = { streams: "select" } as const;
    const prepared = preparePruning(networkFor(bare, "select"), "bn-scale", options);
    const plan = planAt(prepared, { ratio: 0.3 });
    const planned = await value("evaluate", {
      ...asPlanned(bareKey, plan),
      set: "test",
      count: 20,
    });
    const applied = await value("apply", { network: bareKey, plan, manner: PLAIN });
    const cut = await value("evaluate", { network: applied.key, set: "test", count: 20 });
    expect([planned.correct, planned.loss]).toEqual([cut.correct, cut.loss]);
    expect(applied.network.nodes.some(({ op }) => op.kind === "channelSelect")).toBe(true);
  });

  it("measures under each normalization as a network that says it is measured", async () => {
    const candidates = usualNormalizations(3).map(({ normalization }) => normalization);
    const trials: NormalizationTrial[] = [];
    await value(
      "compareNormalizations",
      { network: key, candidates, set: "test", count: 40 },
      (notice) => {
        if (notice.kind === "trial") trials.push(notice.trial);
      },
    );
    expect(trials.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    for (const { index, evaluation } of trials) {
      const says = withNormalization(network, known(candidates[index], "candidate"));
      // Graph and weights are the same, so the key is too; the network that was held last counts.
      expect(await value("hold", says)).toBe(key);
      const alone = await value("evaluate", { network: key, set: "test", count: 40 });
      expect([evaluation.correct, evaluation.loss]).toEqual([alone.correct, alone.loss]);
    }
    await value("hold", network);
  });

  it("trains, tells of loss, scales and validation, and holds the result", async () => {
    const events: TrainEvent[] = [];
    const outcome = await value("train", requestOf({ epochs: 2 }), (notice) => {
      if (notice.kind === "train") events.push(notice.event);
    });
    expect(outcome).toMatchObject({ ended: "finished", steps: 18, error: null });
    expect(new Set(events.map((event) => event.kind))).toEqual(
      new Set(["step", "scales", "validation", "checkpoint"]),
    );
    const scales = events.find((event) => event.kind === "scales");
    expect(scales?.kind === "scales" && scales.scales.length).toBe(172);
    const request = { network: outcome.key, set: "validation" as const, count: 10 };
    expect((await value("evaluate", request)).count).toBe(10);
  });

  it("goes on where it was cut off, to the weights of a run that was not", async () => {
    const kept: TrainCheckpoint[] = [];
    const request = requestOf({ epochs: 3 });
    const whole = await value("train", request, (notice) => {
      if (notice.kind !== "train" || notice.event.kind !== "checkpoint") return;
      // As it comes to the page, which may be all that is left of the worker.
      kept.push(structuredClone(notice.event.checkpoint));
    });
    expect(kept.map(({ state, total, perEpoch }) => [state.step, total, perEpoch])).toEqual([
      [9, 27, 9],
      [18, 27, 9],
      [27, 27, 9],
    ]);
    for (const from of kept) {
      const steps: number[] = [];
      const rest = await value("train", { ...request, from }, (notice) => {
        if (notice.kind === "train" && notice.event.kind === "step") steps.push(notice.event.step);
      });
      expect(rest.key).toBe(whole.key);
      expect(rest).toMatchObject({ steps: 27, total: 27, ended: "finished" });
      // Of one that was cut off at its very end nothing is left but to look at it.
      if (from.state.step === 27) expect(steps).toEqual([]);
      else expect(Math.min(...steps)).toBeGreaterThan(from.state.step);
      expect(rest.seconds).toBeGreaterThan(from.seconds);
    }
    // By settings that make other epochs it would be another run.
    const other = { ...request, settings: { ...request.settings, batchSize: 5 }, from: kept[0] };
    expect(await ask("train", other)).toMatchObject({
      kind: "refused",
      error: { code: "train/state-mismatch" },
    });
  });

  it("stops where it is told, even while it is held", async () => {
    const id = nextId++;
    let steps = 0;
    const reply = await ask(
      "train",
      requestOf({ steps: 100_000 }),
      (notice) => {
        if (notice.kind !== "train" || notice.event.kind !== "step") return;
        steps = notice.event.step;
        void ask("pause", true).then(() => host.abort(id));
      },
      id,
    );
    expect(reply).toMatchObject({ kind: "value", value: { ended: "stopped" } });
    expect(reply.kind === "value" && reply.value.steps).toBeLessThan(steps + 50);
  });

  it("turns a time box into steps", async () => {
    const outcome = await value("train", requestOf({ seconds: 0.2 }));
    expect(outcome.ended).toBe("finished");
    expect(outcome.steps).toBeGreaterThan(0);
    // As it says of itself, it can be repeated without a clock.
    const { total, replans } = outcome;
    const length = { steps: total, ...(replans === undefined ? {} : { replans }) };
    expect((await value("train", requestOf(length))).key).toBe(outcome.key);
  });

  it("gives back the last good network when the loss is no longer a number", async () => {
    const request = requestOf({ steps: 500 });
    const settings = { ...request.settings, learningRate: 1e9 };
    const outcome = await value("train", { ...request, settings });
    expect(outcome).toMatchObject({ ended: "diverged", error: { code: "train/not-finite" } });
    expect(outcome.error?.where).toMatch(/^step \d+$/);
    expect(outcome.key).toBe(key);
  });

  it("refuses to measure or train a network that the images do not fit", async () => {
    const five = await value("buildArchitecture", {
      name: "vgg11:width=0.0625,classes=5",
      seed: 1,
    });
    const other = await value("hold", five.network);
    expect(other).toBe(five.key);
    const refused = { kind: "refused", error: { code: "data/shape-mismatch" } };
    const evaluation = { network: other, set: "test" as const, count: 10 };
    expect(await ask("evaluate", evaluation)).toMatchObject(refused);
    const training = { ...requestOf({ steps: 1 }), network: other };
    expect(await ask("train", training)).toMatchObject(refused);
    // Made without ten class names, so that it can be written.
    const written = await value("exportNetwork", { network: other, format: "safetensors" });
    expect(written.files.length).toBe(1);
  });

  it("holds what it has handed over by its key, once, and gives its memory away", async () => {
    const given: unknown[] = [];
    const context = {
      signal: new AbortController().signal,
      notify: () => undefined,
      give: (buffers: readonly unknown[]) => void given.push(...buffers),
    };
    const engine = new EngineHost({ wasmPaths: NODE_WASM_PATHS });
    const request = { name: "vgg11:width=0.0625", seed: 4 };
    const handed = await engine.methods.buildArchitecture(request, context);
    const values = [...handed.network.weights.values()].map((tensor) => tensor.values);
    expect(given).toEqual(values.map(({ buffer }) => buffer));
    // Moved away, as a message would.
    structuredClone(values, { transfer: values.map(({ buffer }) => buffer) });
    expect(await engine.methods.hold(handed.key, context)).toBe(handed.key);
    expect(() => engine.methods.hold(handed.key, context)).toThrow(
      expect.objectContaining({ code: "worker/unknown-network" }),
    );
    const [file] = (
      await engine.methods.exportNetwork({ network: handed.key, format: "safetensors" }, context)
    ).files;
    expect(file?.bytes.length).toBeGreaterThan(100_000);
  });

  it("says so when it does not hold a network any more", async () => {
    const reply = await ask("evaluate", { network: "0".repeat(64), set: "test", count: 1 });
    expect(reply).toMatchObject({ kind: "refused", error: { code: "worker/unknown-network" } });
  });

  it("holds a run that was paused before it began", async () => {
    const id = nextId++;
    await value("pause", true);
    let steps = 0;
    const running = ask(
      "train",
      requestOf({ steps: 1000 }),
      (notice) => {
        if (notice.kind === "train" && notice.event.kind === "scales") {
          steps = notice.event.step;
          // It waits at the gate now; only the abort ends it.
          void ask("hold", network).then(() => host.abort(id));
        }
      },
      id,
    );
    expect(await running).toMatchObject({ kind: "value", value: { ended: "stopped", steps: 1 } });
    expect(steps).toBe(1);
  });

  it("exports one file a format", async () => {
    const { files, record } = await value("exportNetwork", { network: key, format: "tfjs" });
    const [zip] = files;
    expect(zip?.name).toBe("vgg11-width-0.0625-tfjs.zip");
    const bytes = zip?.bytes as Uint8Array<ArrayBuffer>;
    const opened = await value("openFiles", { files: [new File([bytes], "again.zip")] });
    expect(opened[0]?.kind).toBe("network");
    expect(record).toMatchObject({
      format: "tfjs",
      files: [{ name: zip?.name, bytes: bytes.length, sha256: sha256Of(bytes) }],
      readBack: { logits: "bit-identical", images: 16 },
      folded: null,
    });
  });

  it("predicts and shows the images it was asked about", async () => {
    const gallery = await value("gallery", 12);
    expect(new Set(gallery.labels).size).toBe(10);
    const request = { network: key, cut: null, indices: gallery.indices };
    const { classes, confidence } = await value("predict", request);
    expect(classes.length).toBe(12);
    for (const share of confidence) expect(share).toBeGreaterThan(0.09);
    for (const share of confidence) expect(share).toBeLessThanOrEqual(1);
  });

  it("times inference on this device", async () => {
    const alone = await value("latency", { network: key, cut: null, beside: null });
    expect(alone.own.low).toBeGreaterThan(0);
    expect(alone.beside).toBeNull();
    // Beside itself: no ratio but 1 is likely, and the interval is one around it.
    const { beside } = await value("latency", { network: key, cut: null, beside: key });
    expect(beside?.own.median).toBeGreaterThan(0);
    expect(beside?.ratio.low).toBeLessThan(1.5);
    expect(beside?.ratio.high).toBeGreaterThan(0.67);
  });

  it("refuses bad input and goes on as before", async () => {
    const before = await value("evaluate", { network: key, set: "test", count: 60 });
    const refused = await ask("openFiles", {
      files: [new File(["<!doctype html>"], "model.json")],
    });
    expect(refused).toMatchObject({ kind: "refused", error: { code: "files/wrong-kind" } });
    expect(await ask("buildArchitecture", { name: "vgg12", seed: 1 })).toMatchObject({
      kind: "refused",
      error: { code: "model/unknown-architecture" },
    });
    const after = await value("evaluate", { network: key, set: "test", count: 60 });
    expect([after.correct, after.loss]).toEqual([before.correct, before.loss]);
  });
});
