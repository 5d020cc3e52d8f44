/**
 * @file Thousands of damaged files against every reader: each opens or is refused with an `AppError`, in
 * words without `undefined` or `NaN`, and neither takes more of the processor nor more memory than it
 * may. `npm run fuzz` does the same for as long as one likes; a finding is replayed there by its seed and
 * number.
 */
import { describe, expect, it, onTestFinished } from "vitest";
import { checkCosts, type Open } from "./bounds.ts";
import { READER_NAMES, samplesOf } from "./readers.ts";
import { openDrop } from "./samples.ts";
import { makeMutant, outcomeOf, USUAL_SEED } from "./trial.ts";
import { type Watchdog, watchOver } from "./watchdog.ts";

const MUTANTS = 5000;
const TIMEOUT = 120_000;

describe.each(READER_NAMES)("%s", (reader) => {
  const command = `npm run fuzz -- ${reader} --seed ${USUAL_SEED} --only`;
  /** @throws naming the mutant */
  const find = (number: number, text: string, cause?: unknown): never => {
    throw new Error(`${command} ${number}: ${text}`, { cause });
  };
  const openBy =
    (watchdog: Watchdog): Open =>
    async (number) => {
      watchdog.at(number);
      const mutant = await makeMutant(reader, USUAL_SEED, number);
      const code = await outcomeOf(mutant).catch((cause: unknown) => find(number, "threw", cause));
      return { code, bytes: mutant.files.reduce((sum, { bytes }) => sum + bytes.length, 0) };
    };

  it("opens its samples as they are", async () => {
    for (const { files, open: openSample = openDrop } of await samplesOf(reader)) {
      await openSample(files);
    }
  });

  it(`opens or refuses ${MUTANTS} mutants in words`, { timeout: TIMEOUT }, async ({ signal }) => {
    const codes = new Set<string>();
    const watchdog = watchOver(command);
    onTestFinished(() => watchdog.leave());
    const check = checkCosts(openBy(watchdog), find);
    for (let number = 0; number < MUTANTS; number++) {
      // What is out of time ends, or it would take the time of the next reader.
      signal.throwIfAborted();
      codes.add((await check(number)).code);
    }
    expect(codes.size).toBeGreaterThan(2);
  });
});
