/**
 * @file The presets: recipes named after their papers. A new one is one more object here. Those that
 * name an architecture are the papers' own small networks, layer by layer; see `ready-made.ts`.
 */
import { AppError } from "../core/index.ts";
import { CIFAR_AUGMENTATION } from "../data/index.ts";
import { COMPACT_VGG, li2017Resnet, LI_2017_VGG_16_A } from "./ready-made.ts";
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

const SLIMMING: Recipe = {
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
};

/** Retraining as in the paper: 40 epochs at the last rate of the training (Li et al. 2017, §4). */
const LI_2017: Recipe = {
  version: 1,
  name: "li-2017",
  paper: "Li et al. 2017, Pruning Filters for Efficient ConvNets",
  regularizer: { kind: "none" },
  training: CIFAR_160_EPOCHS,
  criterion: { name: "l1" },
  allocation: { kind: "sensitivity", loss: 0.02 },
  repair: {
    kind: "fine-tune",
    training: {
      ...CIFAR_160_EPOCHS,
      length: { epochs: 40 },
      learningRate: 0.001,
      schedule: { kind: "constant" },
    },
  },
  schedule: { kind: "one-shot" },
  seed: 1,
};

const li2017 = (name: string, architecture: string, allocation: Recipe["allocation"]): Recipe => ({
  ...LI_2017,
  name: `li-2017-${name}`,
  architecture,
  allocation,
});

/** Half of what is left, again and again, as far as the paper's fourth pass; its fifth loses accuracy. */
const SLIMMING_IN_PASSES: Recipe = {
  ...SLIMMING,
  name: "network-slimming-multi-pass",
  allocation: { kind: "global-threshold", ratio: 0.5, mode: "exact" },
  schedule: { kind: "multi-pass", passes: 4, mostPerLayer: 0.5 },
};

const RECIPES: readonly Recipe[] = [
  SLIMMING,
  SLIMMING_IN_PASSES,
  {
    ...SLIMMING,
    name: "network-slimming-compact-vgg",
    architecture: "vgg19",
    allocation: COMPACT_VGG,
  },
  LI_2017,
  li2017("vgg-16-a", "vgg16:head=512", LI_2017_VGG_16_A),
  ...(["56-a", "56-b", "110-a", "110-b"] as const).map((variant) => {
    const [depth = ""] = variant.split("-");
    return li2017(`resnet-${variant}`, `resnet-${depth}`, li2017Resnet(variant));
  }),
];

/** By name. */
export const PRESETS: Readonly<Record<string, Recipe>> = Object.fromEntries(
  RECIPES.map((recipe) => [recipe.name, recipe]),
);

/** @throws recipe/unknown-preset naming those there are */
export function preset(name: string): Recipe {
  const found = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  if (found !== undefined) return found;
  throw new AppError("recipe/unknown-preset", {
    where: name,
    expected: `one of ${Object.keys(PRESETS).join(", ")}`,
  });
}
