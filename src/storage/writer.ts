/**
 * @file Who saves: of several tabs the first one. The others are told no once and for all, since taking
 * over later would put their project in the place of the first one's.
 */

/** How long a tab that is being left may take to let go, ms: a reload is faster than its worker's end. */
const PATIENCE = 3_000;

/** The part of `navigator.locks` that is needed. */
export type Locks = Pick<LockManager, "request">;

/** @returns asks whether this tab saves; the answer stays the same */
export function createWriter(
  locks: Locks | undefined,
  { name = "espalier-project", patience = PATIENCE } = {},
): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  return () => {
    // Without locks, as on a page without TLS, there is nobody to ask.
    answer ??= locks === undefined ? Promise.resolve(true) : claim(locks, name, patience);
    return answer;
  };
}

function claim(locks: Locks, name: string, patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    const held = locks.request(name, { signal: AbortSignal.timeout(patience) }, async () => {
      resolve(true);
      // Held until the worker ends.
      await new Promise<never>(() => undefined);
    });
    held.catch(() => resolve(false));
  });
}
