/** @file The time that sensitivity curves will take counts the points that are missing, and nothing else. */
import { expect, it } from "vitest";
import { SENSITIVITY_RATIOS } from "./engine.ts";
import { sensitivitySeconds } from "./sensitivity.ts";

const ahead = { names: ["a", "b"], curves: new Map(), images: 256, perImage: 1 };

it("grows with layers and images, and falls with every point that is there", () => {
  const whole = sensitivitySeconds(ahead);
  // Two layers on 256 images of a millisecond each: at least that.
  expect(whole).toBeGreaterThan((2 * SENSITIVITY_RATIOS.length * 256) / 1000);
  expect(sensitivitySeconds({ ...ahead, names: ["a"] })).toBeCloseTo(whole / 2, 9);
  const samples = SENSITIVITY_RATIOS.map((ratio) => ({ ratio, accuracy: 0.5 }));
  const one = new Map([["a", samples]]);
  expect(sensitivitySeconds({ ...ahead, curves: one })).toBeCloseTo(whole / 2, 9);
  // Curves of layers that have gone are nobody's.
  expect(sensitivitySeconds({ ...ahead, curves: new Map([["gone", samples]]) })).toBe(whole);
  const all = new Map(["a", "b"].map((name) => [name, samples]));
  expect(sensitivitySeconds({ ...ahead, curves: all })).toBe(0);
});
