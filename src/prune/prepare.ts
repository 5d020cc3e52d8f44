/**
 * @file What the page holds while a person drags the ratio. Everything that does not depend on the
 * ratio is done once (groups, scores, sorting, guards, marks); a slider position is then one pass over
 * the channels, and its cost one over the nodes. Plain functions over a plain value.
 */
import { AppError, known } from "../core/index.ts";
import type { Kept, Network } from "../model/index.ts";
import {
  checkRatio,
  countBelow,
  rankScores,
  type Ranking,
  type ThresholdMode,
} from "./allocate/global-threshold.ts";
import { prepareCost, planCost, type CostTable, type PlanCost } from "./cost.ts";
import type { Scores } from "./criteria/criterion.ts";
import { criterionNamed } from "./criteria/index.ts";
import { findGap, type Gap } from "./gap.ts";
import { findGroups, type Group, type GroupId, type GroupTable } from "./groups.ts";
import { guardLayers, type Guards } from "./guards.ts";
import type { Plan } from "./plan.ts";

export interface PruneOptions {
  /**
   * What becomes of residual streams, where one cut goes through many layers: Network Slimming keeps
   * them, which is the default; "prune" ranks them with the others.
   */
  readonly streams?: "keep" | "prune";
  /** Share of each layer's channels that stays at any ratio, in [0, 1]; 0, where one channel stays. */
  readonly minimumShare?: number;
}

/** Why a group takes no part: it may not, it is a stream, or the criterion has no opinion on it. */
export type SpareReason = "fixed" | "stream" | "unscored";

export interface PreparedPruning {
  readonly table: GroupTable;
  readonly criterion: string;
  /** Of the groups that take part, in forward order. */
  readonly scores: Scores;
  /** The groups that take no part. */
  readonly spared: ReadonlyMap<GroupId, SpareReason>;
  /** `ranking.sorted` is what a histogram and a threshold line are drawn from. */
  readonly ranking: Ranking;
  readonly guards: Guards;
  readonly costs: CostTable;
  /** The largest ratio at which no guard holds yet (thr_safe of METHODS C2, as a ratio). */
  readonly guardRatio: number;
  /** The gap between dead and living channels, when there is a clear one. */
  readonly gap: Gap | undefined;
}

/** A slider position. */
export interface RatioRequest {
  /** In [0, 1). */
  readonly ratio: number;
  /** "exact" unless said otherwise. */
  readonly mode?: ThresholdMode;
}

/**
 * Scores a network and readies it for any ratio.
 * @throws prune/unknown-criterion, prune/nothing-to-prune, prune/bad-ratio, files/not-finite
 */
export function preparePruning(
  network: Network,
  criterion: string,
  options: PruneOptions = {},
): PreparedPruning {
  const table = findGroups(network);
  return prepareScores(table, criterion, criterionNamed(criterion).score(network, table), options);
}

/**
 * The same from scores that are already there.
 * @param criterion — the name that plans will carry
 * @throws prune/nothing-to-prune, prune/bad-ratio, files/not-finite
 */
export function prepareScores(
  table: GroupTable,
  criterion: string,
  scores: Scores,
  { streams = "keep", minimumShare = 0 }: PruneOptions = {},
): PreparedPruning {
  const taking = new Map<GroupId, Float64Array>();
  const spared = new Map<GroupId, SpareReason>();
  for (const group of table.groups) {
    const own = scores.get(group.id);
    if (group.fixed) spared.set(group.id, "fixed");
    else if (own === undefined) spared.set(group.id, "unscored");
    else if (group.stream && streams === "keep") spared.set(group.id, "stream");
    else taking.set(group.id, own);
  }
  if (taking.size === 0) {
    throw new AppError("prune/nothing-to-prune", {
      where: table.graph.name,
      expected: `groups that ${criterion} can score`,
      found: "none",
    });
  }
  const ranking = rankScores(table, taking);
  const guards = guardLayers(table, ranking, minimumShare);
  return {
    table,
    criterion,
    scores: taking,
    spared,
    ranking,
    guards,
    costs: prepareCost(table),
    guardRatio: known(guards.positions[0], "guarded channel") / ranking.sorted.length,
    gap: findGap(ranking.sorted),
  };
}

