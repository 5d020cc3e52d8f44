import { array, assert, double, integer, property } from "fast-check";
import { expect, it } from "vitest";
import { buildArchitecture } from "../model/index.ts";
import { preparePage } from "./planner.ts";
import { areTied, isGuessing } from "./verdict.ts";

it("knows the scores of a network that nobody has trained", () => {
  expect(areTied(new Float64Array(644).fill(0.5))).toBe(true);
  expect(areTied(new Float64Array(4))).toBe(true);
  // What float32 sums in another order leave.
  expect(areTied(Float64Array.of(0.5, 0.5 + 6e-8, 0.5 + 2e-7))).toBe(true);
});

it("finds them in an architecture as it is built, and not in one by the norms of its weights", () => {
  const network = buildArchitecture("vgg11:width=0.125", 1);
  expect(areTied(preparePage(network, "bn-scale").sorted)).toBe(true);
  expect(areTied(preparePage(network, "l1").sorted)).toBe(false);
});

it("takes no trained network for one, nor one channel for many", () => {
  expect(areTied(Float64Array.of(0.5, 0.5, 0.501))).toBe(false);
  expect(areTied(Float64Array.of(1e-9, 2e-9))).toBe(false);
  expect(areTied(Float64Array.of(-0.5, 0.5))).toBe(false);
  expect(areTied(Float64Array.of(0.5))).toBe(false);
  expect(areTied(new Float64Array())).toBe(false);
});

it("is not changed by the unit of the scores", () => {
  const scores = array(double({ min: 0.01, max: 10, noNaN: true }), { minLength: 2 });
  assert(
    property(scores, integer({ min: -20, max: 20 }), (all, power) => {
      const sorted = all.sort((a, b) => a - b);
      expect(areTied(sorted.map((score) => score * 2 ** power))).toBe(areTied(sorted));
    }),
  );
});

it("calls guessing what is left at about one in as many as there are classes", () => {
  expect(isGuessing({ accuracy: 0.1, base: 0.878, classes: 10 })).toBe(true);
  expect(isGuessing({ accuracy: 0.13, base: 0.878, classes: 10 })).toBe(true);
  expect(isGuessing({ accuracy: 0.02, base: 0.6, classes: 100 })).toBe(true);
  expect(isGuessing({ accuracy: 0.52, base: 0.95, classes: 2 })).toBe(true);
});

it("does not where there is something left, or was nothing to lose", () => {
  expect(isGuessing({ accuracy: 0.28, base: 0.867, classes: 10 })).toBe(false);
  expect(isGuessing({ accuracy: 0.7, base: 0.95, classes: 2 })).toBe(false);
  expect(isGuessing({ accuracy: 0.1, base: 0.11, classes: 10 })).toBe(false);
  expect(isGuessing({ accuracy: 0.1, base: 0.1, classes: 10 })).toBe(false);
});
