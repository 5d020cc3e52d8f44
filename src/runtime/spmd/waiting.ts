/** @file Waiting for a word in shared memory to move, wherever this runs. */

/** In a window `Atomics.wait` throws, whatever it is asked. */
function canBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/** `Atomics.waitAsync`, which the library's types do not know yet. */
type WaitAsync = (words: Int32Array, at: number, value: number, ms: number) => { value: unknown };

let blocks: boolean | undefined;

/**
 * Waits until the word is not `value` any more, or that many milliseconds. Blocks where it may: it is
 * the quicker way, and in Node `Atomics.waitAsync` would not keep the process alive.
 * @returns whether the time ran out
 */
export async function waitWhile(
  words: Int32Array,
  at: number,
  value: number,
  milliseconds: number,
): Promise<boolean> {
  blocks ??= canBlock();
  if (blocks) return Atomics.wait(words, at, value, milliseconds) === "timed-out";
  const { waitAsync } = Atomics as unknown as { waitAsync?: WaitAsync };
  if (waitAsync !== undefined) {
    return (await waitAsync(words, at, value, milliseconds).value) === "timed-out";
  }
  for (let left = milliseconds; left > 0; left--) {
    if (Atomics.load(words, at) !== value) return false;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return true;
}
