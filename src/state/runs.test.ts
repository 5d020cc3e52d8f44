/** @file The runs as a comparison: order, deltas, differences, what may go. */
import { beforeAll, expect, it } from "vitest";
import { known } from "../core/index.ts";
import { createMeasured, remember, wholeName, type MeasuredState } from "./measured.ts";
import { addRun, createPage, openSession, type Making, type PageStore } from "./page.ts";
import {
  compareRuns,
  countBehind,
  differingFacts,
  differingMeasures,
  nameOfRun,
  whyKept,
  type RunRow,
} from "./runs.ts";
import { pointsOfRuns } from "./points.ts";
import { makeSession, type Session } from "./session.ts";
import { makeSparseNetwork } from "./testing/fake-network.ts";

let whole: Session;

beforeAll(() => {
  whole = makeSession(makeSparseNetwork("vgg13:width=0.05"), "whole", "made up");
});

/** A network that costs a share of the whole one. */
function sessionOf(key: string, share: number): Session {
  const { parameters, macs, bytes } = whole.cost;
  return {
    ...whole,
    key,
    cost: { parameters: parameters * share, macs: macs * share, bytes: bytes * share },
  };
}

const CUT = { kind: "pruned" } as unknown as Making;

/** A baseline, two cuts of it, and a fine-tuned second cut. */
function threeRuns(): PageStore {
  const page = createPage();
  openSession(page, whole);
  addRun(page, sessionOf("a", 0.5), { making: CUT, parent: 1, label: "Cut at 30 %" });
  addRun(page, sessionOf("b", 0.25), { making: CUT, parent: 1, label: "Cut at 50 %" });
  addRun(page, sessionOf("c", 0.25), { making: CUT, parent: 3, label: "Fine-tuned" });
  return page;
}

function accuracies(all: Readonly<Record<string, Readonly<Record<number, number>>>>) {
  const measured = createMeasured();
  for (const [key, samples] of Object.entries(all)) {
    for (const [count, accuracy] of Object.entries(samples)) {
      remember(measured, wholeName(key), {
        count: Number(count),
        correct: Math.round(Number(count) * accuracy),
        accuracy,
        loss: 0,
        interval: [accuracy - 0.01, accuracy + 0.01],
        milliseconds: 1,
      });
    }
  }
  return measured.getState();
}

const rowOf = (rows: readonly RunRow[], id: number): RunRow =>
  known(
    rows.find(({ run }) => run.id === id),
    "row",
  );

it("compares accuracies only on the same images, and costs with the baseline's", () => {
  const state = accuracies({ whole: { 256: 0.9, 2000: 0.88 }, a: { 256: 0.85 }, b: { 64: 0.5 } });
  const rows = compareRuns(threeRuns().getState(), state);
  const half = rowOf(rows, 2);
  expect(half.figures.accuracy.value).toBe(0.85);
  // Of the 256 images that both have seen, not of the baseline's larger sample.
  expect(half.figures.accuracy.change).toBeCloseTo(-0.05, 12);
  expect(half.sample).toMatchObject({ count: 256, shared: 256 });
  expect(half.figures.macs.change).toBeCloseTo(-0.5, 12);
  expect(half.figures.bytes.change).toBeCloseTo(-0.5, 12);
  // 64 images that the baseline has not seen alone say nothing about a difference.
  expect(rowOf(rows, 3).figures.accuracy).toEqual({ value: 0.5, change: null });
  expect(rowOf(rows, 3).sample?.shared).toBeNull();
  // Nothing is known of the fourth.
  expect(rowOf(rows, 4).figures.accuracy).toEqual({ value: null, change: null });
  expect(rowOf(rows, 4).sample).toBeNull();
  const base = rowOf(rows, 1);
  expect(Object.values(base.figures).map(({ change }) => change)).toEqual(Array(5).fill(null));
});

it("compares latencies with the baseline as it was timed beside them", () => {
  const state: MeasuredState = {
    ...createMeasured().getState(),
    latencies: new Map([
      [wholeName("whole"), 4],
      [wholeName("a"), 1],
      [wholeName("b"), 1],
    ]),
    timedBeside: new Map([
      [wholeName("a"), { name: wholeName("whole"), ms: 2, own: spread(1), ratio: spread(0.5) }],
      [wholeName("b"), { name: wholeName("whole"), ms: 1, own: spread(1), ratio: spread(0.98) }],
    ]),
  };
  const rows = compareRuns(threeRuns().getState(), state);
  expect(rowOf(rows, 1).figures.latency).toEqual({ value: 4, change: null });
  // The machine was twice as quick when the two were timed together.
  expect(rowOf(rows, 2).figures.latency).toEqual({ value: 1, change: -0.5 });
  // Of a ratio that may be 1 no change is said.
  expect(rowOf(rows, 3).figures.latency).toEqual({ value: 1, change: null, isUntold: true });
});

