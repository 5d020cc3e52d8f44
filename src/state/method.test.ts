/** @file Texts of methods, and what is typed into their fields. */
import { describe, expect, it } from "vitest";
import { refusal } from "../prune/testing/small-graphs.ts";
import {
  BY_RATIO,
  curvesText,
  cutLabel,
  methodText,
  PLAIN,
  tidyOptions,
  type Method,
} from "./method.ts";
import { parseCount, parseGoal, parseShare, writeGoal } from "./typed.ts";

const method = (change: Partial<Method> = {}): Method => ({
  criterion: "l1",
  options: {},
  allocation: BY_RATIO,
  manner: PLAIN,
  ...change,
});

describe("a method's text", () => {
  it("is the same for the same method, however it is said", () => {
    const usual = method({
      options: {
        scope: "global",
        streams: "keep",
        decider: "shortcut",
        locked: [],
        rounding: { to: 1 },
        minimumShare: 0,
        scoring: "independent",
      },
    });
    expect(methodText(usual)).toBe(methodText(method()));
    const locked = (names: string[]) => methodText(method({ options: { locked: names } }));
    expect(locked(["b", "a", "b"])).toBe(locked(["a", "b"]));
    expect(methodText(method({ allocation: { ...BY_RATIO, ratio: 0.5 } }))).toBe(
      methodText(method()),
    );
    // What is masked computes what is cut.
    expect(methodText(method({ manner: { ...PLAIN, kind: "mask" } }))).toBe(methodText(method()));
  });

  it("tells all methods apart", () => {
    const all: readonly Method[] = [
      method(),
      method({ criterion: "l2" }),
      method({ manner: { ...PLAIN, dead: "absorb" } }),
      method({ options: { scope: "layer" } }),
      method({ options: { streams: "prune" } }),
      method({ options: { streams: "prune", decider: "shortcut" } }),
      method({ options: { rounding: { to: 8 } } }),
      method({ options: { rounding: { to: 8, how: "up" } } }),
      method({ options: { minimumShare: 0.1 } }),
      method({ options: { locked: ["conv1"] } }),
      method({ options: { scoring: "greedy" } }),
      method({ allocation: { kind: "uniform", ratio: 0.5 } }),
      method({ allocation: { kind: "uniform", ratio: 0.6 } }),
      method({ allocation: { kind: "target", of: "macs", share: 0.5 } }),
      method({ allocation: { kind: "target", of: "bytes", share: 0.5 } }),
      method({ allocation: { kind: "sensitivity", loss: 0.5 } }),
      method({ allocation: { kind: "list", layers: { conv1: { keep: 3 } } } }),
    ];
    expect(new Set(all.map(methodText)).size).toBe(all.length);
  });

  it("says of curves only what they depend on", () => {
    const alike: readonly Method["options"][] = [
      { scope: "layer" },
      { locked: ["a"] },
      { scoring: "greedy" },
    ];
    for (const options of alike) expect(curvesText(method({ options }))).toBe(curvesText(method()));
    const unlike: readonly Method["options"][] = [
      { streams: "prune" },
      { minimumShare: 0.1 },
      { rounding: { to: 4 } },
    ];
    for (const options of unlike) {
      expect(curvesText(method({ options }))).not.toBe(curvesText(method()));
    }
  });

  it("leaves no empty options behind", () => {
    expect(tidyOptions({ rounding: { to: 4, how: "nearest" }, scope: undefined })).toEqual({
      rounding: { to: 4 },
    });
  });
});

it("names runs by how they were cut", () => {
  const label = (allocation: Method["allocation"], ratio = 0.29) =>
    cutLabel(method({ allocation }), ratio).replaceAll("\u202f", " ");
  expect(label(BY_RATIO)).toBe("Cut at 29 %");
  expect(label({ kind: "uniform", ratio: 0.125 })).toBe("Cut 12.5 % of each layer");
  expect(label({ kind: "target", of: "macs", share: 0.5 })).toBe("Cut to 50 % of the MACs");
  expect(label({ kind: "target", of: "parameters", most: 120_000 })).toBe(
    "Cut to 120 k parameters",
  );
  expect(label({ kind: "target", of: "bytes", most: 1_500_000 })).toBe("Cut to 1.5 MB");
  expect(label({ kind: "sensitivity", loss: 0.02 })).toBe("Cut to a loss of 2 %");
  expect(label({ kind: "list", layers: {} })).toBe("Cut by hand");
});

describe("typed settings", () => {
  it("read targets as per cent or as numbers with their unit", () => {
    expect(parseGoal("50", "macs")).toEqual({ of: "macs", share: 0.5 });
    expect(parseGoal(" 12,5 % ", "macs")).toEqual({ of: "macs", share: 0.125 });
    expect(parseGoal("5.6 M", "macs")).toEqual({ of: "macs", most: 5_600_000 });
    expect(parseGoal("5.6\u202fM MACs", "macs")).toEqual({ of: "macs", most: 5_600_000 });
    expect(parseGoal("200k", "parameters")).toEqual({ of: "parameters", most: 200_000 });
    expect(parseGoal("1.5 MB", "bytes")).toEqual({ of: "bytes", most: 1_500_000 });
    expect(parseGoal("120 000", "parameters")).toEqual({ of: "parameters", most: 120_000 });
  });

  it("are written as they are read", () => {
    for (const goal of [
      { of: "macs", share: 0.5 },
      { of: "bytes", most: 1_500_000 },
      { of: "parameters", most: 9_216 },
      { of: "bytes", most: 64 },
      { of: "macs", most: 64 },
    ] as const) {
      expect(parseGoal(writeGoal(goal), goal.of)).toEqual(goal);
    }
  });

  it("are refused when they say nothing that can be done", () => {
    for (const text of [
      "",
      "0",
      "-5",
      "101 %",
      "many",
      "5 apples",
      "NaN",
      "Infinity",
      "1e999",
      "120,000",
      "5,600",
    ]) {
      expect(refusal(() => parseGoal(text, "macs"))).toMatch(/^prune\/bad-allocation \| target: /);
    }
    for (const text of ["", "100", "-1", "x"]) {
      expect(refusal(() => parseShare(text, "share", { below: 100 }))).toMatch(/\| share: /);
    }
    expect(parseShare("100", "loss", { most: 100 })).toBe(1);
    expect(parseShare("0,1 %", "share", { below: 100 })).toBe(0.001);
    for (const text of ["", "1.5", "-3", "x"]) {
      expect(refusal(() => parseCount(text, "conv1", 9))).toMatch(/\| conv1: /);
    }
    expect(parseCount(" 12 / 16", "conv1", 16)).toBe(12);
  });
});
