/**
 * @file A number or a share for each layer by name, as papers print their pruned networks (Li et al.
 * 2017, §4; Liu et al. 2017, the compact VGGNet). Layers that are not named stay whole. Which channels stay is
 * still the criterion's affair: its lowest go.
 *
 * A share keeps ⌊n · (1 − p)⌋ as in `uniform.ts`, and where a guard holds the plan says so. A number is
 * meant literally: what cannot be kept is refused, before anything is planned.
 */
import { known } from "../../core/index.ts";
import { outOfReach, planRemoval, removeCounts } from "../cut.ts";
import { groupNamed, type Group } from "../groups.ts";
import type { Plan } from "../plan.ts";
import type { PreparedPruning, SpareReason } from "../prepare.ts";
import { checkRatio } from "./global-threshold.ts";
import { keptOfSize, shareOf } from "./uniform.ts";

/** What becomes of one layer. */
export type Entry =
  /** Share that goes, in [0, 1). */
  | { readonly ratio: number }
  /** Channels that stay. */
  | { readonly keep: number };

export interface List {
  readonly kind: "list";
  /** By the name of the group, or of any of its layers. */
  readonly layers: Readonly<Record<string, Entry>>;
}

/**
 * Plans what the list says.
 * @throws prune/unknown-group, prune/bad-ratio, prune/out-of-reach naming the layer, what was asked and
 *   what is possible
 */
export function planList(prepared: PreparedPruning, list: List): Plan {
  const { lines, criterion } = prepared;
  const counts = listCounts(prepared, list);
  const removal = removeCounts(lines, counts);
  return planRemoval(lines, removal, { criterion, requested: shareOf(prepared, counts) });
}

/** How many channels of each line the list asks to go. */
export function listCounts(prepared: PreparedPruning, { layers }: List): readonly number[] {
  const { table, lines } = prepared;
  const indexOf = new Map(lines.map(({ id }, index) => [id, index]));
  const counts = lines.map(() => 0);
  const named = new Map<string, string>();
  for (const [name, entry] of Object.entries(layers)) {
    const group = groupNamed(table, name);
    const index = indexOf.get(group.id);
    if (index === undefined) throw spared(prepared, group, name);
    const before = named.get(group.id);
    if (before !== undefined) {
      throw outOfReach(`list › ${name}`, "each group once", `${before} too, which goes with it`);
    }
    named.set(group.id, name);
    counts[index] = countFor(name, entry, known(lines[index], "line"));
  }
  return counts;
}

function countFor(
  name: string,
  entry: Entry,
  { size, least }: { readonly size: number; readonly least: number },
): number {
  if ("ratio" in entry) {
    checkRatio(entry.ratio, `list › ${name}`);
    return size - keptOfSize(size, entry.ratio);
  }
  const { keep } = entry;
  if (Number.isInteger(keep) && keep >= least && keep <= size) return size - keep;
  throw outOfReach(
    `list › ${name}`,
    `a whole number of channels to keep from ${least} to ${size}`,
    String(keep),
    "keep a number in that range",
  );
}

const REASONS: Readonly<Record<SpareReason, readonly [is: string, hint: string]>> = {
  fixed: ["cannot be cut: it is the image's, the answer's or weighed against its peers", ""],
  locked: ["is locked", "unlock it"],
  stream: ["is a residual stream, and streams are kept", "let streams be pruned"],
  unscored: ["has no score by this criterion", "choose another criterion"],
};

function spared({ spared: reasons }: PreparedPruning, { id }: Group, name: string) {
  const [is, hint] = REASONS[reasons.get(id) ?? "unscored"];
  const advice = hint === "" ? "leave it out of the list" : `${hint}, or leave it out of the list`;
  return outOfReach(`list › ${name}`, "a group that takes part", `one that ${is}`, advice);
}
