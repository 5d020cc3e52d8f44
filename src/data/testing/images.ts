/** @file Test support: small datasets whose every byte says where it came from. */
import { makeRandom } from "../../core/index.ts";
import { CIFAR10_CLASSES, type Dataset } from "../index.ts";

/** `count` images of random bytes, labelled 0, 1, … 9, 0, … */
export function randomImages(count: number, side = 8, seed = 1): Dataset {
  const random = makeRandom(seed, 41);
  return {
    name: "random images",
    classes: CIFAR10_CLASSES,
    shape: [side, side, 3],
    pixels: Uint8Array.from({ length: count * side * side * 3 }, () => random.integer(256)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
  };
}

/** 0, 1, … count − 1. */
export function firstIndices(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}
