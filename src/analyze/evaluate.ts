/** @file Runs images through a program and counts. */
import type { OnProgress } from "../core/index.ts";
import { endsInSoftmax } from "../model/index.ts";
import { lossOf, type Program } from "../runtime/index.ts";
import { evaluationOf, type Evaluation } from "./accuracy.ts";
import { imageFeed, type Feed, type Images } from "./feed.ts";

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
  return evaluateFeed(program, imageFeed(images), watch);
}

/**
 * Accuracy and loss on what is fed, which need not be images.
 * @throws AbortError between two batches when the signal says so
 */
export async function evaluateFeed(
  program: Program,
  feed: Feed,
  watch: Watch = {},
): Promise<Evaluation> {
  // A network that ends in a softmax answers in probabilities; their logarithms are logits enough.
  const probabilities = endsInSoftmax(program.network);
  let [correct, lossSum] = [0, 0];
  await eachBatch(program, feed, watch, (outputs, labels) => {
    const logits = probabilities ? outputs.map((p) => Math.log(Math.max(p, 1e-30))) : outputs;
    const found = lossOf(logits, labels);
    correct += found.correct;
    lossSum += found.loss * labels.length;
  });
  return evaluationOf(feed.count, correct, lossSum);
}

/** The output rows of the images, `[n · outputs]`. */
export async function predict(
  program: Program,
  images: Images,
  watch: Watch = {},
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  await eachBatch(program, imageFeed(images), watch, (outputs) => parts.push(outputs));
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Runs all that is fed and hands on the output rows with their labels, batch by batch. */
export async function eachBatch(
  program: Program,
  feed: Feed,
  { signal, onProgress, breathe }: Watch,
  take: (outputs: Float32Array, labels: Int32Array) => void,
): Promise<void> {
  const { count: total } = feed;
  for (let start = 0; start < total; start += program.batch) {
    signal?.throwIfAborted();
    const end = Math.min(start + program.batch, total);
    const { images, labels } = feed.slice(start, end);
    take(await program.forward(images), labels);
    onProgress?.({ done: end, total, unit: "images" });
    await breathe?.();
  }
}
