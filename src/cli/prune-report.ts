/**
 * @file What `prune` says of a plan that was carried out: its figures, where a guard held, and the recipe
 * that does the same again. What no recipe can say stands beside it in the report: how it was carried
 * out, the curves, the images that were looked at.
 */
import { costOf, type Network } from "../model/index.ts";
import {
  listKept,
  safeRatios,
  type Manner,
  type Plan,
  type PreparedPruning,
} from "../prune/index.ts";
import { recordRecipe, type Recipe } from "../recipe/index.ts";
import { percent } from "./table.ts";

const costsOf = (network: Network) => {
  const { parameters, macs } = costOf(network);
  return { parameters, macs };
};

/** What docs/command-line.md lists: the cut, where a guard held, how far one can go without harm. */
export function figuresOf(prepared: PreparedPruning, plan: Plan, before: Network, after: Network) {
  const { requested, achieved, threshold, guarded } = plan;
  const { free, guard } = safeRatios(prepared, plan.mode === "reference" ? "reference" : "exact");
  return {
    requested,
    achieved,
    threshold,
    groups: listKept(plan),
    before: costsOf(before),
    after: costsOf(after),
    guarded,
    safe: { free: free ?? null, most: guard ?? null },
  };
}

export type PruneFigures = ReturnType<typeof figuresOf>;

/**
 * How far one can go, in a line.
 * @param hasGap — whether there is a clear gap in the scores
 */
export function showSafe({ free, most }: PruneFigures["safe"], hasGap: boolean): string {
  const none = hasGap ? "every ratio crosses the gap in the scores" : "no clear gap in the scores";
  const gap = free === null ? none : `a gap in the scores at ${percent(free)}`;
  return `${gap}; a guard holds ${most === null ? "at any ratio" : `above ${percent(most)}`}`;
}

/** Where a guard held and what it kept, in a line; nothing where none did. */
export function showGuards({ groups, guarded }: PruneFigures): string | undefined {
  const kept = groups
    .filter(({ name }) => guarded.includes(name))
    .map(({ name, kept: channels }) => ({ name, left: channels.length }));
  if (kept.length === 0) return undefined;
  const isLast = kept.every(({ left }) => left === 1);
  const names = kept.map(({ name, left }) => (isLast ? name : `${name} (${left})`));
  return `a guard kept the last channel${isLast ? "" : "s"} of ${names.join(", ")}`;
}

/**
 * The recipe of what was done: the one that was named, with what flags have made of it.
 * @param name — of the network, when no recipe was named
 */
export function recipeDone(
  recipe: Recipe | undefined,
  name: string,
  plan: Plan,
  { dead }: Manner,
): Recipe {
  const done = recordRecipe(name, { plan, dead });
  if (recipe === undefined) return done;
  const { criterion, allocation } = done;
  return { ...recipe, criterion, allocation, repair: { ...recipe.repair, dead } };
}

/** Notes in the network what was done to it. */
export function signed(
  network: Network,
  plan: Plan,
  from: string,
  { before, after }: PruneFigures,
): Network {
  const { criterion, mode, requested, achieved, threshold } = plan;
  const limit = threshold === undefined ? {} : { threshold };
  const pruned = { from, criterion, mode, requested, achieved, ...limit, before, after };
  const provenance = { ...network.metadata.provenance, pruned };
  return { ...network, metadata: { ...network.metadata, provenance } };
}
