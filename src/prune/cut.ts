/**
 * @file From "so many of each line go" to a plan. Every allocation ends here: guards have been heeded
 * by where the lines end, widths are rounded, and what stays is written down. One pass over the
 * channels, as it happens at every position of the slider.
 */
import { AppError, known } from "../core/index.ts";
import type { Kept } from "../model/index.ts";
import type { Allocated } from "./allocate/allocation.ts";
import type { ThresholdMode } from "./allocate/global-threshold.ts";
import type { GroupId } from "./groups.ts";
import type { Line, LineRounding } from "./lines.ts";
import type { Plan } from "./plan.ts";
import { roundWidth } from "./rounding.ts";

/** What goes, by line. */
export interface Removal {
  /** How many channels, from the front of each line; at most what is not protected. */
  readonly gone: Int32Array;
  /** 1 where more was asked for than the guard gives. */
  readonly isGuarded: Uint8Array;
}

/** What a plan says of how it was made. */
export interface Saying {
  readonly criterion: string;
  readonly mode?: ThresholdMode | undefined;
  readonly requested: number;
  /** No channel that goes scores more, as far as the allocation knows; rounding can raise it. */
  readonly threshold?: number | undefined;
  readonly allocation?: Allocated | undefined;
}

/**
 * Whatever stands before a position in its pool.
 * @param below — by pool, how many go from its front
 */
export function removeBelow(lines: readonly Line[], below: readonly number[]): Removal {
  const gone = new Int32Array(lines.length);
  const isGuarded = new Uint8Array(lines.length);
  lines.forEach(({ pool, ranks, size, least }, i) => {
    const limit = known(below[pool], "pool");
    gone[i] = countUnder(ranks, limit, size - least);
    isGuarded[i] = (ranks[size - least] as number) < limit ? 1 : 0;
  });
  return { gone, isGuarded };
}

/** So many of each line, as far as the guard gives them. */
export function removeCounts(lines: readonly Line[], counts: ArrayLike<number>): Removal {
  const gone = Int32Array.from(lines, ({ size, least }, i) =>
    Math.min(counts[i] as number, size - least),
  );
  return { gone, isGuarded: Uint8Array.from(gone, (n, i) => (n < (counts[i] as number) ? 1 : 0)) };
}

/** How many channels all lines have together. */
export function countAll(lines: readonly Line[]): number {
  return lines.reduce((sum, { size }) => sum + size, 0);
}

/** Writes the plan down; cost O(channels). */
export function planRemoval(lines: readonly Line[], removal: Removal, saying: Saying): Plan {
  const kept = new Map<GroupId, Kept>();
  const sizes = new Map<GroupId, number>();
  const guarded: GroupId[] = [];
  let [removed, threshold] = [0, saying.threshold ?? -Infinity];
  lines.forEach((line, i) => {
    const { id, size, places } = line;
    const goes = removal.gone[i] as number;
    const stays =
      line.rounding === undefined
        ? keepFrom(places, goes)
        : keepRounded(places, goes, line.rounding);
    kept.set(id, stays);
    sizes.set(id, size);
    removed += size - stays.length;
    if (saying.threshold === undefined || line.rounding !== undefined) {
      threshold = Math.max(threshold, highestGone(line, stays));
    }
    if (removal.isGuarded[i] === 1) guarded.push(id);
  });
  return {
    criterion: saying.criterion,
    mode: saying.mode ?? "exact",
    requested: saying.requested,
    achieved: removed / countAll(lines),
    threshold: Number.isFinite(threshold) ? threshold : 0,
    kept,
    sizes,
    guarded,
    ...(saying.allocation === undefined ? {} : { allocation: saying.allocation }),
  };
}

/** The channels whose place is `gone` or later, ascending. */
function keepFrom(places: Int32Array, gone: number): Kept {
  // A list of its own length: a view would carry the whole group's buffer across to a worker.
  const kept = new Int32Array(places.length - gone);
  let count = 0;
  for (let channel = 0; channel < places.length; channel++) {
    if ((places[channel] as number) >= gone) kept[count++] = channel;
  }
  return kept;
}

function keepRounded(places: Int32Array, gone: number, rounding: LineRounding): Kept {
  const { partOf, parts } = rounding;
  const widths = widthsAfter(rounding, gone);
  const limits = parts.map(({ places: own }, part) => {
    const width = widths[part] as number;
    return width === 0 ? places.length : (own[own.length - width] as number);
  });
  const kept = new Int32Array(sumOf(widths));
  let count = 0;
  for (let channel = 0; channel < places.length; channel++) {
    if ((places[channel] as number) >= (limits[partOf[channel] as number] as number)) {
      kept[count++] = channel;
    }
  }
  return kept;
}

/** How wide each part of a line becomes when so many channels are to go from its front. */
function widthsAfter({ how, parts }: LineRounding, gone: number): readonly number[] {
  return parts.map(({ places, least, step }) => {
    const size = places.length;
    return roundWidth(size - countUnder(places, gone, size), { step, how }, { least, size });
  });
}

/** How many channels of a line stay when so many are to go from its front: rounding may take or give. */
export function keptAfter({ size, rounding }: Line, gone: number): number {
  return rounding === undefined ? size - gone : sumOf(widthsAfter(rounding, gone));
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The largest score that goes; −∞ where none does. */
function highestGone({ places, scores, size }: Line, kept: Kept): number {
  const stays = new Uint8Array(size);
  for (const channel of kept) stays[places[channel] as number] = 1;
  let highest = -Infinity;
  for (let place = 0; place < size; place++) {
    if (stays[place] === 0) highest = Math.max(highest, scores[place] as number);
  }
  return highest;
}

/** How many of the first `length` ascending values are below `limit`. */
function countUnder(values: Int32Array, limit: number, length: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The share of `size` channels as a number of them, ⌊size · ratio⌋; the slack forgives
 * 0.29 · 100 = 28.999999999999996.
 */
export function countOf(size: number, ratio: number): number {
  return Math.floor(size * ratio + 1e-9);
}

/** @throws prune/out-of-reach naming the group, what was asked and what is possible */
export function outOfReach(
  where: string,
  possible: string,
  asked: string,
  hint?: string,
): AppError {
  return new AppError("prune/out-of-reach", {
    where,
    expected: possible,
    found: asked,
    ...(hint === undefined ? {} : { hint }),
  });
}
