/**
 * @file Evidence for a network that does not say how its pixels were normalized: how well it does under
 * each candidate, on the same images. A network that has learned anything does best under its own.
 */
import type { Normalization } from "../model/index.ts";
import type { Program } from "../runtime/index.ts";
import type { Evaluation } from "./accuracy.ts";
import { evaluate, type Watch } from "./evaluate.ts";
import type { Images } from "./feed.ts";

/**
 * Measures a program under one normalization after the other.
 * @param onEvaluated — told each as it comes
 * @returns an evaluation a candidate
 * @throws AbortError between two batches; what was found so far has been told
 */
export async function compareNormalizations(
  program: Program,
  images: Omit<Images, "normalization">,
  candidates: readonly Normalization[],
  onEvaluated: (index: number, evaluation: Evaluation) => void,
  watch: Watch = {},
): Promise<readonly Evaluation[]> {
  const each = images.indices.length;
  const found: Evaluation[] = [];
  for (const [index, normalization] of candidates.entries()) {
    const evaluation = await evaluate(
      program,
      { ...images, normalization },
      {
        ...watch,
        onProgress: ({ done, unit }) =>
          watch.onProgress?.({ done: index * each + done, total: candidates.length * each, unit }),
      },
    );
    found.push(evaluation);
    onEvaluated(index, evaluation);
  }
  return found;
}
