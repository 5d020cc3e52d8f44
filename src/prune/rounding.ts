/**
 * @file Widths in steps. Odd widths can be slower than wider ones that fill the machine's vectors
 * (VainF/Torch-Pruning#38), so what stays of a layer can be rounded to a multiple of 4, 8 or 16.
 *
 * Torch-Pruning rounds what stays down and leaves a layer whole that would fall below one step;
 * PaddleSlim rounds to the nearest multiple, at least one. Ours: "nearest" unless said otherwise, a
 * half upward, never below the least multiple that the guard allows, never above the layer itself; a
 * layer too narrow for one step stays whole. A layer of which nothing goes is not touched.
 *
 * Rounding is monotone in what stays, and takes or gives back channels in the order of the line, so
 * plans stay nested.
 *
 * Example: 19 channels in steps of 8: 18 → 16, 13 → 16, 3 → 8, and 19 → 19. "up" makes 17 → 19, as
 * 24 is more than there is.
 */
import { AppError, known } from "../core/index.ts";
import { classesOf, type Group, type GroupTable } from "./groups.ts";

export interface Rounding {
  /** Widths are multiples of this; 1 leaves them as they come. */
  readonly to: number;
  /** "nearest" unless said otherwise. */
  readonly how?: RoundingRule | undefined;
}

export type RoundingRule = "nearest" | "down" | "up";

export const ROUNDING_RULES: readonly RoundingRule[] = ["nearest", "down", "up"];

/** Beyond any vector unit, and a bound on what a setting from outside can ask for. */
const WIDEST_STEP = 1024;

/** @throws prune/bad-allocation */
export function checkRounding({ to }: Rounding): void {
  if (Number.isSafeInteger(to) && to >= 1 && to <= WIDEST_STEP) return;
  throw new AppError("prune/bad-allocation", {
    where: "rounding",
    expected: `a whole number from 1 to ${WIDEST_STEP}, such as 8`,
    found: String(to),
  });
}

/** Channels of a group that the same layers have: what can be rounded on its own. */
export interface Segment {
  /** Within the group, ascending. */
  readonly channels: Int32Array;
  /** What their number should be a multiple of, so that every layer's width is one of `to`. */
  readonly step: number;
}

/**
 * The parts of a group whose widths are rounded. Most groups are one part; of add(concat(a, b), c) the
 * channels of a are one and those of b another. A grouped convolution has every channel once a group,
 * so that with 4 groups 2 channels make a width of 8.
 */
export function segmentsOf(table: GroupTable, group: Group, to: number): readonly Segment[] {
  const { start, size, layers } = group;
  const uses = Array.from({ length: size }, () => new Int32Array(layers.length));
  layers.forEach((layer, l) => {
    for (const c of classesOf(table, layer)) {
      const counts = known(uses[c - start], "channel");
      counts[l] = (counts[l] as number) + 1;
    }
  });
  const bySignature = new Map<string, number[]>();
  uses.forEach((counts, channel) => {
    const signature = counts.join(" ");
    const channels = bySignature.get(signature);
    if (channels === undefined) bySignature.set(signature, [channel]);
    else channels.push(channel);
  });
  return [...bySignature.values()].map((channels): Segment => {
    const counts = known(uses[known(channels[0], "channel")], "channel");
    const step = counts.reduce((s, n) => (n === 0 ? s : leastCommon(s, to / greatest(to, n))), 1);
    return { channels: Int32Array.from(channels), step };
  });
}

/** How wide a part becomes of which so many channels were to stay. */
export function roundWidth(
  kept: number,
  { step, how = "nearest" }: { readonly step: number; readonly how?: RoundingRule | undefined },
  { least, size }: { readonly least: number; readonly size: number },
): number {
  if (kept >= size) return size;
  const steps = ROUND[how](kept / step);
  return Math.min(size, step * Math.max(steps, Math.ceil(least / step)));
}

const ROUND: Readonly<Record<RoundingRule, (value: number) => number>> = {
  nearest: Math.round,
  down: Math.floor,
  up: Math.ceil,
};

function greatest(a: number, b: number): number {
  return b === 0 ? a : greatest(b, a % b);
}

function leastCommon(a: number, b: number): number {
  return (a / greatest(a, b)) * b;
}
