/**
 * @file The images that the worker has, and which of them a question is about. The test set is touched
 * only when it is asked for by name; a network that the images do not fit is refused.
 */
import { AppError, known } from "../core/index.ts";
import {
  balancedOrder,
  countOf,
  fingerprintImages,
  normalizationOf,
  SPLIT_SEED,
  splitOff,
  type Dataset,
} from "../data/index.ts";
import { checkFit, type Images } from "../analyze/index.ts";
import type { Network } from "../model/index.ts";
import type { TrainData } from "../train/index.ts";
import type { DataReport, Gallery, ImageSet } from "./protocol.ts";

const ORDER_SEED = 1;

/** Holds what was fetched or dropped; a later set of the same kind replaces an earlier one. */
export class ImageStore {
  #test: Dataset | undefined;
  #training: Dataset | undefined;
  readonly #orders = new Map<Dataset, Uint32Array>();
  readonly #fingerprints = new WeakMap<Dataset, Promise<string>>();

  put({ test, training }: { test?: Dataset | undefined; training?: Dataset | undefined }): void {
    this.#test = test ?? this.#test;
    this.#training = training ?? this.#training;
    this.#orders.clear();
  }

  report(): DataReport {
    const describe = (dataset: Dataset | undefined) =>
      dataset === undefined
        ? null
        : {
            name: dataset.name,
            count: countOf(dataset),
            classes: dataset.classes,
            shape: dataset.shape,
          };
    const heldBack =
      this.#training === undefined ? 0 : splitOff(this.#training, SPLIT_SEED).validation.length;
    const training = describe(this.#training);
    return {
      test: describe(this.#test),
      training,
      validation: training === null ? null : { ...training, count: heldBack },
    };
  }

  /** The first `count` images of the set's balanced order, for that network. */
  images(set: ImageSet, count: number, network: Network): Images {
    const dataset = this.#dataset(set === "test" ? "test" : "training");
    checkFit(network, dataset);
    return {
      dataset,
      indices: this.#order(set, dataset).subarray(0, count),
      normalization: normalizationOf(network),
    };
  }

  /** Those test images, for that network. */
  testImages(indices: readonly number[], network: Network): Images {
    const dataset = this.#dataset("test");
    checkFit(network, dataset);
    const normalization = normalizationOf(network);
    return { dataset, indices: Uint32Array.from(indices), normalization };
  }

  /** The part of the training set that is trained on. */
  trainData(network: Network): TrainData {
    const dataset = this.#dataset("training");
    checkFit(network, dataset);
    return {
      dataset,
      indices: splitOff(dataset, SPLIT_SEED).training,
      normalization: normalizationOf(network),
    };
  }

  /** Which images these are; worked out once. */
  fingerprint(dataset: Dataset): Promise<string> {
    const before = this.#fingerprints.get(dataset);
    if (before !== undefined) return before;
    const found = fingerprintImages(dataset);
    this.#fingerprints.set(dataset, found);
    return found;
  }

  /** A few balanced test images as RGBA. */
  gallery(count: number): Gallery {
    const dataset = this.#dataset("test");
    const [height = 0, width = 0, channels = 0] = dataset.shape;
    const indices = [...this.#order("test", dataset).subarray(0, count)];
    const pixels = new Uint8ClampedArray(indices.length * height * width * 4);
    indices.forEach((index, position) => {
      for (let p = 0; p < height * width; p++) {
        const from = (index * height * width + p) * channels;
        const to = (position * height * width + p) * 4;
        for (let c = 0; c < 3; c++) {
          pixels[to + c] = dataset.pixels[from + Math.min(c, channels - 1)] ?? 0;
        }
        pixels[to + 3] = 255;
      }
    });
    const labels = indices.map((index) => dataset.labels[index] ?? 0);
    return { indices, labels, pixels, height, width };
  }

  #dataset(which: "test" | "training"): Dataset {
    const dataset = which === "test" ? this.#test : this.#training;
    if (dataset !== undefined) return dataset;
    throw new AppError("data/missing", { where: `${which} images` });
  }

  #order(set: ImageSet, dataset: Dataset): Uint32Array {
    if (!this.#orders.has(dataset)) {
      const pool = set === "test" ? undefined : splitOff(dataset, SPLIT_SEED).validation;
      this.#orders.set(dataset, balancedOrder(dataset, ORDER_SEED, pool));
    }
    return known(this.#orders.get(dataset), "order");
  }
}
