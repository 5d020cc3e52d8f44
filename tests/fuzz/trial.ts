/** @file One mutant, by reader, seed and number, and what comes of it. */
import { AppError, explain, makeRandom } from "../../src/core/index.ts";
import { type ReaderName, samplesOf } from "./readers.ts";
import { damage, type DroppedBytes, openDrop, type Sample } from "./samples.ts";

export const USUAL_SEED = 20_261;

/** A damaged drop, and how to open it. */
export interface Mutant {
  readonly files: readonly DroppedBytes[];
  readonly open: NonNullable<Sample["open"]>;
}

/** The mutant of that number: a function of its three names, whatever came before it. */
export async function makeMutant(
  reader: ReaderName,
  seed: number,
  number: number,
): Promise<Mutant> {
  const samples = await samplesOf(reader);
  const sample = samples[number % samples.length] as Sample;
  const files = damage(sample, makeRandom(seed, number));
  return { files, open: sample.open ?? openDrop };
}

/** What must not be read by a person, in a sentence for one. */
const NONSENSE = /\b(?:undefined|NaN|Infinity|null)\b|\[object/;

/**
 * Opens a mutant.
 * @returns "opened", or the code of its refusal
 * @throws whatever is no refusal in plain words: a finding
 */
export async function outcomeOf({ files, open }: Mutant): Promise<string> {
  try {
    await open(files);
    return "opened";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const sentence = explain(error);
    if (NONSENSE.test(sentence))
      throw new Error(`a sentence that says nothing: ${sentence}`, { cause: error });
    return error.code;
  }
}
