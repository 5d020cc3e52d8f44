/** @file What a test of `runtime`, `train` or `analyze` takes it must give back. */
import * as tf from "@tensorflow/tfjs-core";

/**
 * Runs a test and compares the tensors alive before and after: none more, none less.
 * The backend must be open before, because opening one may keep tensors of its own.
 */
export async function withLeakCheck<T>(body: () => T | Promise<T>): Promise<T> {
  const before = tf.memory();
  const result = await body();
  const after = tf.memory();
  if (after.numTensors !== before.numTensors || after.numDataBuffers !== before.numDataBuffers) {
    throw new Error(
      `leak: ${before.numTensors} tensors in ${before.numDataBuffers} buffers before, ` +
        `${after.numTensors} in ${after.numDataBuffers} after`,
    );
  }
  return result;
}

/** Tensors alive now. */
export function tensorsAlive(): number {
  return tf.memory().numTensors;
}

/** The most bytes of tensors alive at once while `body` runs, above what was alive before. */
export async function peakBytesOf(body: () => Promise<unknown>): Promise<number> {
  const before = tf.memory().numBytes;
  const { peakBytes } = await tf.profile(async () => {
    await body();
    return [];
  });
  return peakBytes - before;
}
