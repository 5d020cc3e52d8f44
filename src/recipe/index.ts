/** @file The door of `recipe`: the experiment as data. */
export { AllocationSchema } from "./allocation.ts";
export { readCurves, readLayers } from "./allocation.ts";
export type { RecipeAllocation } from "./allocation.ts";
export { readLink, writeLink } from "./link.ts";
export type { Link, LinkNetwork } from "./link.ts";
export { preset, PRESETS } from "./presets.ts";
export { readRecipe, TrainingSchema, repairSettings, trainSettings } from "./recipe.ts";
export type { Recipe, TrainingRecipe } from "./recipe.ts";
export { stageName, stagesOf } from "./stages.ts";
export type { Stage } from "./stages.ts";
export { recordMethod, recordRecipe } from "./record.ts";
export type { Doings, RecipeCut } from "./record.ts";
