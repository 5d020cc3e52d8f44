/** @file Turns whatever was thrown into the one sentence that a person reads. */
import { AppError, explain, isAbort } from "../core/index.ts";

/**
 * The sentence for an error.
 * @returns null for an abort, which is a wish and not a failure
 */
export function sentenceOf(error: unknown): string | null {
  if (isAbort(error)) return null;
  if (error instanceof AppError) return explain(error);
  const detail = error instanceof Error ? error.message : String(error);
  return `Espalier made a mistake (${detail}); the network on the page is unharmed, so try again.`;
}
