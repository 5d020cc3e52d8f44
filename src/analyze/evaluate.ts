/** @file Runs images through a program and counts. */
import type { OnProgress } from "../core/index.ts";
import type { Batch } from "../data/index.ts";
import { endsInSoftmax } from "../model/index.ts";
import { lossOf, type Program } from "../runtime/index.ts";
import { evaluationOf, type Evaluation } from "./accuracy.ts";
import type { ConfusionTally } from "./confusion.ts";
import { imageFeed, type Feed, type Images } from "./feed.ts";

/** How a caller watches and stops work that goes batch by batch. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Awaited between batches, so that a worker can hear a message. */
  readonly breathe?: (() => Promise<void>) | undefined;
}

/** What is done beside an evaluation. */
export interface Aside {
  /** Done once, while the first batch is computed. */
  readonly meanwhile?: (() => void) | undefined;
  /** Counts what each class is taken for. */
  readonly tally?: ConfusionTally | undefined;
}

/**
 * Accuracy and loss on the images.
 * @throws AbortError between two batches when the signal says so
 */
export async function evaluate(
  program: Program,
  images: Images,
  watch: Watch = {},
  aside: Aside = {},
): Promise<Evaluation> {
  return evaluateFeed(program, imageFeed(images), watch, aside);
}

/**
 * Accuracy and loss on what is fed, which need not be images.
 * @throws AbortError between two batches when the signal says so
 */
export async function evaluateFeed(
  program: Program,
  feed: Feed,
  watch: Watch = {},
  { meanwhile, tally }: Aside = {},
): Promise<Evaluation> {
  // A network that ends in a softmax answers in probabilities; their logarithms are logits enough.
  const probabilities = endsInSoftmax(program.network);
  let [correct, lossSum] = [0, 0];
  const take = (outputs: Float32Array, labels: Int32Array): void => {
    const logits = probabilities ? outputs.map((p) => Math.log(Math.max(p, 1e-30))) : outputs;
    const found = lossOf(logits, labels);
    tally?.take(logits, labels);
    correct += found.correct;
    lossSum += found.loss * labels.length;
  };
  await eachBatch(program, feed, { ...watch, meanwhile }, take);
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

/**
 * Runs all that is fed and hands on the output rows with their labels, batch by batch. The next batch is made
 * while threads compute this one.
 */
export async function eachBatch(
  program: Program,
  feed: Feed,
  {
    signal,
    onProgress,
    breathe,
    meanwhile,
  }: Watch & { readonly meanwhile?: (() => void) | undefined },
  take: (outputs: Float32Array, labels: Int32Array) => void,
): Promise<void> {
  const { count: total } = feed;
  const endOf = (start: number): number => Math.min(start + program.batch, total);
  let next = total > 0 ? feed.slice(0, endOf(0)) : undefined;
  for (let start = 0; next !== undefined; start += program.batch) {
    signal?.throwIfAborted();
    const end = endOf(start);
    const { images, labels }: Batch = next;
    next = undefined;
    const outputs = await program.forward(images, () => {
      if (start === 0) meanwhile?.();
      if (end < total) next = feed.slice(end, endOf(end));
    });
    // Whatever became of the work aside, no batch is left out.
    if (end < total) next ??= feed.slice(end, endOf(end));
    take(outputs, labels);
    onProgress?.({ done: end, total, unit: "images" });
    await breathe?.();
  }
}
