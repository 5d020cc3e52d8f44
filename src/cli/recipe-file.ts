/** @file `--recipe FILE` and `--preset NAME`, and JSON from files in general. */
import { AppError } from "../core/index.ts";
import { preset, PRESETS, readRecipe, type Recipe } from "../recipe/index.ts";
import type { Args } from "./args.ts";
import { readPart } from "./open-model.ts";
import { badArgument } from "./refusal.ts";

export const RECIPE_OPTIONS = {
  recipe: { value: "FILE", help: "a recipe in JSON" },
  preset: { value: "NAME", help: "a recipe named after its paper: network-slimming, li-2017, …" },
} as const;

/** All presets, in lines of help. */
export function presetLines(): readonly string[] {
  const width = Math.max(...Object.keys(PRESETS).map(({ length }) => length));
  return Object.values(PRESETS).map(({ name, architecture }) => {
    const what = architecture === undefined ? "for any network" : `for ${architecture}`;
    return `  ${name.padEnd(width)}  ${what}`;
  });
}

/**
 * The recipe that was named, if one was.
 * @throws cli/bad-argument, recipe/*, files/read-failed, files/bad-json
 */
export async function recipeOf(args: Args): Promise<Recipe | undefined> {
  const [file, name] = [args.text("recipe"), args.text("preset")];
  if (file !== undefined && name !== undefined) {
    throw badArgument("--preset", { expected: "either a recipe or a preset", found: "both" });
  }
  if (name !== undefined) return preset(name);
  return file === undefined ? undefined : readRecipeFile(file);
}

/** @throws recipe/*, files/read-failed, files/bad-json */
export async function readRecipeFile(file: string): Promise<Recipe> {
  return readRecipe(await readJson(file), file);
}

/** @throws files/read-failed, files/empty, files/bad-json */
export async function readJson(file: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readPart(file));
  if (text.trim() === "") throw new AppError("files/empty", { where: file });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new AppError("files/bad-json", {
      where: file,
      ...(error instanceof Error ? { found: error.message } : {}),
      hint: "correct the file",
    });
  }
}
