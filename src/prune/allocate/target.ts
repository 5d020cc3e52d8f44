/**
 * @file Straight to a size: the least that must go, by bisection with exact costs. Ours; that is what
 * people ask the neighbours for (IntelLabs/distiller#430).
 *
 * All channels stand in one line: pools advance together, each channel at the share of its own pool
 * that it completes, so that a global scope goes by score and a scope of layers goes evenly. The cost
 * of a prefix never rises with its length (guards and rounding are monotone too), so the shortest
 * prefix that meets the target is found in log₂(channels) steps, and no larger network on this line
 * meets it.
 *
 * Example: pools A of 2 and B of 4 channels → the line is B, A and B (half of each), B, A and B, the
 * earlier pool first at equal shares.
 */
import { AppError } from "../../core/index.ts";
import type { Cost } from "../../model/index.ts";
import { outOfReach } from "../cut.ts";
import type { Plan } from "../plan.ts";
import { costAt, planBelow, prepareScores, type PreparedPruning } from "../prepare.ts";
import type { Pool } from "../ranking.ts";
import { hasByHand, withByHand, type ByHand } from "./by-hand.ts";

export type CostKind = keyof Cost;

export const COST_KINDS: readonly CostKind[] = ["parameters", "macs", "bytes"];

/** How small the network is to become. */
export type Goal =
  /** As a share of the whole network, in (0, 1]. */
  | { readonly of: CostKind; readonly share: number }
  /** As a number. */
  | { readonly of: CostKind; readonly most: number };

export type Target = { readonly kind: "target" } & Goal;

/**
 * The plan that takes the fewest channels to meet the goal, beside what is set by hand.
 * @throws prune/bad-allocation, prune/out-of-reach with what is possible and what stands in the way
 */
export function planTarget(prepared: PreparedPruning, goal: Goal & ByHand): Plan {
  const { pools, sorted } = prepared.ranking;
  const most = mostOf(prepared, goal);
  const line = mergePools(pools);
  const planAfter = (count: number): Plan =>
    planBelow(prepared, countByPool(line, count, pools.length), {
      mode: "exact",
      requested: count / sorted.length,
    });
  const fits = (plan: Plan): boolean =>
    costAt(prepared, withByHand(prepared, plan, goal.byHand))[goal.of] <= most;
  const smallest = planAfter(sorted.length);
  if (!fits(smallest)) throw tooSmall(prepared, goal, most);
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(planAfter(middle))) high = middle;
    else low = middle + 1;
  }
  return planAfter(low);
}

/**
 * What the goal allows, in its own unit.
 * @throws prune/bad-allocation
 */
export function mostOf({ costs }: PreparedPruning, goal: Goal): number {
  if (!("share" in goal)) {
    if (Number.isFinite(goal.most) && goal.most >= 0) return goal.most;
    throw badGoal(goal.of, "a number from 0", goal.most);
  }
  if (!(goal.share > 0 && goal.share <= 1)) {
    throw badGoal(goal.of, "a share above 0, up to 1", goal.share);
  }
  return goal.share * costs.whole[goal.of];
}

function badGoal(of: CostKind, expected: string, found: number): AppError {
  return new AppError("prune/bad-allocation", {
    where: `target › ${of}`,
    expected,
    found: String(found),
  });
}

/** Position → pool, in the order in which channels go when pools advance together. */
function mergePools(pools: readonly Pool[]): Int32Array {
  const total = pools.reduce((sum, { order }) => sum + order.length, 0);
  const [shares, pool] = [new Float64Array(total), new Int32Array(total)];
  let next = 0;
  pools.forEach(({ order }, index) => {
    for (let i = 1; i <= order.length; i++) {
      shares[next] = i / order.length;
      pool[next++] = index;
    }
  });
  const positions = Int32Array.from({ length: total }, (_, i) => i);
  if (pools.length > 1) positions.sort((a, b) => (shares[a] as number) - (shares[b] as number));
  return positions.map((i) => pool[i] as number);
}

/** How many of the first `count` are of each pool. */
function countByPool(line: Int32Array, count: number, pools: number): readonly number[] {
  const counts = Array.from({ length: pools }, () => 0);
  for (let i = 0; i < count; i++) {
    const pool = line[i] as number;
    counts[pool] = (counts[pool] as number) + 1;
  }
  return counts;
}

/** The smallest cost that any plan of these lines has. */
function leastCost(prepared: PreparedPruning, { of, byHand }: Goal & ByHand): number {
  const below = prepared.ranking.pools.map(({ order }) => order.length);
  const smallest = planBelow(prepared, below, { mode: "exact", requested: 1 });
  return costAt(prepared, withByHand(prepared, smallest, byHand))[of];
}

/** Says what is possible, and names the locks that stand in the way. */
function tooSmall(prepared: PreparedPruning, goal: Goal & ByHand, asked: number): AppError {
  const { of } = goal;
  const least = leastCost(prepared, goal);
  const locks = locksInTheWay(prepared, goal, asked);
  if (locks.length > 0) {
    const leave = `guards and the locked ${locks.join(", ")} leave`;
    return missed({ of, least, asked, leave, hint: `unlock ${locks.join(", ")}` });
  }
  const isLocked = [...prepared.spared.values()].includes("locked");
  const what = ["guards", ...(isLocked ? ["locks"] : []), ...(hasByHand(goal) ? [HANDS] : [])];
  const leave = `${what.length > 2 ? `${what.slice(0, -1).join(", ")} and ${HANDS}` : what.join(" and ")} leave`;
  return missed({ of, least, asked, leave });
}

const HANDS = "layers set by hand";

/** The refusal of a goal, in the goal's unit. */
export function missed(facts: {
  readonly of: CostKind;
  /** The smallest cost that is possible, */
  readonly least: number;
  /** what was asked for, */
  readonly asked: number;
  /** and what stands between the two, with its verb. */
  readonly leave: string;
  readonly hint?: string;
}): AppError {
  const { of, least, asked, leave, hint } = facts;
  const unit = of === "macs" ? "MACs" : of;
  const number = (value: number): string => `${Math.floor(value).toLocaleString("en")} ${unit}`;
  const advice = `ask for at least ${number(least)}`;
  return outOfReach(
    `target › ${unit}`,
    `at least ${number(least)}, which is what ${leave}`,
    number(asked),
    hint === undefined ? advice : `${hint}, or ${advice}`,
  );
}

/** The one lock without which the goal could be met, or all of them if only together; else none. */
function locksInTheWay(
  prepared: PreparedPruning,
  goal: Goal & ByHand,
  most: number,
): readonly string[] {
  const { table, criterion, allScores, options, spared } = prepared;
  const locked = [...spared].filter(([, reason]) => reason === "locked").map(([id]) => id);
  const isMetWithout = (ids: readonly string[]): boolean => {
    const rest = locked.filter((id) => !ids.includes(id));
    const freer = prepareScores(table, criterion, allScores, { ...options, locked: rest });
    return leastCost(freer, goal) <= most;
  };
  const one = locked.find((id) => isMetWithout([id]));
  if (one !== undefined) return [one];
  return locked.length > 0 && isMetWithout(locked) ? locked : [];
}
