/**
 * @file What a training holds to when it goes on after it was cut off, or when the clock is coarse: the same
 * images, its seconds, and figures that are numbers. On real wasm and a few made-up images.
 */
import { beforeAll, expect, it } from "vitest";
import { AppError, known, makeRandom } from "../core/index.ts";
import { IMAGENET_NORMALIZATION } from "../data/index.ts";
import { withNormalization } from "../model/index.ts";
import { NODE_WASM_PATHS } from "../runtime/testing/backends.ts";
import { DEFAULT_SETTINGS } from "../train/index.ts";
import { createMemoryShelf, type MemoryShelf } from "../storage/testing/memory-shelf.ts";
import { sampleProject } from "../storage/testing/projects.ts";
import { makeHost } from "./calls.ts";
import { EngineHost, type EngineRuntime } from "./engine-host.ts";
import type {
  RunLength,
  TrainCheckpoint,
  TrainEvent,
  TrainOutcome,
  TrainRequest,
} from "./protocol.ts";
import type { MethodName, Methods } from "./wire.ts";

/** A CIFAR shard of noise. */
function shard(name: string, records: number, seed: number): File {
  const random = makeRandom(seed);
  const bytes = Uint8Array.from({ length: records * 3073 }, () => random.integer(256));
  for (let i = 0; i < records; i++) bytes[i * 3073] = i % 10;
  return new File([bytes], name);
}

/** An engine with 100 training images, and a network that it holds. */
async function engineWith(seed: number, runtime: Partial<EngineRuntime> = {}) {
  const host = makeHost(new EngineHost({ wasmPaths: NODE_WASM_PATHS, ...runtime }));
  let id = 0;
  const ask = <M extends MethodName>(
    method: M,
    request: Methods[M]["request"],
    onEvent: (event: TrainEvent) => void = () => undefined,
  ) =>
    host.call(++id, method, request, (notice) => {
      if (notice.kind === "train") onEvent(notice.event);
    });
  await ask("openBackend", "wasm");
  await ask("openFiles", {
    files: [shard("test_batch.bin", 40, 1), shard("data_batch_1.bin", 100, seed)],
  });
  const built = await ask("buildArchitecture", { name: "vgg11:width=0.0625", seed: 3 });
  if (built.kind !== "value") throw new Error(JSON.stringify(built));
  const { key, network } = built.value;
  await ask("hold", key);
  return {
    ask,
    key,
    network,
    request: (length: RunLength): TrainRequest => {
      const schedule = { kind: "constant" } as const;
      const settings = { ...DEFAULT_SETTINGS, schedule, batchSize: 10, learningRate: 0.01, length };
      return { network: key, settings, validationCount: 10 };
    },
  };
}

type Bench = Awaited<ReturnType<typeof engineWith>>;

async function trained({ ask }: Bench, request: TrainRequest) {
  const events: TrainEvent[] = [];
  const reply = await ask("train", request, (event) => events.push(structuredClone(event)));
  if (reply.kind !== "value") throw new Error(JSON.stringify(reply));
  const kept = events.flatMap((event) => (event.kind === "checkpoint" ? [event.checkpoint] : []));
  return { outcome: reply.value, events, kept };
}

let bench: Bench;
let kept: TrainCheckpoint;
let whole: TrainOutcome;

beforeAll(async () => {
  bench = await engineWith(2);
  const run = await trained(bench, bench.request({ epochs: 2 }));
  whole = run.outcome;
  kept = known(run.kept[0], "checkpoint");
});

it("refuses other images of the same number, in one sentence, and takes the same ones", async () => {
  const request = { ...bench.request({ epochs: 2 }), from: kept };
  expect((await trained(bench, request)).outcome).toMatchObject({ ended: "finished", steps: 18 });
  const other = await engineWith(7);
  expect(await other.ask("train", { ...other.request({ epochs: 2 }), from: kept })).toEqual({
    kind: "refused",
    error: { code: "train/other-images", where: "CIFAR-10 training (data_batch_1)" },
  });
  // Loaded again they are other bytes in memory, and the same images.
  const again = await engineWith(2);
  const rest = await trained(again, { ...again.request({ epochs: 2 }), from: kept });
  expect(rest.outcome.ended).toBe("finished");
});

it("feeds pixels as it began to, whatever was chosen for its network meanwhile", async () => {
  const other = await engineWith(2);
  await other.ask("hold", withNormalization(other.network, IMAGENET_NORMALIZATION));
  const anew = (await trained(other, other.request({ epochs: 2 }))).outcome;
  expect(anew.key).not.toBe(whole.key);
  expect(anew.network.metadata.normalization).toEqual(IMAGENET_NORMALIZATION);
  const { outcome } = await trained(other, { ...other.request({ epochs: 2 }), from: kept });
  expect(outcome.key).toBe(whole.key);
  expect(outcome.network.metadata).toEqual(whole.network.metadata);
});

/** The project of a page on which nothing but that network was opened, and a training begun. */
function visitOf({ key, network, request }: Bench, { state, ...rest }: TrainCheckpoint) {
  const sample = sampleProject().document;
  const { name, metadata } = network;
  const opened = { ...known(sample.runs[0], "run"), network: key, name, metadata };
  const document = {
    ...sample,
    shown: 1,
    runs: [opened],
    images: null,
    accuracies: [],
    curves: [],
    latencies: null,
  };
  const { settings } = request({ epochs: 3 });
  const purpose = "finetune" as const;
  return {
    document,
    training: { purpose, run: 1, network: key, settings, step: state.step, ...rest },
  };
}

