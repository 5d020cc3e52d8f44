/** @file What `train` is told: a recipe, and flags that override it. */
import { AppError } from "../core/index.ts";
import { NO_AUGMENTATION } from "../data/index.ts";
import { trainSettings, type Recipe } from "../recipe/index.ts";
import {
  checkSettings,
  DEFAULT_SETTINGS,
  type Length,
  type Schedule,
  type TrainSettings,
} from "../train/index.ts";
import { toNumber, type Args, type OptionSpecs } from "./args.ts";
import { badArgument } from "./refusal.ts";

export const TRAINING_OPTIONS: OptionSpecs = {
  epochs: { value: "N", help: "passes over the training images; 1" },
  steps: { value: "N", help: "steps instead of epochs" },
  batch: { value: "B", help: "images a step; 64" },
  lr: { value: "X", help: "learning rate; 0.1" },
  momentum: { value: "X", help: "momentum; 0.9" },
  "weight-decay": { value: "X", help: "weight decay; 0.0001" },
  sparsity: { value: "S", help: "strength of L1 on the BN scales; 0" },
  form: { value: "NAME", help: "of that L1: subgradient or proximal; subgradient" },
  schedule: { value: "NAME", help: "step (÷10 at 1/2 and 3/4), cosine or constant; step" },
  "freeze-zeros": { help: "hold weights that are 0 at 0: how a masked network is trained on" },
  "no-augment": { help: "images as they are, without crops and flips" },
  seed: { value: "N", help: "seed of fresh weights, shuffles and crops; 1" },
};

/**
 * The settings of a run.
 * @throws train/bad-setting, cli/bad-argument
 */
export function settingsOf(args: Args, recipe: Recipe | undefined): TrainSettings {
  const base = (recipe && trainSettings(recipe)) ?? DEFAULT_SETTINGS;
  const settings: TrainSettings = {
    length: lengthOf(args) ?? base.length,
    batchSize: numberOf(args, "batch") ?? base.batchSize,
    learningRate: numberOf(args, "lr") ?? base.learningRate,
    momentum: numberOf(args, "momentum") ?? base.momentum,
    weightDecay: numberOf(args, "weight-decay") ?? base.weightDecay,
    schedule: scheduleOf(args) ?? base.schedule,
    sparsity: {
      strength: numberOf(args, "sparsity") ?? base.sparsity.strength,
      form: args.choice("form", ["subgradient", "proximal"]) ?? base.sparsity.form,
    },
    augmentation: args.has("no-augment") ? NO_AUGMENTATION : base.augmentation,
    seed: numberOf(args, "seed") ?? base.seed,
    ...(args.has("freeze-zeros") || base.freezeZeros === true ? { freezeZeros: true } : {}),
  };
  checkSettings(settings);
  return settings;
}

function lengthOf(args: Args): Length | undefined {
  const [epochs, steps] = [numberOf(args, "epochs"), numberOf(args, "steps")];
  if (epochs !== undefined && steps !== undefined) {
    throw badArgument("--steps", { expected: "either epochs or steps", found: "both" });
  }
  if (epochs !== undefined) return { epochs };
  return steps === undefined ? undefined : { steps };
}

function scheduleOf(args: Args): Schedule | undefined {
  const kind = args.choice("schedule", ["step", "cosine", "constant"]);
  if (kind === undefined) return undefined;
  return kind === "step" ? { kind, at: [0.5, 0.75], factor: 0.1 } : { kind };
}

function numberOf(args: Args, option: string): number | undefined {
  const text = args.text(option);
  if (text === undefined) return undefined;
  const value = toNumber(text);
  if (!Number.isNaN(value)) return value;
  throw new AppError("train/bad-setting", {
    where: `--${option}`,
    expected: "a number",
    found: text === "" ? "nothing" : text,
  });
}
