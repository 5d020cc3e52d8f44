/** @file What the command line has to say about carrying out a plan, and about what it cost. */
import { DEAD_CHANNELS, type Manner, type Surgery } from "../prune/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { Args, OptionSpecs } from "./args.ts";
import { percent } from "./table.ts";

export const SURGERY_OPTIONS: OptionSpecs = {
  dead: {
    value: "zero|absorb",
    help: "drop what removed channels still say, or let their readers take it over; zero",
  },
  mask: { help: "write zeros in place of cutting, in the shapes of MODEL" },
};

/**
 * How a plan is carried out: by a cut, or by a mask where `--mask` says so.
 * @throws cli/bad-argument
 */
export function mannerOf(args: Args, recipe: Recipe | undefined): Manner {
  const dead = args.choice("dead", DEAD_CHANNELS) ?? recipe?.repair.dead ?? "zero";
  return { kind: args.has("mask") ? "mask" : "cut", dead };
}

/** A line for each reader that took something over, where it is wrong somewhere. */
export function showAbsorbed({ absorbed }: Surgery): string[] {
  return absorbed.map(({ layer, channels, shift, into, touched, error }) => {
    const what = `${layer}: ${channels} ${channels === 1 ? "channel" : "channels"} absorbed, at most ${shift.toPrecision(3)}`;
    if (into === "nothing") return `${what}, which nothing behind it could take up`;
    return error === 0
      ? `${what}, exactly`
      : `${what}, off by at most ${error.toPrecision(3)} on ${percent(touched)} of its map`;
  });
}
