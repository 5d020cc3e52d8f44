/** @file Waiting while the clock is a test's own. */
import { vi } from "vitest";

/** Lets fake time pass until it is done. */
export async function during<T>(waited: Promise<T>): Promise<T> {
  const state = { isDone: false };
  const settled = Promise.allSettled([waited]).then(() => {
    state.isDone = true;
  });
  while (!state.isDone) await vi.advanceTimersByTimeAsync(50);
  await settled;
  return waited;
}
