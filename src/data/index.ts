/** @file The door of `data`: images as bytes, splits, batches, augmentation, all seeded. */
export { CIFAR_AUGMENTATION, drawFor, NO_AUGMENTATION } from "./augment.ts";
export type { Augmentation, Draw } from "./augment.ts";
export { epochOrder, makeBatch } from "./batch.ts";
export type { Augmented, Batch } from "./batch.ts";
export { CIFAR100_CLASSES, CIFAR10_CLASSES, countOf } from "./dataset.ts";
export type { Dataset } from "./dataset.ts";
export { fingerprintImages } from "./fingerprint.ts";
export { cifar10Metadata } from "./metadata.ts";
export {
  CIFAR10_NORMALIZATION,
  IMAGENET_NORMALIZATION,
  normalizationOf,
  readNormalization,
  sameNormalization,
  titleOf,
  usualNormalizations,
} from "./normalization.ts";
export type { UsualNormalization } from "./normalization.ts";
export { SPLIT_SEED, splitOff } from "./split.ts";
export type { Split } from "./split.ts";
export { balancedOrder } from "./subset.ts";