/** Told to a tenth. */
function spread(median: number): { median: number; low: number; high: number } {
  return { median, low: median * 0.9, high: median * 1.1 };
}

it("puts the baseline first and pinned runs next", () => {
  const page = threeRuns();
  const { runs } = page.getState();
  page.setState({
    runs: runs.toReversed().map((run) => (run.id === 4 ? { ...run, isPinned: true } : run)),
  });
  const rows = compareRuns(page.getState(), accuracies({}));
  expect(rows.map(({ run }) => run.id)).toEqual([1, 4, 2, 3]);
  expect(rows.map(({ isBaseline }) => isBaseline)).toEqual([true, false, false, false]);
});

it("calls a run by its number until a person names it", () => {
  const [baseline, cut] = threeRuns().getState().runs;
  expect(nameOfRun(known(baseline, "run"))).toBe("Baseline");
  expect(nameOfRun({ ...known(cut, "run"), label: "Cut to 50 % of the MACs" })).toBe(
    "#2 cut to 50 % of the MACs",
  );
  expect(nameOfRun({ ...known(cut, "run"), name: "small" })).toBe("small");
});

it("finds the measures in which runs differ from the baseline", () => {
  const page = threeRuns().getState();
  const some = { whole: { 256: 0.9 }, a: { 256: 0.9 } };
  const rows = compareRuns(page, accuracies(some));
  // No latency is known of any of them, and the one accuracy is the baseline's.
  expect([...differingMeasures(rows)]).toEqual(["parameters", "macs", "bytes"]);
  const worse = compareRuns(page, accuracies({ ...some, b: { 256: 0.8 } }));
  expect([...differingMeasures(worse)]).toContain("accuracy");
  // On other images: what cannot be compared is not passed over.
  const apart = compareRuns(page, accuracies({ ...some, b: { 2000: 0.9 } }));
  expect([...differingMeasures(apart)]).toContain("accuracy");
  expect([...differingMeasures(rows.slice(0, 1))]).toEqual([]);
});

it("draws what was measured on fewer images on the baseline's, and says so", () => {
  const measured = accuracies({
    whole: { 256: 0.86, 2000: 0.88 },
    a: { 256: 0.83 },
    b: { 256: 0.8, 2000: 0.81 },
    c: { 512: 0.7 },
  });
  const points = pointsOfRuns(compareRuns(threeRuns().getState(), measured), measured);
  expect(points.map(({ shiftedTo }) => shiftedTo)).toEqual([null, 2000, null, null]);
  expect(points.map(({ accuracy }) => accuracy)).toEqual([
    0.88,
    expect.closeTo(0.85, 12),
    expect.closeTo(0.81, 12),
    0.7,
  ]);
  expect(points.map(({ isComparable }) => isComparable)).toEqual([true, true, true, false]);
});

it("counts the runs that lag behind the others", () => {
  const page = threeRuns().getState();
  const behind = (samples: Parameters<typeof accuracies>[0]) =>
    countBehind(compareRuns(page, accuracies(samples)));
  const all = { whole: { 256: 0.9 }, a: { 256: 0.9 }, b: { 256: 0.9 }, c: { 256: 0.9 } };
  expect(behind(all)).toBe(0);
  expect(behind({})).toBe(0);
  expect(behind({ ...all, a: { 256: 0.9, 2000: 0.9 } })).toBe(3);
  expect(behind({ whole: all.whole })).toBe(3);
});

it("keeps a fact that differs or that one run alone has", () => {
  const cut = (ratio: string) => [
    { name: "criterion", text: "by BN scale" },
    { name: "ratio", text: ratio },
  ];
  const facts = [[], cut("30 %"), cut("50 %"), [{ name: "rate", text: "0.01" }]];
  expect([...differingFacts(facts)]).toEqual(["ratio", "rate"]);
});

it("says why a run has to stay", () => {
  const page = threeRuns();
  const why = (id: number, trained: number | null = null) => {
    const state = page.getState();
    return whyKept(
      state,
      known(
        state.runs.find((run) => run.id === id),
        "run",
      ),
      trained,
    );
  };
  expect(why(4)).toMatch(/on the page/);
  expect(why(1)).toMatch(/compared/);
  expect(why(3)).toMatch(/made from it/);
  expect(why(2)).toBeNull();
  expect(why(2, 2)).toMatch(/training/);
});
