/** @file As many images at once as there is memory for, where their number changes no result. */
import { AppError } from "../core/index.ts";

/**
 * Works with ever fewer images at once until they fit.
 * @param work — refuses with runtime/out-of-memory before it has done anything that would have to be undone
 * @throws runtime/out-of-memory when not even one image fits; whatever else the work throws
 */
export async function fitting<T>(
  most: number,
  work: (atOnce: number) => T | Promise<T>,
): Promise<T> {
  for (let atOnce = most; ; atOnce >>= 1) {
    try {
      return await work(atOnce);
    } catch (error) {
      const isTooLarge = error instanceof AppError && error.code === "runtime/out-of-memory";
      if (!isTooLarge || atOnce === 1) throw error;
    }
  }
}
