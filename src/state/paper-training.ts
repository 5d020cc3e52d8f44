/** @file How a paper trains, as the page's two training forms have it, before the cut and after it; and how often. */
import type { Commands } from "./commands.ts";
import type { PRESETS } from "./engine.ts";
import { FORM_DEFAULTS, type Purpose, type TrainingForm } from "./training-form.ts";

type Recipe = (typeof PRESETS)[string];

/** Sets beside the method what else a preset says: how the paper trains, and in how many passes. */
export function followPaper(
  recipe: Recipe,
  { editTraining, choosePasses }: Pick<Commands, "editTraining" | "choosePasses">,
): void {
  const { schedule } = recipe;
  const { sparse, finetune } = formsOf(recipe);
  choosePasses(schedule.kind === "multi-pass" ? schedule.passes : 1);
  editTraining("sparse", sparse);
  editTraining("finetune", finetune);
}

/** Sets all of that as at a first visit. */
export function followNoPaper({
  editTraining,
  choosePasses,
}: Pick<Commands, "editTraining" | "choosePasses">): void {
  choosePasses(1);
  editTraining("sparse", FORM_DEFAULTS.sparse);
  editTraining("finetune", FORM_DEFAULTS.finetune);
}

/**
 * What a preset sets in the forms; a network that is taken as it is, or left as it is cut, sets nothing there.
 * In passes the training after a cut is the one before the next, so it has the regularizer, too.
 */
export function formsOf(recipe: Recipe): Readonly<Record<Purpose, Partial<TrainingForm>>> {
  const { training, repair, schedule, regularizer } = recipe;
  const isInPasses = schedule.kind === "multi-pass";
  const push: Partial<TrainingForm> =
    regularizer.kind === "none"
      ? { strength: "0" }
      : { strength: String(regularizer.strength), form: regularizer.form };
  return {
    sparse: training === null ? {} : { ...fieldsOf(training), ...push },
    finetune:
      repair.kind === "none"
        ? {}
        : { ...fieldsOf(repair.training), ...(isInPasses ? push : { strength: "0" }) },
  };
}

/** A length in steps has no field; then the form's own stays. */
function fieldsOf(training: NonNullable<Recipe["training"]>): Partial<TrainingForm> {
  const { length, augmentation, schedule } = training;
  return {
    ...("epochs" in length ? { length: "epochs", epochs: String(length.epochs) } : {}),
    batchSize: String(training.batchSize),
    learningRate: String(training.learningRate),
    schedule: schedule.kind,
    momentum: String(training.momentum),
    weightDecay: String(training.weightDecay),
    pad: String(augmentation.pad),
    flip: augmentation.flip,
  };
}
