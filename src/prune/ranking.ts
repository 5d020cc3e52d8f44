/**
 * @file Who is ranked with whom: pools of groups, each sorted into one line from which channels go in
 * order. Of equal scores those of an earlier group go first, and within a group those of a higher
 * index, so that of equals the lower index stays. Every plan takes a prefix of each line: plans at
 * rising ratios are nested.
 */
import { AppError } from "../core/index.ts";
import type { Scores } from "./criteria/criterion.ts";
import type { Group, GroupTable } from "./groups.ts";

/** Channels that are ranked against each other, in the order in which they go. */
export interface Pool {
  /** Their scores, ascending. */
  readonly sorted: Float64Array;
  /** Position → class. */
  readonly order: Int32Array;
}

/** All scored channels. */
export interface Ranking {
  /** All scores, ascending, whatever the pools: what a histogram is drawn from. */
  readonly sorted: Float64Array;
  readonly pools: readonly Pool[];
  /** Class → its pool; −1 where the class is not scored. */
  readonly poolOf: Int32Array;
  /** Class → position in its pool; −1 where the class is not scored. */
  readonly rank: Int32Array;
}

/**
 * Sorts all channels; cost O(n log n), once per set of scores.
 * @param poolNamed — groups of one name are ranked together; by default all of them
 * @throws files/not-finite when a score is NaN or infinite
 */
export function rankScores(
  table: GroupTable,
  scores: Scores,
  poolNamed: (group: Group) => string = () => "all",
): Ranking {
  const value = new Float64Array(table.classCount);
  const members = new Map<string, Group[]>();
  // Table order, not the map's: the order of equals must not depend on who made the map.
  for (const group of table.groups) {
    const own = scores.get(group.id);
    if (own === undefined) continue;
    checkFinite(group.id, own);
    value.set(own, group.start);
    const name = poolNamed(group);
    const pool = members.get(name);
    if (pool === undefined) members.set(name, [group]);
    else pool.push(group);
  }
  const pools = [...members.values()].map((groups) => sortPool(groups, value));
  const poolOf = new Int32Array(table.classCount).fill(-1);
  const rank = new Int32Array(table.classCount).fill(-1);
  pools.forEach(({ order }, index) => {
    order.forEach((c, position) => {
      poolOf[c] = index;
      rank[c] = position;
    });
  });
  return { sorted: sortedOf(pools), pools, poolOf, rank };
}

function sortPool(groups: readonly Group[], value: Float64Array): Pool {
  const order = new Int32Array(groups.reduce((sum, { size }) => sum + size, 0));
  let next = 0;
  for (const { start, size } of groups) {
    for (let i = size - 1; i >= 0; i--) order[next++] = start + i;
  }
  // A typed array's sort is stable by specification, so equals stay as they were laid out.
  order.sort((a, b) => (value[a] as number) - (value[b] as number));
  return { sorted: Float64Array.from(order, (c) => value[c] as number), order };
}

function sortedOf(pools: readonly Pool[]): Float64Array {
  const [first, ...others] = pools;
  if (first !== undefined && others.length === 0) return first.sorted;
  const all = new Float64Array(pools.reduce((sum, { sorted }) => sum + sorted.length, 0));
  let next = 0;
  for (const { sorted } of pools) {
    all.set(sorted, next);
    next += sorted.length;
  }
  return all.sort();
}

function checkFinite(group: string, scores: Float64Array): void {
  const bad = scores.findIndex((score) => !Number.isFinite(score));
  if (bad < 0) return;
  throw new AppError("files/not-finite", {
    where: `${group} › score of channel ${bad}`,
    found: String(scores[bad]),
  });
}
