/** @file The small pure parts of `state`. */
import { describe, expect, it, vi } from "vitest";
import { evaluationOf } from "../analyze/index.ts";
import { endedOf } from "./activity.ts";
import { createReckoning } from "./eta.ts";
import { createActivity, shownTask } from "./activity.ts";
import { createMeasured, dotsOf, largestOf, pairOf, positionName } from "./measured.ts";
import { ratioWithin, remember } from "./measured.ts";
import { countUpTo, firstRatio, snapRatio } from "./planning.ts";
import { interpolate, insertSample, within } from "./sensitivity-curve.ts";
import { append, EMPTY_SERIES } from "./series.ts";
import { FORM_DEFAULTS, readForm } from "./training-form.ts";

describe("series", () => {
  it("never exceeds its limit and keeps first and spread", () => {
    let series = EMPTY_SERIES;
    for (let step = 0; step < 5000; step++) {
      series = append(series, { step, loss: 1, accuracy: 0.5 }, 100);
      expect(series.points.length).toBeLessThanOrEqual(100);
    }
    const steps = series.points.map((point) => point.step);
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBeGreaterThan(4900);
    const gaps = new Set(steps.slice(1).map((step, i) => step - (steps[i] ?? 0)));
    expect(gaps.size).toBe(1);
  });

  it("leaves out what is not finite", () => {
    expect(append(EMPTY_SERIES, { step: 1, loss: Number.NaN, accuracy: 0 })).toBe(EMPTY_SERIES);
  });
});

describe("sensitivity curves", () => {
  const samples = [
    { ratio: 0.2, accuracy: 0.89 },
    { ratio: 0.4, accuracy: 0.87 },
  ];
  it("finds where a point is lost, between two samples", () => {
    expect(within(samples, 0.89, 0.01)).toBeCloseTo(0.3, 12);
    expect(within(samples, 0.89, 0.1)).toBe(0.4);
    expect(within([], 0.89, 0.01)).toBeNull();
  });
  it("interpolates inside the measured range only", () => {
    expect(interpolate(samples, 0.3)).toBeCloseTo(0.88, 12);
    expect(interpolate(samples, 0.2)).toBe(0.89);
    expect(interpolate(samples, 0.1)).toBeNull();
    expect(interpolate(samples, 0.5)).toBeNull();
  });
  it("replaces an older sample of the same ratio", () => {
    expect(insertSample(samples, { ratio: 0.2, accuracy: 0.5 })).toEqual([
      { ratio: 0.2, accuracy: 0.5 },
      { ratio: 0.4, accuracy: 0.87 },
    ]);
  });
});

describe("ratios", () => {
  it("snaps to half a per cent inside [0, 1)", () => {
    expect(snapRatio(0.6237)).toBe(0.625);
    expect(snapRatio(-1)).toBe(0);
    expect(snapRatio(1)).toBe(0.995);
  });
  it("counts scores up to a value", () => {
    expect(countUpTo(Float64Array.of(1, 2, 2, 3), 2)).toBe(3);
    expect(countUpTo(Float64Array.of(), 2)).toBe(0);
  });
  it("finds the first ratio by halving", () => {
    expect(firstRatio((ratio) => ratio >= 0.333)).toBe(0.335);
    expect(firstRatio(() => false)).toBeNull();
    expect(firstRatio(() => true)).toBe(0);
  });
});

it("names positions so that ratio 0 belongs to every method", () => {
  const evaluation = {
    count: 10,
    correct: 9,
    accuracy: 0.9,
    loss: 0,
    interval: [0.6, 1] as const,
    milliseconds: 1,
  };
  const at = (ratio: number, method = "a") => positionName({ key: "k", method, ratio });
  const evaluations = new Map([at(0.5), at(0, "b"), at(0.25, "b")].map((n) => [n, [evaluation]]));
  const state = { ...createMeasured().getState(), evaluations };
  expect(dotsOf(state, "k", "a").map((dot) => dot.ratio)).toEqual([0, 0.5]);
  expect(dotsOf(state, "other", "a")).toEqual([]);
});

it("says nothing about the time left before it can know", () => {
  const left = (done: number, total: number, elapsed: number): number | null =>
    createReckoning().secondsLeft(done, total, elapsed);
  expect(left(1, 100, 10)).toBeNull();
  expect(left(50, 100, 1.9)).toBeNull();
  expect(left(50, 100, 10)).toBe(10);
  expect(left(0, 0, 10)).toBeNull();
});

it("reckons the time left by the pace of late, and not by one that was held up", () => {
  const { secondsLeft } = createReckoning();
  // A sweep whose first layers take four seconds a point and whose later ones take half a second.
  let elapsed = 0;
  const left: (number | null)[] = [];
  for (let done = 1; done <= 40; done++) {
    elapsed += done <= 5 ? 4 : done === 30 ? 9 : 0.5;
    left.push(secondsLeft(done, 60, elapsed));
  }
  expect(left[4]).toBe(4 * 55);
  expect(left[19]).toBe(0.5 * 40);
  expect(left[29]).toBe(0.5 * 30);
});

