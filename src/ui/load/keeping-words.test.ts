/** @file What is said of keeping: sizes, what is not lost, how long it lasts. */
import { expect, it } from "vitest";
import type { KeepingState, Run } from "../../state/index.ts";
import { keptWords, lastingWords, roomWords, sizeOfRuns, troubleWords } from "./keeping-words.ts";

const THIN = "\u202f";
const kept: KeepingState = {
  status: "kept",
  time: "18:02",
  isRestored: false,
  trainingStep: null,
  problem: null,
  trouble: null,
  isAtRisk: false,
};

it("says how much room there is and what is not lost when none is left", () => {
  expect(troubleWords("full", 3_600_000, { used: 9_900_000, quota: 10_000_000 })).toBe(
    `The browser has no room left: this project takes about 3.60${THIN}MB, and 9.90${THIN}MB of the 10.00${THIN}MB that it gives this page are in use. What it kept before stays as it was, and everything is still on this page.`,
  );
  expect(troubleWords("full", 3_600_000, { used: null, quota: null })).toContain(
    `takes about 3.60${THIN}MB. What it kept`,
  );
  // A browser that tells of room and refuses has not told all.
  expect(troubleWords("full", 3_600_000, { used: 1_000, quota: 5_000_000_000 })).toContain(
    `takes about 3.60${THIN}MB. What it kept`,
  );
  expect(troubleWords("closed", 1, { used: null, quota: null })).toMatch(
    /keeps nothing .*private window.* until the page is closed\.$/,
  );
});

it("says how long it lasts only of what is kept, and how it is deleted", () => {
  expect(keptWords(kept)).toBe("Kept in this browser, as of 18:02.");
  expect(lastingWords(kept, { isPromised: null })).toBe(
    "It lies on this machine alone; Start afresh deletes it.",
  );
  expect(lastingWords(kept, { isPromised: true })).toContain("promised not to clear it");
  expect(lastingWords(kept, { isPromised: false })).toContain("a private window forgets it");
  expect(lastingWords({ status: "untouched" }, { isPromised: false })).toBe("");
  expect(roomWords({ used: 1000, quota: 2_000_000 })).toBe(
    `All that the browser keeps of this page: 1.0${THIN}kB of 2.00${THIN}MB.`,
  );
  expect(roomWords({ used: 1000, quota: null })).toBe("");
});

it("counts the weights of equal networks once", () => {
  const run = (key: string, size: number) =>
    ({ session: { key, cost: { bytes: size } } }) as unknown as Run;
  expect(sizeOfRuns([run("a", 10), run("b", 4), run("a", 10)])).toBe(14);
});
