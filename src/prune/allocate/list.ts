/**
 * @file A number or a share for each layer by name, as papers print their pruned networks (Li et al.
 * 2017, §4; Liu et al. 2017, the compact VGGNet). Layers that are not named stay whole. Which channels stay is
 * still the criterion's affair: its lowest go.
 *
 * A share keeps ⌊n · (1 − p)⌋ as in `uniform.ts`, rounded like any width, and where a guard holds the plan
 * says so. A number is meant literally: what cannot be kept, or would be rounded to another number, is
 * refused before anything is planned.
 */
import { AppError, known } from "../../core/index.ts";
import { keptAfter, outOfReach, planRemoval, removeCounts } from "../cut.ts";
import { groupNamed, type Group, type GroupId } from "../groups.ts";
import type { Line } from "../lines.ts";
import type { Plan } from "../plan.ts";
import type { PreparedPruning, PruneOptions, SpareReason } from "../prepare.ts";
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
 * @throws prune/unknown-group, prune/bad-ratio, prune/out-of-reach and prune/bad-allocation naming the
 *   layer, what was asked and what is possible
 */
export function planList(prepared: PreparedPruning, { layers }: List): Plan {
  const { lines, criterion } = prepared;
  const counts = countsOf(prepared, layers, "list");
  const removal = removeCounts(
    lines,
    lines.map((_, i) => counts.get(i)?.gone ?? 0),
  );
  const asked = lines.map((_, i) => counts.get(i)?.asked ?? 0);
  return planRemoval(lines, removal, { criterion, requested: shareOf(prepared, asked) });
}

/** How many channels of a line go. */
export interface Count {
  readonly asked: number;
  /** From the front of the line, before widths are rounded; that makes what was asked of it. */
  readonly gone: number;
}

/**
 * What is asked of the lines that are named, by their index.
 * @param where — what names them, for the message
 * @throws as `planList` does
 */
export function countsOf(
  prepared: PreparedPruning,
  layers: List["layers"],
  where: string,
): ReadonlyMap<number, Count> {
  const { table, lines, options } = prepared;
  const indexOf = new Map(lines.map(({ id }, index) => [id, index]));
  const counts = new Map<number, Count>();
  const named = new Map<string, string>();
  for (const [name, entry] of Object.entries(layers)) {
    const place = `${where} › ${name}`;
    const group = groupNamed(table, name);
    const index = indexOf.get(group.id);
    if (index === undefined) throw spared(prepared, group, place);
    const before = named.get(group.id);
    if (before !== undefined) {
      throw outOfReach(place, "each group once", `${before} too, which goes with it`);
    }
    named.set(group.id, name);
    counts.set(index, countFor(place, entry, known(lines[index], "line"), options));
  }
  return counts;
}

function countFor(where: string, entry: Entry, line: Line, { rounding }: PruneOptions): Count {
  const { size, least } = line;
  if ("ratio" in entry) {
    checkRatio(entry.ratio, where);
    const gone = size - keptOfSize(size, entry.ratio);
    return { asked: gone, gone };
  }
  const { keep } = entry;
  if (!(Number.isInteger(keep) && keep >= least && keep <= size)) {
    throw outOfReach(
      where,
      `a whole number of channels to keep from ${least} to ${size}`,
      String(keep),
      "keep a number in that range",
    );
  }
  const widths = widthsOf(line);
  const gone = widths.indexOf(keep);
  if (gone >= 0) return { asked: size - keep, gone };
  const nearest = [
    widths.find((width) => width < keep),
    widths.findLast((width) => width > keep),
  ].filter((width) => width !== undefined);
  const possible = nearest.join(" or ");
  throw new AppError("prune/bad-allocation", {
    where,
    expected: `${possible} channels to keep, as widths are rounded to multiples of ${rounding?.to}`,
    found: String(keep),
    hint: `keep ${possible}, or do not round`,
  });
}

/** The numbers of channels that a list can ask for of a group, ascending; none where it takes no part. */
export function widthsIn({ lines }: PreparedPruning, id: GroupId): readonly number[] {
  const line = lines.find((one) => one.id === id);
  return line === undefined ? [] : [...new Set(widthsOf(line))].reverse();
}

/** How many channels a line can keep, rounded: when 0, 1, 2, … are to go. Never rising. */
function widthsOf(line: Line): readonly number[] {
  return Array.from({ length: line.size - line.least + 1 }, (_, gone) => keptAfter(line, gone));
}

const REASONS: Readonly<Record<SpareReason, readonly [is: string, hint: string]>> = {
  fixed: ["cannot be cut: it is the image's, the answer's or weighed against its peers", ""],
  locked: ["is locked", "unlock it"],
  stream: ["is a residual stream, and streams are kept", "let streams be pruned"],
  unscored: ["has no score by this criterion", "choose another criterion"],
};

function spared({ spared: reasons }: PreparedPruning, { id }: Group, place: string) {
  const [is, hint] = REASONS[reasons.get(id) ?? "unscored"];
  const advice = hint === "" ? "leave it out" : `${hint}, or leave it out`;
  return outOfReach(place, "a group that takes part", `one that ${is}`, advice);
}
