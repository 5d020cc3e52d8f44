/** @file What a fresh network is told about CIFAR-10, as far as it fits. */
import { channelsOf } from "../core/index.ts";
import { endsOf, type Graph, type Metadata } from "../model/index.ts";
import { CIFAR10_CLASSES } from "./dataset.ts";
import { CIFAR10_NORMALIZATION } from "./normalization.ts";

/** CIFAR-10's class names for ten outputs, its normalization for three input channels. */
export function cifar10Metadata(graph: Graph): Metadata {
  const { input, output } = endsOf(graph);
  return {
    ...(channelsOf(output) === CIFAR10_CLASSES.length ? { classes: CIFAR10_CLASSES } : {}),
    ...(input[2] === 3 ? { normalization: CIFAR10_NORMALIZATION } : {}),
  };
}
