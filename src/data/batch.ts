/**
 * @file One batch: bytes to normalized floats, augmented on the way. `(x / 255 − mean) / std` through a
 * table of 256 values per channel.
 */
import { invariant, makeRandom, permutation, sizeOf } from "../core/index.ts";
import type { Normalization } from "../model/index.ts";
import { type Augmentation, type Draw, drawFor, NO_AUGMENTATION } from "./augment.ts";
import type { Dataset } from "./dataset.ts";

/** Floats ready for a program. */
export interface Batch {
  /** `[n, h, w, c]`, normalized. */
  readonly images: Float32Array;
  /** `[n]`, class indices. */
  readonly labels: Int32Array;
}

/** How a training batch is drawn; without it images come as they are. */
export interface Augmented {
  readonly augmentation: Augmentation;
  readonly seed: number;
  readonly epoch: number;
}

const ORDER_STREAM = 2;

/** The order in which an epoch visits its images: a function of (indices, seed, epoch). */
export function epochOrder(indices: Uint32Array, seed: number, epoch: number): Uint32Array {
  const order = permutation(indices.length, makeRandom(seed, ORDER_STREAM, epoch));
  return order.map((position) => indices[position] ?? 0);
}

/** Gathers images by index. The draw of an image depends on its index, not on its place in a batch. */
export function makeBatch(
  dataset: Dataset,
  indices: Uint32Array,
  normalization: Normalization,
  training: Augmented | undefined = undefined,
): Batch {
  const size = sizeOf(dataset.shape);
  const tables = lookup(normalization, dataset.shape[2] ?? 1);
  const images = new Float32Array(indices.length * size);
  const labels = new Int32Array(indices.length);
  indices.forEach((index, position) => {
    invariant(index < dataset.labels.length, `image ${index} of ${dataset.labels.length}`);
    const draw = drawFor(
      training?.augmentation ?? NO_AUGMENTATION,
      training?.seed ?? 0,
      training?.epoch ?? 0,
      index,
    );
    const source = dataset.pixels.subarray(index * size, (index + 1) * size);
    place(source, images.subarray(position * size, (position + 1) * size), dataset, tables, draw);
    labels[position] = dataset.labels[index] ?? 0;
  });
  return { images, labels };
}

function place(
  source: Uint8Array,
  target: Float32Array,
  { shape }: Dataset,
  tables: readonly Float32Array[],
  { dy, dx, flip }: Draw,
): void {
  const [height = 0, width = 0, channels = 0] = shape;
  for (let y = 0; y < height; y++) {
    const fromY = y + dy;
    for (let x = 0; x < width; x++) {
      const fromX = (flip ? width - 1 - x : x) + dx;
      const inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
      const from = (fromY * width + fromX) * channels;
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) {
        const byte = inside ? (source[from + c] as number) : 0;
        target[to + c] = (tables[c] as Float32Array)[byte] as number;
      }
    }
  }
}

function lookup({ mean, std }: Normalization, channels: number): Float32Array[] {
  return Array.from({ length: channels }, (_, c) =>
    Float32Array.from({ length: 256 }, (_unused, byte) => {
      return (byte / 255 - (mean[c] ?? mean[0] ?? 0)) / (std[c] ?? std[0] ?? 1);
    }),
  );
}
