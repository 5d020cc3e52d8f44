/** @file Test support: the error with which something is refused. */
import { AppError } from "../index.ts";

/**
 * Runs what must be refused.
 * @returns the refusal
 * @throws whatever is no {@link AppError}, or when nothing is refused at all
 */
export async function refusal(attempt: () => unknown): Promise<AppError> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
