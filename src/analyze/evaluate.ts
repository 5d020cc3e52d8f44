/** @file Runs images through a program and counts. */
import type { OnProgress } from "../core/index.ts";
import { makeBatch, type Dataset } from "../data/index.ts";
import { endsInSoftmax, type Normalization } from "../model/index.ts";
import { lossOf, type Program } from "../runtime/index.ts";
import { evaluationOf, type Evaluation } from "./accuracy.ts";

/** Which images, and how their pixels become numbers. */
export interface Images {
  readonly dataset: Dataset;
  readonly indices: Uint32Array;
  readonly normalization: Normalization;
}

/** How a caller watches and stops work that goes batch by batch. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Awaited between batches, so that a worker can hear a message. */
  readonly breathe?: (() => Promise<void>) | undefined;
}

/**
 * Accuracy and loss on the images.
 * @throws AbortError between two batches when the signal says so
 */
export async function evaluate(
  program: Program,
  images: Images,
  watch: Watch = {},
): Promise<Evaluation> {
  // A network that ends in a softmax answers in probabilities; their logarithms are logits enough.
  const probabilities = endsInSoftmax(program.network);
  let [correct, lossSum] = [0, 0];
  await eachBatch(program, images, watch, (outputs, labels) => {
    const logits = probabilities ? outputs.map((p) => Math.log(Math.max(p, 1e-30))) : outputs;
    const found = lossOf(logits, labels);
    correct += found.correct;
    lossSum += found.loss * labels.length;
  });
  return evaluationOf(images.indices.length, correct, lossSum);
}

/** The output rows of the images, `[n · outputs]`. */
export async function predict(
  program: Program,
  images: Images,
  watch: Watch = {},
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  await eachBatch(program, images, watch, (outputs) => parts.push(outputs));
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function eachBatch(
  program: Program,
  { dataset, indices, normalization }: Images,
  { signal, onProgress, breathe }: Watch,
  take: (outputs: Float32Array, labels: Int32Array) => void,
): Promise<void> {
  for (let start = 0; start < indices.length; start += program.batch) {
    signal?.throwIfAborted();
    const batch = makeBatch(dataset, indices.subarray(start, start + program.batch), normalization);
    take(await program.forward(batch.images), batch.labels);
    onProgress?.({
      done: Math.min(start + program.batch, indices.length),
      total: indices.length,
      unit: "images",
    });
    await breathe?.();
  }
}