/** Trains three epochs on a page that is kept after each; what the page was told is kept, too. */
async function keptTraining(shelf: MemoryShelf, epochs: number) {
  const first = await engineWith(2, { shelf });
  const replies: unknown[] = [];
  let saving: Promise<unknown> = Promise.resolve();
  let left = epochs;
  const reply = await first.ask("train", first.request({ epochs: 3 }), (event) => {
    if (event.kind !== "checkpoint" || left-- <= 0) return;
    const visit = visitOf(first, event.checkpoint);
    // It waits, so that the next state does not come before this one is kept.
    const held = first.ask("pause", true);
    saving = saving.then(async () => {
      await held;
      replies.push(await first.ask("saveProject", visit));
      await first.ask("pause", false);
    });
  });
  if (reply.kind !== "value") throw new Error(JSON.stringify(reply));
  await saving;
  return { outcome: reply.value, replies };
}

it("goes on in another worker from what the browser keeps, to the bits of a run that was not cut off", async () => {
  const shelf = createMemoryShelf();
  const { outcome, replies } = await keptTraining(shelf, 2);
  expect(replies).toEqual(Array(2).fill({ kind: "value", value: "this tab" }));
  // The last state alone, in two networks, beside that of the project.
  expect(shelf.stored.networks.size).toBe(3);

  const second = await engineWith(2, { shelf });
  const found = await second.ask("loadProject", undefined);
  const training = found.kind === "value" ? found.value?.training : undefined;
  if (training?.kind !== "sound") throw new Error(JSON.stringify(training));
  // A tab beside it does not take a training for cut off that this one may be at.
  const locks = { request: () => Promise.reject(new DOMException("taken", "TimeoutError")) };
  const beside = await engineWith(2, { shelf, locks: locks as unknown as LockManager });
  const seen = await beside.ask("loadProject", undefined);
  expect(seen).toMatchObject({ kind: "value", value: { training: null } });
  const { settings, step } = training.note;
  expect([step, training.checkpoint.total, training.checkpoint.perEpoch]).toEqual([18, 27, 9]);
  const request = { network: second.key, settings, validationCount: 10, from: training.checkpoint };
  const rest = await trained(second, request);
  expect(rest.outcome.key).toBe(outcome.key);
  expect(rest.outcome.network.metadata).toEqual(outcome.network.metadata);
});

it("keeps the project where there is no room for a state, the last state where there is none for the next", async () => {
  const full = { kind: "value", value: "this tab, without the training" };
  const shelf = createMemoryShelf();
  const { transact } = shelf;
  /** As many networks as there is room for. */
  let room = 1;
  shelf.transact = (mode, work) =>
    transact(mode, async (shelved) => {
      const putNetwork: typeof shelved.putNetwork = async (key, bytes) => {
        if ((await shelved.keys()).length >= room) {
          throw new AppError("storage/full", { where: "the browser's storage" });
        }
        await shelved.putNetwork(key, bytes);
      };
      return await work({ ...shelved, putNetwork });
    });
  expect((await keptTraining(shelf, 1)).replies).toEqual([full]);
  expect([...shelf.stored.networks.keys()]).toHaveLength(1);
  expect(shelf.stored.training).toBeUndefined();

  room = 3;
  await keptTraining(shelf, 1);
  // Not even what it replaces makes room enough.
  room = 2;
  const later = await keptTraining(shelf, 2);
  expect(later.outcome.ended).toBe("finished");
  expect(later.replies).toEqual([{ kind: "value", value: "this tab" }, full]);
  expect(shelf.stored.training).toContain('"step":9');
  expect(shelf.stored.networks.size).toBe(3);
});

it("holds what is left of a time box to its seconds, and can still be repeated", async () => {
  const from = { ...kept, total: 100_000, seconds: 9.8 };
  const { outcome, events } = await trained(bench, { ...bench.request({ seconds: 10 }), from });
  expect(outcome.ended).toBe("finished");
  expect(outcome.seconds).toBeGreaterThan(9.8);
  // A machine may be busy with other things: what matters is that it is not what was planned.
  expect(outcome.total).toBeLessThan(50_000);
  expect(outcome.replans?.[0]?.steps).toBe(100_000);
  const etas = events.flatMap((event) => (event.kind === "step" ? [event.eta] : []));
  expect(Math.max(...etas)).toBeLessThanOrEqual(0.2);
  const length = {
    steps: outcome.total,
    ...(outcome.replans === undefined ? {} : { replans: outcome.replans }),
  };
  expect((await trained(bench, bench.request(length))).outcome.key).toBe(outcome.key);
});

it("turns a time box into steps, and times a network, by a clock that moves every 100 ms", async () => {
  // Twenty times as fast, so that nobody waits: a hundred of its milliseconds are five.
  const coarse = await engineWith(2, { now: () => 100 * Math.floor(performance.now() / 5) });
  const request = coarse.request({ seconds: 3 });
  const { outcome, events } = await trained(coarse, request);
  expect(outcome.ended).toBe("finished");
  expect(outcome.steps).toBeGreaterThan(0);
  for (const event of events) {
    if (event.kind !== "step") continue;
    const figures = [event.eta, event.imagesPerSecond, event.loss];
    expect(figures.filter((figure) => !Number.isFinite(figure))).toEqual([]);
  }
  const timing = { network: request.network, cut: null, beside: null };
  const timed = await coarse.ask("latency", timing);
  expect(timed.kind === "value" && timed.value.own.low > 0).toBe(true);
});

it("trains by epochs on a clock that stands still", async () => {
  const still = await engineWith(2, { now: () => 0 });
  const { outcome, events } = await trained(still, still.request({ epochs: 1 }));
  expect(outcome).toMatchObject({ ended: "finished", steps: 9, seconds: 0 });
  const last = events.findLast((event) => event.kind === "step");
  expect(last).toMatchObject({ step: 9, eta: 0, imagesPerSecond: 0 });
});
