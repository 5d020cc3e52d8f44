/**
 * @file The experiment as data: five words (regularizer, criterion, allocation, repair, schedule) and
 * how to train. Page, command line and report all speak it. What is read from outside passes
 * `readRecipe`, which names the field that is wrong.
 */
import * as v from "valibot";
import { CIFAR_AUGMENTATION } from "../data/index.ts";
import { DEAD_CHANNELS, readCriterion } from "../prune/index.ts";
import {
  checkSettings,
  DEFAULT_SETTINGS,
  type Replan,
  type TrainSettings,
} from "../train/index.ts";
import { AllocationSchema, readBy } from "./allocation.ts";

/** More than a network of any width could go through at a half each. */
const MOST_PASSES = 64;

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));

const Schedule = v.variant("kind", [
  v.strictObject({ kind: v.literal("constant") }),
  v.strictObject({ kind: v.literal("cosine") }),
  v.strictObject({ kind: v.literal("step"), at: v.array(share), factor: v.number() }),
]);

/** More than a time box ever needs. */
const MOST_REPLANS = 100;

const Length = v.union([
  v.strictObject({ epochs: positive }),
  v.strictObject({
    steps: positive,
    /** What was planned before, of a run that was held to a time: it can be repeated with it. */
    replans: v.exactOptional(
      v.pipe(
        v.array(v.strictObject({ at: positive, steps: positive })),
        v.maxLength(MOST_REPLANS),
        v.check(
          (replans) => areReplans(replans),
          "replans that follow one another, each before its plan's end",
        ),
      ),
    ),
  }),
]);

function areReplans(replans: readonly Replan[]): boolean {
  return replans.every(({ at, steps }, i) => at > (replans[i - 1]?.at ?? 0) && at < steps);
}

/** How to train, without what the regularizer and the seed say. */
export const TrainingSchema = v.strictObject({
  length: Length,
  batchSize: v.optional(positive, DEFAULT_SETTINGS.batchSize),
  learningRate: v.optional(v.number(), DEFAULT_SETTINGS.learningRate),
  momentum: v.optional(v.number(), DEFAULT_SETTINGS.momentum),
  weightDecay: v.optional(v.number(), DEFAULT_SETTINGS.weightDecay),
  schedule: v.optional(Schedule, { kind: "step", at: [0.5, 0.75], factor: 0.1 }),
  augmentation: v.optional(
    v.strictObject({ pad: v.pipe(v.number(), v.integer(), v.minValue(0)), flip: v.boolean() }),
    { ...CIFAR_AUGMENTATION },
  ),
  /** Weights that are 0 at the start stay 0. */
  freezeZeros: v.optional(v.boolean()),
});

const Regularizer = v.variant("kind", [
  v.strictObject({ kind: v.literal("none") }),
  v.strictObject({
    kind: v.literal("l1-bn-scale"),
    strength: v.pipe(v.number(), v.minValue(0)),
    form: v.optional(v.picklist(["subgradient", "proximal"]), "subgradient"),
  }),
]);

/** What becomes of what removed channels still say: "zero" when it is left out, as in the papers' code. */
const dead = v.optional(v.picklist(DEAD_CHANNELS));

const Repair = v.variant("kind", [
  v.strictObject({ kind: v.literal("none"), dead }),
  v.strictObject({ kind: v.literal("fine-tune"), training: TrainingSchema, dead }),
]);

const Schedules = v.variant("kind", [
  v.strictObject({ kind: v.literal("one-shot") }),
  /** Training, pruning and repair again and again (Liu et al. 2017, "Multi-pass Scheme"). */
  v.strictObject({
    kind: v.literal("multi-pass"),
    passes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_PASSES)),
    /** Share of any one layer's channels that a pass may take. */
    mostPerLayer: v.optional(share, 0.5),
  }),
]);

const RecipeSchema = v.strictObject({
  version: v.literal(1),
  name: v.string(),
  /** The paper that this follows. */
  paper: v.optional(v.string()),
  /** The architecture whose layers the allocation names, such as "vgg16:head=512". */
  architecture: v.optional(v.string()),
  regularizer: Regularizer,
  /** Before pruning; null where the network is taken as it is. */
  training: v.nullable(TrainingSchema),
  /** With its options, such as `lp:p=3`. */
  criterion: v.strictObject({ name: v.string() }),
  allocation: AllocationSchema,
  repair: Repair,
  schedule: Schedules,
  seed: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** The whole experiment. */
export type Recipe = v.InferOutput<typeof RecipeSchema>;
/** How to train, inside a recipe. */
export type TrainingRecipe = v.InferOutput<typeof TrainingSchema>;

/**
 * Checks a recipe that came from outside; what it leaves out takes its default.
 * @param where — the file's name, for the message
 * @throws recipe/bad-field naming the field, prune/unknown-criterion, prune/bad-option,
 *   train/bad-setting
 */
export function readRecipe(value: unknown, where: string): Recipe {
  const recipe = readBy(RecipeSchema, value, where);
  // "manual" is what a plan says that no criterion made; nothing can be scored by it.
  const { name } = recipe.criterion;
  if (name !== "manual") readCriterion(name, `${where} › criterion.name`);
  for (const settings of [trainSettings(recipe), repairSettings(recipe)]) {
    if (settings !== undefined) checkSettings(settings);
  }
  return recipe;
}

/** The settings of the training before pruning; nothing when there is none. */
export function trainSettings({ training, regularizer, seed }: Recipe): TrainSettings | undefined {
  if (training === null) return undefined;
  const sparsity =
    regularizer.kind === "none"
      ? { strength: 0, form: "subgradient" as const }
      : { strength: regularizer.strength, form: regularizer.form };
  return { ...training, sparsity, seed };
}

/** The settings of the training after pruning, without the regularizer; nothing when there is none. */
export function repairSettings({ repair, seed }: Recipe): TrainSettings | undefined {
  return repair.kind === "none"
    ? undefined
    : { ...repair.training, sparsity: { strength: 0, form: "subgradient" }, seed };
}
