/**
 * @file Test support: what is measured on images, found the slow way. One image at a time goes through
 * the forward pass in double precision, and a slope is the difference of two losses.
 */
import { channelsOf, known, makeRandom, sizeOf } from "../../core/index.ts";
import { makeBatch, type Dataset } from "../../data/index.ts";
import { firstIndices } from "../../data/testing/images.ts";
import {
  endsOf,
  factsOf,
  type Network,
  type NodeName,
  type TensorName,
} from "../../model/index.ts";
import { interpret } from "../../model/testing/interpret.ts";
import type { Images } from "../index.ts";

/** One image with its class. */
export interface Single {
  readonly image: Float64Array;
  readonly label: number;
}

/** Random images of the network's size, of its classes in turn. */
export function imagesFor(network: Network, count: number, seed = 1): Images {
  const { input, output } = endsOf(network);
  const random = makeRandom(seed, 43);
  const classes = channelsOf(output);
  const dataset: Dataset = {
    name: "random images",
    classes: Array.from({ length: classes }, (_, label) => `class ${label}`),
    shape: input,
    pixels: Uint8Array.from({ length: count * sizeOf(input) }, () => random.integer(256)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % classes),
  };
  const normalization = { mean: [0.5], std: [0.25] };
  return { dataset, indices: firstIndices(count), normalization };
}

/** The images one by one. */
export function singles({ dataset, indices, normalization }: Images): readonly Single[] {
  return Array.from(indices, (index) => {
    const { images, labels } = makeBatch(dataset, Uint32Array.of(index), normalization);
    return { image: Float64Array.from(images), label: labels[0] ?? 0 };
  });
}

/** −log softmax at the label. */
export function slowLoss(network: Network, { image, label }: Single): number {
  const values = interpret(network, image);
  const last = known(factsOf(network).get(network.output), "output").node;
  const name = last.op.kind === "softmax" ? (last.inputs[0] ?? "") : last.name;
  const logits = known(values.get(name), name);
  const top = Math.max(...logits);
  const total = logits.reduce((sum, z) => sum + Math.exp(z - top), 0);
  return Math.log(total) + top - known(logits[label], "logit");
}

/** Which numbers are scaled: those of the tensor at the places for which this is true. */
export interface Scaled {
  readonly name: TensorName;
  readonly at: (index: number) => boolean;
}

const STEP = 1e-6;

/** dL/dt at t = 0 where those numbers are multiplied by 1 + t, the mean over the images. */
export function slowSlope(
  network: Network,
  scaled: readonly Scaled[],
  images: readonly Single[],
): number {
  const lossAt = (t: number): number => {
    const weights = new Map(network.weights);
    for (const { name, at } of scaled) {
      const { shape, values } = known(weights.get(name), name);
      // In double precision: a float32 cannot hold so small a change.
      const moved = Float64Array.from(values, (w, i) => (at(i) ? w * (1 + t) : w));
      weights.set(name, { shape, values: moved as unknown as Float32Array });
    }
    const there = { ...network, weights };
    return images.reduce((sum, one) => sum + slowLoss(there, one), 0) / images.length;
  };
  return (lossAt(STEP) - lossAt(-STEP)) / (2 * STEP);
}

/** What a node says to all images, by channel; and what it was told. */
export function slowValues(
  network: Network,
  name: NodeName,
  all: readonly ReadonlyMap<NodeName, Float64Array>[],
): readonly { readonly said: readonly number[]; readonly told: readonly number[] }[] {
  const { node, shape } = known(factsOf(network).get(name), name);
  const width = channelsOf(shape);
  const column = (of: NodeName, c: number): number[] =>
    all.flatMap((values) => [...known(values.get(of), of)].filter((_, i) => i % width === c));
  return Array.from({ length: width }, (_, c) => ({
    said: column(name, c),
    told: column(node.inputs[0] ?? "", c),
  }));
}