/**
 * The plan at a slider position; cost O(channels).
 * @throws prune/bad-ratio
 */
export function planAt(prepared: PreparedPruning, request: RatioRequest): Plan {
  const { table, ranking, guards, scores } = prepared;
  const { ratio, mode = "exact" } = request;
  const below = countBelow(ranking, ratio, mode);
  const kept = new Map<GroupId, Kept>();
  const guarded: GroupId[] = [];
  let removed = 0;
  for (const id of scores.keys()) {
    const group = known(table.byId.get(id), id);
    const cut = cutGroup(group, ranking, guards, below);
    kept.set(id, cut.kept);
    removed += group.size - cut.kept.length;
    if (cut.isGuarded) guarded.push(id);
  }
  return {
    criterion: prepared.criterion,
    mode,
    requested: ratio,
    achieved: removed / ranking.sorted.length,
    threshold: below === 0 ? 0 : known(ranking.sorted[below - 1], "threshold"),
    kept,
    sizes: sizesOf(table, kept),
    guarded,
  };
}

/**
 * The plan that cuts one group alone: its ⌊size · ratio⌋ lowest channels, guards permitting. What a
 * sensitivity curve is made of.
 * @throws prune/bad-ratio, prune/plan-mismatch when the group takes no part
 */
export function planGroupAt(prepared: PreparedPruning, id: GroupId, ratio: number): Plan {
  checkRatio(ratio);
  const { table, ranking, guards } = prepared;
  const group = table.byId.get(id);
  if (group === undefined || !prepared.scores.has(id)) {
    throw new AppError("prune/plan-mismatch", {
      where: `plan › ${id}`,
      expected: "a group that takes part in pruning",
      found: group === undefined ? "no such group" : (prepared.spared.get(id) ?? "another"),
    });
  }
  const line = ranking.rank.slice(group.start, group.start + group.size).sort();
  const count = Math.floor(group.size * ratio);
  const below = count === 0 ? 0 : known(line[count - 1], "place") + 1;
  const { kept, isGuarded } = cutGroup(group, ranking, guards, below);
  return {
    criterion: prepared.criterion,
    mode: "exact",
    requested: ratio,
    achieved: 1 - kept.length / group.size,
    threshold: below === 0 ? 0 : known(ranking.sorted[below - 1], "threshold"),
    kept: new Map([[id, kept]]),
    sizes: new Map([[id, group.size]]),
    guarded: isGuarded ? [id] : [],
  };
}

/**
 * The cost of a plan on the prepared network; cost O(channels + nodes).
 * @throws prune/plan-mismatch
 */
export function costAt(prepared: PreparedPruning, plan: Plan): PlanCost {
  return planCost(prepared.costs, plan);
}

/** What is left of a group when the first `below` of the line go. */
function cutGroup(
  { start, size }: Group,
  { rank }: Ranking,
  { isProtected }: Guards,
  below: number,
): { readonly kept: Kept; readonly isGuarded: boolean } {
  const kept = new Int32Array(size);
  let [count, held] = [0, 0];
  for (let i = 0; i < size; i++) {
    const isAbove = (rank[start + i] as number) >= below;
    if (!isAbove && isProtected[start + i] !== 1) continue;
    if (!isAbove) held++;
    kept[count++] = i;
  }
  // A copy of its own length: a view would carry the whole group's buffer across to a worker.
  return { kept: kept.slice(0, count), isGuarded: held > 0 };
}

function sizesOf(table: GroupTable, kept: ReadonlyMap<GroupId, Kept>): Map<GroupId, number> {
  const sizes = new Map<GroupId, number>();
  for (const id of kept.keys()) sizes.set(id, known(table.byId.get(id), id).size);
  return sizes;
}
