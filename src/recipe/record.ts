/**
 * @file What was done by hand, as a recipe: so that a report can be repeated by whoever reads it.
 */
import type { Allocated, DeadChannels, Plan } from "../prune/index.ts";
import type { Length, TrainSettings } from "../train/index.ts";
import { AllocationSchema, readBy, recordAllocation } from "./allocation.ts";
import type { Recipe, TrainingRecipe } from "./recipe.ts";

/** The steps that led to a network; what is left out was not done. */
export interface Doings {
  readonly training?: TrainSettings | undefined;
  readonly plan?: Plan | undefined;
  /** What became of what removed channels said; "zero" unless said otherwise. */
  readonly dead?: DeadChannels | undefined;
  readonly repair?: TrainSettings | undefined;
}

/** The fields of a recipe that say how a network is cut. */
export type RecipeCut = Pick<Recipe, "criterion" | "allocation" | "repair">;

/** The same of a method that was set and not carried out yet. @throws recipe/bad-field */
export function recordMethod(
  criterion: string,
  allocation: Allocated,
  dead: DeadChannels,
): RecipeCut {
  return {
    criterion: { name: criterion },
    allocation: readBy(AllocationSchema, allocation, "method"),
    repair: { kind: "none", ...(dead === "absorb" ? { dead } : {}) },
  };
}

/** The recipe of those steps; a plan that was made by hand is recorded by what it achieved. */
export function recordRecipe(name: string, { training, plan, dead, repair }: Doings): Recipe {
  const sparsity = training?.sparsity;
  return {
    version: 1,
    name,
    regularizer:
      sparsity === undefined || sparsity.strength === 0
        ? { kind: "none" }
        : { kind: "l1-bn-scale", ...sparsity },
    training: training === undefined ? null : trainingOf(training),
    criterion: { name: plan?.criterion ?? "bn-scale" },
    allocation: recordAllocation(plan),
    repair: {
      ...(repair === undefined
        ? { kind: "none" }
        : { kind: "fine-tune", training: trainingOf(repair) }),
      ...(dead === "absorb" ? { dead } : {}),
    },
    schedule: { kind: "one-shot" },
    seed: training?.seed ?? repair?.seed ?? 1,
  };
}

function lengthOf(length: Length): TrainingRecipe["length"] {
  if ("epochs" in length) return { epochs: length.epochs };
  const { steps, replans } = length;
  return replans === undefined ? { steps } : { steps, replans: replans.map((one) => ({ ...one })) };
}

function trainingOf(settings: TrainSettings): TrainingRecipe {
  const { batchSize, learningRate, momentum, weightDecay, schedule } = settings;
  return {
    length: lengthOf(settings.length),
    batchSize,
    learningRate,
    momentum,
    weightDecay,
    schedule: schedule.kind === "step" ? { ...schedule, at: [...schedule.at] } : schedule,
    augmentation: { ...settings.augmentation },
    ...(settings.freezeZeros === true ? { freezeZeros: true } : {}),
  };
}
