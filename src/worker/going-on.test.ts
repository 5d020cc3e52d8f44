/**
 * @file What a training holds to when it goes on after it was cut off, or when the clock is coarse: the same
 * images, its seconds, and figures that are numbers. On real wasm and a few made-up images.
 */
import { beforeAll, expect, it } from "vitest";
import { known, makeRandom } from "../core/index.ts";
import { NODE_WASM_PATHS } from "../runtime/testing/backends.ts";
import { DEFAULT_SETTINGS } from "../train/index.ts";
import { makeHost } from "./calls.ts";
import { EngineHost } from "./engine-host.ts";
import type { RunLength, TrainCheckpoint, TrainEvent, TrainRequest } from "./protocol.ts";
import type { MethodName, Methods } from "./wire.ts";

/** A CIFAR shard of noise. */
function shard(name: string, records: number, seed: number): File {
  const random = makeRandom(seed);
  const bytes = Uint8Array.from({ length: records * 3073 }, () => random.integer(256));
  for (let i = 0; i < records; i++) bytes[i * 3073] = i % 10;
  return new File([bytes], name);
}

/** An engine with 100 training images, and a network that it holds. */
async function engineWith(seed: number, now?: () => number) {
  const host = makeHost(
    new EngineHost({ wasmPaths: NODE_WASM_PATHS, ...(now === undefined ? {} : { now }) }),
  );
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
  const { key } = built.value;
  await ask("hold", key);
  return {
    ask,
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

beforeAll(async () => {
  bench = await engineWith(2);
  kept = known((await trained(bench, bench.request({ epochs: 2 }))).kept[0], "checkpoint");
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

it("holds what is left of a time box to its seconds, and can still be repeated", async () => {
  const from = { ...kept, total: 100_000, seconds: 9.8 };
  const { outcome, events } = await trained(bench, { ...bench.request({ seconds: 10 }), from });
  expect(outcome.ended).toBe("finished");
  expect(outcome.seconds).toBeGreaterThan(9.8);
  // On a machine that is busy with other things: what matters is that it is not 100 000 steps.
  expect(outcome.seconds).toBeLessThan(12);
  expect(outcome.total).toBeLessThan(2_000);
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
  const coarse = await engineWith(2, () => 100 * Math.floor(performance.now() / 5));
  const request = coarse.request({ seconds: 6 });
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
  const still = await engineWith(2, () => 0);
  const { outcome, events } = await trained(still, still.request({ epochs: 1 }));
  expect(outcome).toMatchObject({ ended: "finished", steps: 9, seconds: 0 });
  const last = events.findLast((event) => event.kind === "step");
  expect(last).toMatchObject({ step: 9, eta: 0, imagesPerSecond: 0 });
});
