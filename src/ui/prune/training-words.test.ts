/** @file The five words say what the trainings are set to, and of an empty field that it is not set. */
import { expect, it } from "vitest";
import { pushWords, repairWords } from "./training-words.ts";

it("says how long the repair takes, also while its field is being typed into", () => {
  const form = { length: "seconds", seconds: "15", epochs: "2" } as const;
  expect(repairWords(form)).toMatch(/^fine-tune, 15\ss$/);
  expect(repairWords({ ...form, length: "epochs" })).toBe("fine-tune, 2 epochs");
  for (const typed of ["", " ", "s"]) {
    expect(repairWords({ ...form, seconds: typed })).toBe("fine-tune, length not set");
    expect(repairWords({ ...form, length: "epochs", epochs: typed })).toBe(
      "fine-tune, length not set",
    );
  }
});

it("tells no push from a strength that is not there", () => {
  expect(pushWords("0,001")).toBe("L1 on γ, 0,001");
  expect(pushWords("0")).toBe("none");
  expect(pushWords("")).toBe("L1 on γ, strength not set");
});
