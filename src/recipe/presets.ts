/** @file The presets: recipes named after their papers. A new one is one more object here. */
import { AppError } from "../core/index.ts";
import { CIFAR_AUGMENTATION } from "../data/index.ts";
import type { Recipe, TrainingRecipe } from "./recipe.ts";

const CIFAR_160_EPOCHS: TrainingRecipe = {
  length: { epochs: 160 },
  batchSize: 64,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 1e-4,
  schedule: { kind: "step", at: [0.5, 0.75], factor: 0.1 },
  augmentation: { ...CIFAR_AUGMENTATION },
};

/** By name. */
export const PRESETS: Readonly<Record<string, Recipe>> = {
  "network-slimming": {
    version: 1,
    name: "network-slimming",
    paper: "Liu et al. 2017, Learning Efficient Convolutional Networks through Network Slimming",
    regularizer: { kind: "l1-bn-scale", strength: 1e-4, form: "subgradient" },
    training: CIFAR_160_EPOCHS,
    criterion: { name: "bn-scale" },
    allocation: { kind: "global-threshold", ratio: 0.7, mode: "exact" },
    repair: { kind: "fine-tune", training: CIFAR_160_EPOCHS },
    schedule: { kind: "one-shot" },
    seed: 1,
  },
};

/** @throws recipe/unknown-preset naming those there are */
export function preset(name: string): Recipe {
  const found = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  if (found !== undefined) return found;
  throw new AppError("recipe/unknown-preset", {
    where: name,
    expected: `one of ${Object.keys(PRESETS).join(", ")}`,
  });
}
