/** @file What is measured next: the newest position wins, and nothing is measured twice. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { evaluationOf } from "../analyze/index.ts";
import { AppError } from "../core/index.ts";
import { createActivity } from "./activity.ts";
import type { WholeRun } from "./catching-up.ts";
import type { Cut, Latency, MeasuredEvaluation } from "./engine.ts";
import {
  createMeasured,
  dotsOf,
  latencyChangeOf,
  pairOf,
  positionName,
  rememberLatency,
} from "./measured.ts";
import { createMeasuring, type Target } from "./measuring.ts";

interface Call {
  readonly key: string;
  readonly count: number;
  readonly ratio: number;
  readonly signal: AbortSignal;
  readonly answer: () => void;
  readonly fail: (error: Error) => void;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const whole = (key: string): WholeRun => ({ position: { key, method: "", ratio: 0 }, cut: null });

function setUp({
  available = 10_000,
  size = (): number => available,
  latency = (): Latency => LATENCY,
  inSet = Infinity,
  cutAt = (): Cut | null => null,
  runs = [] as readonly WholeRun[],
} = {}) {
  const calls: Call[] = [];
  const timed: string[] = [];
  let ratio = 0;
  const store = createMeasured();
  const activity = createActivity(() => 0);
  const target = (): Target => ({
    position: { key: "net", method: "bn-scale", ratio },
    get cut() {
      return cutAt();
    },
    macs: 1e6,
    baseline: { key: "net", method: "bn-scale", ratio: 0 },
    baselineMacs: 1e6,
    set: "test",
    available: size(),
    sweep: () => [],
    runs: () => runs,
  });
  const measuring = createMeasuring({
    engine: {
      evaluate: ({ network, count }, options) =>
        new Promise<MeasuredEvaluation>((resolve, reject) => {
          const signal = options?.signal ?? new AbortController().signal;
          signal.addEventListener("abort", () => {
            reject(new DOMException("Aborted", "AbortError"));
          });
          const answer = (): void => {
            const found = Math.min(count, inSet);
            const correct = Math.round(found * (0.9 - ratio / 10));
            resolve({ ...evaluationOf(found, correct, 0), milliseconds: 10 });
          };
          calls.push({ key: network, count, ratio, signal, answer, fail: reject });
        }),
      latency: async ({ cut, beside }) => {
        timed.push(`${cut === null ? "whole" : "cut"} beside ${String(beside)}`);
        return await Promise.resolve().then(latency);
      },
    },
    activity,
    store,
    target,
  });
  const move = (to: number): void => {
    ratio = to;
    measuring.request();
  };
  return { calls, timed, store, measuring, move, activity };
}

/** A cut that takes three quarters of the whole network's time. */
const LATENCY: Latency = {
  own: { median: 1.5, low: 1.4, high: 1.6 },
  beside: {
    own: { median: 2, low: 1.9, high: 2.1 },
    ratio: { median: 0.75, low: 0.7, high: 0.8 },
  },
};

const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};

