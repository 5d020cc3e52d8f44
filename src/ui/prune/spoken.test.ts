/** @file The slider says what is known of a cut, and whether it was measured or lies between two points. */
import { expect, it } from "vitest";
import { spokenRatio } from "./spoken.ts";

const dots = [
  { ratio: 0, accuracy: 0.9, evaluation: { accuracy: 0.9, count: 10_000 } },
  { ratio: 0.5, accuracy: 0.1, evaluation: { accuracy: 0.12, count: 250 } },
];
const known = { dots, base: 0.9, classes: 10, macs: 5.6e6 };
const plain = (text: string): string => text.replaceAll("\u202f", " ");

it("tells a measured accuracy from an estimate and from none", () => {
  expect(plain(spokenRatio({ ...known, ratio: 0 }))).toBe(
    "0 %, 90.0 % accuracy, measured, 5.60 million MACs",
  );
  expect(plain(spokenRatio({ ...known, ratio: 0.125 }))).toBe(
    "12.5 %, about 70.0 % accuracy, estimated, 5.60 million MACs",
  );
  expect(plain(spokenRatio({ ...known, dots: [], base: null, macs: null, ratio: 0.2 }))).toBe(
    "20 %, accuracy not measured",
  );
});

it("says that the network guesses", () => {
  expect(plain(spokenRatio({ ...known, ratio: 0.5 }))).toContain(
    "12.0 % accuracy, measured, guessing,",
  );
});
