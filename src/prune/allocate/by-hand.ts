/**
 * @file Layers whose number of channels was set by hand, beside any allocation: they keep what was set, and
 * whatever says how many go governs the others. Which channels of a layer stay is still the criterion's
 * affair, guards hold, and what cannot be kept is refused by name, as in a list. Ours.
 *
 * The others are planned as if no hand had been there, so that setting one layer moves no other; only a
 * target of MACs, parameters or bytes takes the hands into account, as it is met by the whole network.
 *
 * Example: a ratio keeps 30, 12 and 5 channels of a, b and c; with b set to 20 it keeps 30, 20 and 5.
 */
import { known } from "../../core/index.ts";
import type { Kept } from "../../model/index.ts";
import { planRemoval, removeCounts } from "../cut.ts";
import type { GroupId } from "../groups.ts";
import type { Plan } from "../plan.ts";
import type { PreparedPruning } from "../prepare.ts";
import { countsOf } from "./list.ts";

/** How many channels of some layers stay: by the name of the group, or of any of its layers. */
export type Widths = Readonly<Record<string, number>>;

export interface ByHand {
  /** Beside whatever else says how many go; none. */
  readonly byHand?: Widths | undefined;
}

export function hasByHand({ byHand }: ByHand): boolean {
  return byHand !== undefined && Object.keys(byHand).length > 0;
}

/**
 * A plan with the layers that were set by hand in their place; the same one where none was. Cost
 * O(groups), but for the first plan of these widths.
 * @throws prune/unknown-group, prune/out-of-reach and prune/bad-allocation naming the layer, what was asked
 *   and what is possible
 */
export function withByHand(
  prepared: PreparedPruning,
  plan: Plan,
  byHand: Widths | undefined,
): Plan {
  if (byHand === undefined) return plan;
  const set = setIn(prepared, byHand);
  if (set.size === 0) return plan;
  const kept = new Map([...plan.kept, ...set]);
  const [total, stays] = [plan.sizes.values(), [...kept.values()].map(({ length }) => length)].map(
    (counts) => [...counts].reduce((sum, count) => sum + count, 0),
  ) as [number, number];
  return {
    ...plan,
    kept,
    achieved: (total - stays) / total,
    guarded: plan.guarded.filter((id) => !set.has(id)),
    ...(plan.allocation === undefined ? {} : { allocation: { ...plan.allocation, byHand } }),
  };
}

/** What stays of each group that was set; a drag asks with the same widths in every frame. */
const SETS = new WeakMap<PreparedPruning, WeakMap<Widths, ReadonlyMap<GroupId, Kept>>>();

function setIn(prepared: PreparedPruning, byHand: Widths): ReadonlyMap<GroupId, Kept> {
  const own = SETS.get(prepared) ?? new WeakMap<Widths, ReadonlyMap<GroupId, Kept>>();
  SETS.set(prepared, own);
  const set = own.get(byHand) ?? keptBy(prepared, byHand);
  own.set(byHand, set);
  return set;
}

function keptBy(prepared: PreparedPruning, byHand: Widths): ReadonlyMap<GroupId, Kept> {
  const entries = Object.entries(byHand).map(([name, keep]) => [name, { keep }] as const);
  const counts = [...countsOf(prepared, Object.fromEntries(entries), "by hand")];
  if (counts.length === 0) return new Map();
  const lines = counts.map(([index]) => known(prepared.lines[index], "line"));
  const removal = removeCounts(
    lines,
    counts.map(([, { gone }]) => gone),
  );
  return planRemoval(lines, removal, { criterion: prepared.criterion, requested: 0 }).kept;
}