it("waits for the last move before it measures", async () => {
  const { calls, move } = setUp();
  for (const ratio of [0.1, 0.2, 0.3]) {
    move(ratio);
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(calls).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(100);
  expect(calls.map((call) => call.ratio)).toEqual([0.3]);
});

it("lets the newest position win and never has two in flight", async () => {
  const { calls, store, move } = setUp();
  move(0.3);
  await vi.advanceTimersByTimeAsync(100);
  move(0.5);
  expect(calls[0]?.signal.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(100);
  expect(calls.map((call) => call.ratio)).toEqual([0.3, 0.5]);
  calls[0]?.answer();
  calls[1]?.answer();
  await settle();
  expect(dotsOf(store.getState(), "net", "bn-scale").map((dot) => dot.ratio)).toEqual([0.5]);
});

it("grows the sample while the slider rests, baseline in step, up to the whole set", async () => {
  const { calls, move } = setUp();
  move(0.5);
  await vi.advanceTimersByTimeAsync(100);
  for (let i = 0; i < 10; i++) {
    calls.at(-1)?.answer();
    await settle();
  }
  expect(calls.map((call) => call.count)).toEqual([256, 256, 2000, 2000, 10_000, 10_000]);
});

it("times a cut turn by turn with the network that it is compared with", async () => {
  const cut = { plan: {}, dead: "zero" } as unknown as Cut;
  const { calls, timed, store, move } = setUp({ cutAt: () => cut });
  move(0.5);
  await vi.advanceTimersByTimeAsync(200);
  for (let i = 0; i < calls.length; i++) {
    calls[i]?.answer();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(timed).toEqual(["cut beside net"]);
  const { latencies } = store.getState();
  expect([...latencies.values()]).toEqual([2, 1.5]);
  const [base = "", name = ""] = latencies.keys();
  expect(latencyChangeOf(store.getState(), name, base)).toEqual({
    was: 2,
    ratio: 0.75,
    isTold: true,
  });
  // The other way about nothing was timed.
  expect(latencyChangeOf(store.getState(), base, name)).toBeNull();
});

it("takes a network as timed alone that was calmer once beside another", () => {
  const store = createMeasured();
  const calm = { median: 2, low: 2, high: 2 };
  const beside = { own: calm, ratio: { median: 1, low: 1, high: 1 } };
  rememberLatency(store, { name: "net|0", base: "other|0" }, { own: calm, beside });
  rememberLatency(store, { name: "net|0", base: "net|0" }, { own: LATENCY.own, beside: null });
  // Otherwise it would be timed again and again, until a look is as calm.
  expect(store.getState().timedBeside.get("net|0")).toMatchObject({ name: "net|0", ms: 1.5 });
  expect(store.getState().latencies.get("net|0")).toBe(1.5);
});

it("says why what cannot be planned is not measured, and goes on after it", async () => {
  let isBad = true;
  const { calls, store, move } = setUp({
    cutAt: () => {
      if (isBad) throw new AppError("prune/bad-option", { where: "greedy", found: "bn-scale" });
      return null;
    },
  });
  move(0.5);
  await vi.advanceTimersByTimeAsync(200);
  expect(calls).toEqual([]);
  expect(store.getState().problem).toMatch(/^greedy: /);
  isBad = false;
  move(0.6);
  await vi.advanceTimersByTimeAsync(200);
  expect(calls.length).toBe(1);
});

it("does not measure again what it knows", async () => {
  const { calls, store, move } = setUp();
  const known = { ...evaluationOf(10_000, 9000, 0), milliseconds: 10 };
  const at = (ratio: number) => positionName({ key: "net", method: "bn-scale", ratio });
  store.setState({
    evaluations: new Map([
      [at(0), [known]],
      [at(0.5), [known]],
    ]),
  });
  move(0.5);
  await vi.advanceTimersByTimeAsync(500);
  expect(calls).toHaveLength(0);
});

it("stops when it is halted and starts again on request", async () => {
  const { calls, measuring, move } = setUp();
  move(0.5);
  await vi.advanceTimersByTimeAsync(100);
  measuring.halt();
  await settle();
  expect(calls[0]?.signal.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toHaveLength(1);
  measuring.request();
  await vi.advanceTimersByTimeAsync(100);
  expect(calls).toHaveLength(2);
});

it.each([
  new AppError("worker/crashed", { where: "engine", found: "boom" }),
  new AppError("runtime/device-lost", { where: "webgpu" }),
])("measures again what a crash has interrupted, once ($code)", async (crash) => {
  const { calls, store, move } = setUp();
  move(0.5);
  await vi.advanceTimersByTimeAsync(100);
  calls[0]?.fail(crash);
  await settle();
  expect(calls.map((call) => call.ratio)).toEqual([0.5, 0.5]);
  expect(store.getState().problem).toBeNull();
  calls[1]?.fail(crash);
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toHaveLength(2);
  expect(store.getState().problem).toMatch(/the worker crashed|device was lost/);
});

it("takes an answer on fewer images than were asked for as the whole set", async () => {
  const { calls, move } = setUp({ available: 50_000, inSet: 5_000 });
  move(0.5);
  await vi.advanceTimersByTimeAsync(100);
  for (let i = 0; i < 20; i++) {
    calls.at(-1)?.answer();
    await settle();
  }
  expect(calls.map((call) => call.count)).toEqual([256, 256, 2000, 2000, 10_000, 5_000]);
});

it("waits for the last move also when it had to abort an evaluation", async () => {
  const { calls, move } = setUp();
  move(0.1);
  await vi.advanceTimersByTimeAsync(100);
  move(0.2);
  await vi.advanceTimersByTimeAsync(60);
  expect(calls).toHaveLength(1);
  move(0.3);
  await vi.advanceTimersByTimeAsync(99);
  expect(calls).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(calls.map((call) => call.ratio)).toEqual([0.1, 0.3]);
});

it("measures the baseline on the images that the position was measured on", async () => {
  const { calls, store, move } = setUp();
  const known = { ...evaluationOf(10_000, 9000, 0), milliseconds: 10 };
  store.setState({ evaluations: new Map([["net|0", [known]]]) });
  move(0.5);
  await vi.advanceTimersByTimeAsync(100);
  calls[0]?.answer();
  await settle();
  calls[1]?.answer();
  await settle();
  expect(calls.slice(0, 2).map((call) => call.count)).toEqual([256, 256]);
  const pair = pairOf(store.getState(), "net|bn-scale|0.500", "net|0");
  expect(pair?.now.count).toBe(256);
  expect(pair?.was.count).toBe(256);
});

it("keeps nothing of other images", async () => {
  const { calls, store, measuring, move } = setUp();
  move(0.5);
  await vi.advanceTimersByTimeAsync(100);
  calls[0]?.answer();
  await settle();
  measuring.forget();
  calls[1]?.answer();
  await settle();
  expect(store.getState().evaluations.size).toBe(0);
});

/** Answers everything until nothing more is asked. */
async function answerAll(calls: readonly Call[]): Promise<void> {
  for (let i = 0; i < calls.length; i++) {
    calls[i]?.answer();
    await settle();
  }
}

it("measures all runs up to what the page has, in their order, once it rests", async () => {
  const { calls, timed, store, move } = setUp({ runs: ["old", "new", "net"].map(whole) });
  move(0.5);
  await vi.advanceTimersByTimeAsync(100);
  await answerAll(calls);
  const asked = calls.map(({ key, count }) => `${key} ${count}`);
  expect(asked.slice(6)).toEqual(
    [256, 2000, 10_000].flatMap((count) => [`old ${count}`, `new ${count}`]),
  );
  // The cut, then each run, beside the baseline, which needs no time of its own.
  expect(timed).toEqual(Array(3).fill("whole beside net"));
  const { evaluations, latencies } = store.getState();
  for (const key of ["old", "new", "net"]) {
    expect(evaluations.get(`${key}|0`)?.at(-1)?.count).toBe(10_000);
    expect(latencies.has(`${key}|0`)).toBe(true);
  }
});

it("lets a run wait for a move, and for whatever else a person waits for", async () => {
  const { calls, activity, measuring, move } = setUp({ runs: [whole("old")] });
  move(0.5);
  await vi.advanceTimersByTimeAsync(100);
  const isOld = ({ key }: Call): boolean => key === "old";
  for (let i = 0; !isOld(calls[i] ?? expect.fail()); i++) {
    calls[i]?.answer();
    await settle();
  }
  const before = calls.length;
  move(0.6);
  expect(calls.at(-1)?.signal.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(100);
  expect(calls.slice(before).map(({ key, ratio }) => [key, ratio])).toEqual([["net", 0.6]]);
  for (let i = before; !isOld(calls[i] ?? expect.fail()); i++) {
    calls[i]?.answer();
    await settle();
  }

  let finish = (): void => undefined;
  const writing = activity.run("Writing", () => new Promise<void>((done) => (finish = done)));
  await settle();
  expect(calls.at(-1)?.signal.aborted).toBe(true);
  const asked = calls.length;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(calls).toHaveLength(asked);
  finish();
  await writing;
  await settle();
  expect(calls.slice(asked).map(({ key }) => key)).toEqual(["old"]);
  measuring.halt();
  await settle();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(calls).toHaveLength(asked + 1);
});

it("goes past a run that cannot be measured", async () => {
  const { calls, store, move } = setUp({ available: 256, runs: ["bad", "good"].map(whole) });
  move(0.5);
  await vi.advanceTimersByTimeAsync(100);
  for (let i = 0; i < calls.length; i++) {
    const call = calls[i];
    if (call?.key === "bad") call.fail(new Error("no such network"));
    else call?.answer();
    await settle();
  }
  expect(store.getState().evaluations.has("bad|0")).toBe(false);
  expect(store.getState().evaluations.get("good|0")).toHaveLength(1);
  expect(store.getState().problem).toBeNull();
});

it("measures all runs at once when that is asked for, where it can be seen and cancelled", async () => {
  const { calls, activity, measuring, move } = setUp({ runs: ["old"].map(whole) });
  move(0.5);
  await vi.advanceTimersByTimeAsync(100);
  calls[0]?.answer();
  await settle();
  measuring.measureAll();
  await vi.advanceTimersByTimeAsync(100);
  for (let i = 1; calls[i] !== undefined && calls[i]?.key !== "old"; i++) {
    calls[i]?.answer();
    await settle();
  }
  expect(calls.at(-1)?.key).toBe("old");
  expect(activity.store.getState().tasks.map(({ quiet }) => quiet)).toEqual([false]);
  activity.cancelNewest();
  await settle();
  const asked = calls.length;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(calls).toHaveLength(asked);
});

it("ends the wish for all figures where there are no images, and what comes later is quiet", async () => {
  let images = 0;
  const { activity, calls, timed, measuring } = setUp({
    runs: [whole("net")],
    size: () => images,
  });
  measuring.measureAll();
  await vi.advanceTimersByTimeAsync(100);
  expect(timed).toEqual(["whole beside null"]);
  images = 10_000;
  measuring.request();
  await vi.advanceTimersByTimeAsync(100);
  expect(calls.map(({ count }) => count)).toEqual([256]);
  expect(activity.store.getState().tasks.map(({ quiet }) => quiet)).toEqual([true]);
});

it("says that no latency can be measured where the clock stands still, and asks once", async () => {
  const { calls, timed, store, move } = setUp({
    available: 256,
    latency: () => {
      throw new AppError("runtime/clock-still", { where: "latency" });
    },
  });
  move(0);
  await vi.advanceTimersByTimeAsync(100);
  calls[0]?.answer();
  await settle();
  expect(store.getState()).toMatchObject({ isClockStill: true, problem: null });
  move(0);
  await vi.advanceTimersByTimeAsync(100);
  expect(timed).toHaveLength(1);
});
