/** @file The classes that a network names first, with what it gives them. */
import { expect, it } from "vitest";
import { mostProbable } from "./most-probable.ts";

it("names the three largest outputs of each row, the largest first, as probabilities", () => {
  const logits = Float32Array.of(0, 2, 1, -5, 3, 3, 0, 0);
  const { classes, confidence, guesses } = mostProbable(logits, 2, false);
  // Equal outputs: the first class, as the accuracy counts it.
  expect(classes).toEqual([1, 0]);
  expect(guesses[0]?.map(({ label }) => label)).toEqual([1, 2, 0]);
  const total = Math.exp(0) + Math.exp(2) + Math.exp(1) + Math.exp(-5);
  expect(confidence[0]).toBeCloseTo(Math.exp(2) / total, 6);
  expect(guesses[0]?.[2]?.share).toBeCloseTo(1 / total, 6);
});

it("takes what a softmax says as it is, and no more classes than there are", () => {
  const { guesses } = mostProbable(Float32Array.of(0.25, 0.75), 1, true);
  expect(guesses).toEqual([
    [
      { label: 1, share: 0.75 },
      { label: 0, share: 0.25 },
    ],
  ]);
});
