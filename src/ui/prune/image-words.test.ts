/** @file A test image is said by what it is, and a changed prediction by whether that helped. */
import { expect, it } from "vitest";
import { fateOf, spokenImage, truthOf, wordsFor } from "./image-words.ts";

const classes = ["cat", "dog", "frog"];
const gallery = {
  indices: [0, 1, 2, 3],
  labels: [0, 0, 0, 0],
  pixels: new Uint8ClampedArray(),
  height: 1,
  width: 1,
};
const said = (labels: readonly number[]) => ({
  classes: labels,
  confidence: labels.map(() => 0.9),
  guesses: labels.map((label) => [{ label, share: 0.9 }]),
});
const state = { classes, gallery, before: said([0, 0, 1, 1]), after: said([0, 1, 0, 2]) };

it("tells worse from better, and both from wrong in another way", () => {
  expect(gallery.indices.map((i) => fateOf(state, i))).toEqual([
    "same",
    "worse",
    "better",
    "other",
  ]);
  expect(fateOf({ ...state, after: null }, 1)).toBe("same");
});

it("names what an image is beside what it is taken for", () => {
  expect(wordsFor(state, 1)).toBe("cat → dog");
  expect(wordsFor(state, 0)).toMatch(/^cat, 90\s%\ssure$/);
  expect(truthOf(state, 1)).toBe("truly cat");
  expect(wordsFor({ ...state, classes: [] }, 1)).toBe("class 0 → class 1");
});

it("says of an image only what is known of it", () => {
  const unasked = { ...state, before: null, after: null };
  expect(spokenImage(unasked, 1)).toBe("truly cat");
  expect(spokenImage({ ...unasked, classes: [] }, 1)).toBe("truly class 0");
  expect(spokenImage(state, 1)).toBe("truly cat: cat → dog, worse");
  expect(spokenImage({ ...state, after: null }, 2)).toMatch(/^truly cat: dog, 90\s%\ssure$/);
});