describe("training form", () => {
  it("reads its defaults", () => {
    expect(readForm(FORM_DEFAULTS.sparse).settings).toMatchObject({
      length: { seconds: 60 },
      sparsity: { strength: 0.001, form: "subgradient" },
    });
    expect(readForm(FORM_DEFAULTS.finetune).problems).toEqual({});
  });
  it("judges each field alone, and lets a rate of 1e9 through", () => {
    const form = { ...FORM_DEFAULTS.sparse, seconds: "0", seed: "1.5", learningRate: "1e9" };
    const { problems, settings } = readForm(form);
    expect(Object.keys(problems)).toEqual(["seconds", "seed"]);
    expect(settings).toBeNull();
    for (const sentence of Object.values(problems)) expect(sentence).toMatch(/^Choose .*\.$/);
  });
  it("ignores the length that is not chosen", () => {
    expect(readForm({ ...FORM_DEFAULTS.sparse, epochs: "x" }).problems).toEqual({});
  });
});

describe("samples of different sizes", () => {
  const of = (count: number, accuracy: number) => ({
    ...evaluationOf(count, Math.round(count * accuracy), 0),
    milliseconds: 1,
  });
  const store = createMeasured();
  remember(store, "k|0", of(2000, 0.9));
  remember(store, "k|0", of(256, 0.86));
  remember(store, "k|m|0.500", of(256, 0.86));
  remember(store, "k|m|0.700", of(64, 0.9));

  it("shows the largest and compares on the largest that both have", () => {
    const state = store.getState();
    expect(largestOf(state, "k|0")?.count).toBe(2000);
    expect(pairOf(state, "k|m|0.500", "k|0")?.was.count).toBe(256);
    expect(pairOf(state, "k|m|0.700", "k|0")).toBeNull();
  });
  it("goes where the loss is small on the same images, not where samples differ", () => {
    expect(ratioWithin(store.getState(), { key: "k", method: "m" }, (was) => was - 0.005)).toBe(
      0.5,
    );
  });
});

it("lets background work neither hide nor replace a young message", () => {
  vi.useFakeTimers();
  const activity = createActivity();
  activity.say("Two files were left out.");
  activity.murmur("Measured");
  void activity.run("Evaluating", () => new Promise(() => undefined), { quiet: true });
  expect(activity.store.getState().message).toBe("Two files were left out.");
  expect(shownTask(activity.store.getState())).toBeUndefined();
  vi.advanceTimersByTime(6_000);
  activity.murmur("Measured");
  expect(activity.store.getState().message).toBe("Measured");
  expect(shownTask(activity.store.getState())?.label).toBe("Evaluating");
  vi.useRealTimers();
});

it("shows background work once it goes on, without a gap to what follows, and asked work at once", () => {
  vi.useFakeTimers();
  const { store, run } = createActivity();
  const shown = (): string | undefined => shownTask(store.getState())?.label;
  const work = (quiet: boolean, label: string): (() => void) => {
    let end: () => void = () => undefined;
    void run(label, () => new Promise<void>((resolve) => (end = resolve)), { quiet });
    return end;
  };
  const first = work(true, "Evaluating 64");
  vi.advanceTimersByTime(499);
  expect(shown()).toBeUndefined();
  vi.advanceTimersByTime(1);
  expect(shown()).toBe("Evaluating 64");
  work(false, "Cutting");
  expect(shown()).toBe("Cutting");
  first();
  vi.useRealTimers();
});

it("lets a message go after a while", () => {
  vi.useFakeTimers();
  const { store, say, murmur } = createActivity();
  say("The link is on the clipboard.");
  vi.advanceTimersByTime(11_999);
  expect(store.getState().message).toBe("The link is on the clipboard.");
  murmur("Measured");
  vi.advanceTimersByTime(11_999);
  // Its own time has begun anew.
  expect(store.getState().message).toBe("Measured");
  vi.advanceTimersByTime(1);
  expect(store.getState().message).toBe("");
  vi.useRealTimers();
});

describe("a task that is cancelled", () => {
  it("leaves the status line at once, whatever its work still does", async () => {
    const activity = createActivity();
    let signal: AbortSignal | undefined;
    const running = activity.run("Reading files", (call) => {
      signal = call.signal;
      return Promise.resolve();
    });
    activity.cancelNewest();
    expect(signal?.aborted).toBe(true);
    expect(activity.store.getState().tasks).toEqual([]);
    await running;
  });

  it("stays while it is brought to an end, where it has an end of its own", async () => {
    const activity = createActivity();
    const stopping = new AbortController();
    let finish: () => void = () => undefined;
    const running = activity.run(
      "Training",
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
      { signal: stopping.signal },
    );
    activity.cancelNewest();
    expect(activity.store.getState().tasks.map(({ label }) => label)).toEqual(["Training"]);
    finish();
    await running;
    expect(activity.store.getState().tasks).toEqual([]);
  });
});

it("has something to tell when the last thing that was asked for has ended, and not before", () => {
  const task = (id: number, quiet: boolean) => ({
    id,
    label: `task ${id}`,
    progress: null,
    eta: null,
    quiet,
    isDue: true,
    cancel: () => undefined,
  });
  const of = (...tasks: ReturnType<typeof task>[]) => ({
    tasks,
    message: "",
    undo: null,
    isFresh: false,
  });
  expect(endedOf(of(task(1, false)), of())).toBe("task 1");
  expect(endedOf(of(task(1, false)), of(task(2, true)))).toBe("task 1");
  expect(endedOf(of(task(1, false), task(2, false)), of(task(1, false)))).toBeNull();
  expect(endedOf(of(task(1, true)), of())).toBeNull();
  expect(endedOf(of(), of())).toBeNull();
});
