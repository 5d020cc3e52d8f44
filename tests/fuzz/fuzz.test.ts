/**
 * @file Thousands of damaged files against every reader: each opens or is refused with an `AppError`, in
 * words without `undefined` or `NaN`. `npm run fuzz` does the same for as long as one likes, and watches
 * time and memory; a finding is replayed there by its seed and number.
 */
import { describe, expect, it } from "vitest";
import { READER_NAMES, samplesOf } from "./readers.ts";
import { openDrop } from "./samples.ts";
import { makeMutant, outcomeOf, USUAL_SEED } from "./trial.ts";

const MUTANTS = 5000;
const TIMEOUT = 120_000;

describe.each(READER_NAMES)("%s", (reader) => {
  it("opens its samples as they are", async () => {
    for (const { files, open = openDrop } of await samplesOf(reader)) await open(files);
  });

  it(`opens or refuses ${MUTANTS} mutants in words`, { timeout: TIMEOUT }, async () => {
    const codes = new Map<string, number>();
    for (let number = 0; number < MUTANTS; number++) {
      const mutant = await makeMutant(reader, USUAL_SEED, number);
      const code = await outcomeOf(mutant).catch((cause: unknown) => {
        throw new Error(`npm run fuzz -- ${reader} --seed ${USUAL_SEED} --only ${number}`, {
          cause,
        });
      });
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect(codes.size).toBeGreaterThan(2);
  });
});
