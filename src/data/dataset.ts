/**
 * @file Labelled images in memory, as bytes: 60 000 CIFAR images are 184 MB as bytes and four times
 * that as floats, so pixels become floats one batch at a time (`batch.ts`).
 */
import type { Shape } from "../core/index.ts";

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

/** CIFAR-100's fine classes in label order, which is the alphabet's (Krizhevsky 2009). */
export const CIFAR100_CLASSES: readonly string[] = [
  "apple",
  "aquarium_fish",
  "baby",
  "bear",
  "beaver",
  "bed",
  "bee",
  "beetle",
  "bicycle",
  "bottle",
  "bowl",
  "boy",
  "bridge",
  "bus",
  "butterfly",
  "camel",
  "can",
  "castle",
  "caterpillar",
  "cattle",
  "chair",
  "chimpanzee",
  "clock",
  "cloud",
  "cockroach",
  "couch",
  "crab",
  "crocodile",
  "cup",
  "dinosaur",
  "dolphin",
  "elephant",
  "flatfish",
  "forest",
  "fox",
  "girl",
  "hamster",
  "house",
  "kangaroo",
  "keyboard",
  "lamp",
  "lawn_mower",
  "leopard",
  "lion",
  "lizard",
  "lobster",
  "man",
  "maple_tree",
  "motorcycle",
  "mountain",
  "mouse",
  "mushroom",
  "oak_tree",
  "orange",
  "orchid",
  "otter",
  "palm_tree",
  "pear",
  "pickup_truck",
  "pine_tree",
  "plain",
  "plate",
  "poppy",
  "porcupine",
  "possum",
  "rabbit",
  "raccoon",
  "ray",
  "road",
  "rocket",
  "rose",
  "sea",
  "seal",
  "shark",
  "shrew",
  "skunk",
  "skyscraper",
  "snail",
  "snake",
  "spider",
  "squirrel",
  "streetcar",
  "sunflower",
  "sweet_pepper",
  "table",
  "tank",
  "telephone",
  "television",
  "tiger",
  "tractor",
  "train",
  "trout",
  "tulip",
  "turtle",
  "wardrobe",
  "whale",
  "willow_tree",
  "wolf",
  "woman",
  "worm",
];

/** Number of images. */
export function countOf(dataset: Dataset): number {
  return dataset.labels.length;
}
