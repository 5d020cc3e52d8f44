import { describe, expect, it } from "vitest";
import { evaluationOf } from "../analyze/index.ts";
import { createMeasured, positionName, remember } from "./measured.ts";
import { DEFAULT_METHOD, methodText, type Method } from "./method.ts";
import { preparePage } from "./planner.ts";
import { tellingRatios } from "./telling.ts";
import { makeSparseNetwork } from "./testing/fake-network.ts";

const network = makeSparseNetwork();
const pruning = preparePage(network, "bn-scale");
const track = { key: "k", method: methodText(DEFAULT_METHOD) };

function toldOf(
  points: readonly (readonly [ratio: number, right: number])[],
  method = DEFAULT_METHOD,
) {
  const measured = createMeasured();
  for (const [ratio, right] of points) {
    const evaluation = { ...evaluationOf(1000, right, 0), milliseconds: 1 };
    remember(measured, positionName({ ...track, ratio }), evaluation);
  }
  return tellingRatios({ pruning, method, key: "k", measured: measured.getState() });
}

const CURVE = [
  [0, 880],
  [0.1, 879],
  [0.3, 876],
  [0.5, 800],
  [0.7, 100],
] as const;

describe("the ratios that tell something", () => {
  it("are the largest ones that keep what they promise, with what is known there", () => {
    const { free, safe, half, most } = toldOf(CURVE);
    expect(safe).toMatchObject({
      ratio: 0.3,
      lack: null,
      said: { accuracy: 0.876, evaluation: { count: 1000 } },
    });
    // Nine tenths of 88 % are 79.2 %.
    expect(most).toMatchObject({
      ratio: 0.5,
      said: { accuracy: 0.8, evaluation: { count: 1000 } },
    });
    const gap = pruning.safe.exact.gap ?? 0;
    expect(free.ratio).toBeLessThanOrEqual(gap);
    expect(free.ratio).toBeGreaterThan(gap - 0.005);
    expect(free.said?.evaluation).toBeNull();
    expect(free.said?.accuracy).toBeGreaterThan(0.1);
    expect(free.said?.accuracy).toBeLessThan(0.88);
    const macs = pruning.at(half.ratio ?? 0).cost.macs;
    expect(macs).toBeLessThanOrEqual(pruning.at(0).cost.macs / 2);
  });

  it("say of a measured ratio what was measured there, on fewer images than the uncut network, too", () => {
    const measured = createMeasured();
    const add = (ratio: number, count: number, right: number): void =>
      remember(measured, positionName({ ...track, ratio }), {
        ...evaluationOf(count, right, 0),
        milliseconds: 1,
      });
    add(0, 250, 225);
    add(0, 10_000, 8800);
    add(0.3, 250, 224);
    add(0.6, 250, 25);
    const { safe, half } = tellingRatios({
      pruning,
      method: DEFAULT_METHOD,
      key: "k",
      measured: measured.getState(),
    });
    // Of the first 250 images it gets 89.6 % right; beside the uncut network it stands at 87.6 %.
    expect(safe).toMatchObject({
      ratio: 0.3,
      said: { accuracy: 0.896, evaluation: { count: 250 } },
    });
    expect(safe.said?.placed).toBeCloseTo(0.876, 10);
    // Between two points there is nothing that was measured.
    expect(half.said).toMatchObject({ accuracy: half.said?.placed, evaluation: null });
  });

  it("say why they cannot be had, and need no images for what the scores say", () => {
    const none = toldOf([[0, 880]]);
    for (const { ratio, lack } of [none.safe, none.most]) {
      expect([ratio, lack]).toEqual([null, "not-measured"]);
    }
    expect(none.half.ratio).not.toBeNull();
    expect(none.free.ratio).not.toBeNull();
    const ruin = toldOf([
      [0, 880],
      [0.1, 100],
    ]);
    expect(ruin.safe).toMatchObject({ ratio: null, lack: "none-measured" });
    expect(ruin.most).toMatchObject({ ratio: null, lack: "none-measured" });
  });

  it("are there whatever says how many go, from what the slider has been measured at", () => {
    const even: Method = { ...DEFAULT_METHOD, allocation: { kind: "uniform", ratio: 0.2 } };
    expect(toldOf(CURVE, even)).toEqual(toldOf(CURVE));
  });
});
