/**
 * @file Labelled images in memory, as bytes: 60 000 CIFAR images are 184 MB as bytes and four times
 * that as floats, so pixels become floats one batch at a time (`batch.ts`).
 */
import { AppError, sizeOf, type Shape } from "../core/index.ts";

/** Images of one size with one label each. */
export interface Dataset {
  /** Where it came from, for messages and reports: `CIFAR-10 test`. */
  readonly name: string;
  readonly classes: readonly string[];
  /** `[h, w, c]`. */
  readonly shape: Shape;
  /** Image after image, each `[h, w, c]` with channels innermost. */
  readonly pixels: Uint8Array;
  /** One index into `classes` per image. */
  readonly labels: Uint8Array;
}

/** CIFAR-10's classes in label order (Krizhevsky 2009). */
export const CIFAR10_CLASSES: readonly string[] = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/** Number of images. */
export function countOf(dataset: Dataset): number {
  return dataset.labels.length;
}

/** The images from `start` up to `end`, sharing memory. */
export function slice(dataset: Dataset, start: number, end: number): Dataset {
  const size = sizeOf(dataset.shape);
  return {
    ...dataset,
    pixels: dataset.pixels.subarray(start * size, end * size),
    labels: dataset.labels.subarray(start, end),
  };
}

/**
 * Several datasets of one kind as one, copied.
 * @throws data/shape-mismatch when sizes or classes differ, data/missing when there is none
 */
export function concatenate(name: string, parts: readonly Dataset[]): Dataset {
  const [first] = parts;
  if (first === undefined) throw new AppError("data/missing", { where: name });
  const total = parts.reduce((sum, part) => sum + countOf(part), 0);
  const size = sizeOf(first.shape);
  const pixels = new Uint8Array(total * size);
  const labels = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    if (part.shape.join() !== first.shape.join() || part.classes.length !== first.classes.length) {
      throw new AppError("data/shape-mismatch", {
        where: part.name,
        expected: `${first.shape.join(" × ")} images of ${first.classes.length} classes`,
        found: `${part.shape.join(" × ")} images of ${part.classes.length} classes`,
      });
    }
    pixels.set(part.pixels, at * size);
    labels.set(part.labels, at);
    at += countOf(part);
  }
  return { ...first, name, pixels, labels };
}
