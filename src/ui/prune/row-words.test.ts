/** @file A row says what it is and keeps, and only what holds of it. */
import { expect, it } from "vitest";
import { spokenRow } from "./row-words.ts";

const plain = {
  name: "conv3",
  others: 0,
  kept: 28,
  whole: 28,
  isLocked: false,
  isByHand: false,
  isHeld: false,
  within: null,
};

it("says what a layer keeps, and what holds it there", () => {
  expect(spokenRow(plain)).toBe("conv3 keeps 28 of 28 channels");
  expect(spokenRow({ ...plain, isLocked: true })).toBe("conv3 keeps 28 of 28 channels, locked");
  const cut = { ...plain, kept: 1, isByHand: true, isHeld: true, within: 0.11 };
  expect(spokenRow(cut).replace("\u202f", " ")).toBe(
    "conv3 keeps 1 of 28 channels, by hand, stopped by the guard, 11 % can go alone within 1 point",
  );
  expect(spokenRow({ ...plain, others: 2 })).toBe("conv3 and 2 more layers keep 28 of 28 channels");
});
