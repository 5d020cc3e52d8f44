/**
 * @file What the page holds while a person drags the ratio. Everything that does not depend on the
 * ratio is done once (groups, scores, sorting, guards, marks); a slider position is then one pass over
 * the channels, and its cost one over the nodes. Plain functions over a plain value.
 */
import { AppError, known } from "../core/index.ts";
import type { Network } from "../model/index.ts";
import { checkRatio, countBelow, type GlobalThreshold } from "./allocate/global-threshold.ts";
import { checkScoring, type Scoring } from "./allocate/greedy.ts";
import { prepareCost, planCost, type CostTable, type PlanCost } from "./cost.ts";
import type { Scores } from "./criteria/criterion.ts";
import type { Evidence } from "./criteria/evidence.ts";
import { readCriterion } from "./criteria/index.ts";
import { scoreSubject } from "./criteria/score.ts";
import { countOf, planRemoval, removeBelow, removeCounts, type Saying } from "./cut.ts";
import { findGap, type Gap } from "./gap.ts";
import { findGroups, findLayers, groupNamed, type GroupId, type GroupTable } from "./groups.ts";
import { checkShare } from "./guards.ts";
import { lineUp, type Line } from "./lines.ts";
import type { Plan } from "./plan.ts";
import { rankScores, type Ranking } from "./ranking.ts";
import { checkRounding, type Rounding } from "./rounding.ts";
import { poolNames, type Scope } from "./scope.ts";
import { decideByShortcut, type StreamDecider } from "./streams.ts";

export interface PruneOptions {
  /**
   * What becomes of residual streams, where one cut goes through many layers: Network Slimming keeps
   * them, which is the default; "prune" ranks them with the others. "select" keeps them on a network
   * that `selectAtReaders` has made ready, whose readers can be cut instead.
   */
  readonly streams?: Streams | undefined;
  /** Whose scores a stream goes by when it is pruned: "closure" unless said otherwise. */
  readonly decider?: StreamDecider | undefined;
  /** Share of each layer's channels that stays at any ratio, in [0, 1]; 0, where one channel stays. */
  readonly minimumShare?: number | undefined;
  /** Whose channels are ranked against each other; "global". */
  readonly scope?: Scope | undefined;
  /** What widths are multiples of; as they come. */
  readonly rounding?: Rounding | undefined;
  /** Layers that are left alone, with all that goes together with them; none. */
  readonly locked?: readonly string[] | undefined;
  /**
   * Whether a filter is scored whole or without the inputs that went before it; "independent". Only
   * `planAllocation` can heed "greedy", as it is no question of one ratio.
   */
  readonly scoring?: Scoring | undefined;
}

export type Streams = "keep" | "select" | "prune";

export const STREAMS: readonly Streams[] = ["keep", "select", "prune"];

/**
 * Why a group takes no part: it may not, a person locked it, it is a stream, or the criterion has no
 * opinion on it.
 */
export type SpareReason = "fixed" | "locked" | "stream" | "unscored";

export interface PreparedPruning {
  readonly table: GroupTable;
  readonly criterion: string;
  readonly options: PruneOptions;
  /** All that the criterion scored, whether it takes part or not. */
  readonly allScores: Scores;
  /** Of the groups that take part, in forward order. */
  readonly scores: Scores;
  /** The groups that take no part. */
  readonly spared: ReadonlyMap<GroupId, SpareReason>;
  /** `ranking.sorted` is what a histogram and a threshold line are drawn from. */
  readonly ranking: Ranking;
  /** The channels of each group that takes part, in the order in which they go; in forward order. */
  readonly lines: readonly Line[];
  readonly costs: CostTable;
  /** The gap between dead and living channels, when there is a clear one; see `safe-ratio.ts`. */
  readonly gap: Gap | undefined;
}

/** A slider position. */
export type RatioRequest = Omit<GlobalThreshold, "kind">;

/**
 * Scores a network and readies it for any ratio.
 * @param criterion — a name with its options, such as `lp:p=3`
 * @param evidence — for criteria that judge by what was measured
 * @throws prune/unknown-criterion, prune/bad-option, prune/needs-images, prune/nothing-to-prune,
 *   prune/bad-ratio, prune/bad-allocation, prune/unknown-group, files/not-finite
 */
export function preparePruning(
  network: Network,
  criterion: string,
  options: PruneOptions = {},
  evidence?: Evidence,
): PreparedPruning {
  const chosen = readCriterion(criterion);
  checkScoring(chosen, options);
  const scoresIn = (table: GroupTable): Scores =>
    scoreSubject({ network, table, evidence }, chosen, "ranking");
  const table = findGroups(network);
  const scores = scoresIn(table);
  if (options.streams !== "prune" || options.decider !== "shortcut") {
    return prepareScores(table, chosen.text, scores, options);
  }
  const layers = findLayers(network);
  const alone = { table: layers, scores: scoresIn(layers) };
  return prepareScores(table, chosen.text, decideByShortcut(table, scores, alone), options);
}

/**
 * The same from scores that are already there.
 * @param criterion — the name that plans will carry
 * @throws prune/nothing-to-prune, prune/bad-ratio, prune/bad-allocation, prune/unknown-group,
 *   files/not-finite
 */
export function prepareScores(
  table: GroupTable,
  criterion: string,
  allScores: Scores,
  options: PruneOptions = {},
): PreparedPruning {
  const { minimumShare = 0, scope = "global", rounding = { to: 1 } } = options;
  checkShare(minimumShare);
  checkRounding(rounding);
  const { scores, spared } = partakers(table, allScores, options);
  if (scores.size === 0) {
    throw new AppError("prune/nothing-to-prune", {
      where: table.graph.name,
      expected: `groups that ${criterion} can score`,
      found: "none",
      ...([...spared.values()].includes("locked") ? { hint: "unlock a layer" } : {}),
    });
  }
  const ranking = rankScores(table, scores, poolNames(table, scope));
  const lines = [...scores].map(([id, own]) => {
    const group = known(table.byId.get(id), id);
    const pool = ranking.poolOf[group.start] as number;
    const order = { rank: ranking.rank, pool, scores: own };
    return lineUp(table, group, order, { minimumShare, rounding });
  });
  return {
    table,
    criterion,
    options,
    allScores,
    scores,
    spared,
    ranking,
    lines,
    costs: prepareCost(table),
    gap: findGap(ranking.sorted),
  };
}

/** Who takes part, and why the others do not. */
function partakers(
  table: GroupTable,
  allScores: Scores,
  { streams = "keep", locked = [] }: PruneOptions,
) {
  const locks = new Set(locked.map((name) => groupNamed(table, name).id));
  const scores = new Map<GroupId, Float64Array>();
  const spared = new Map<GroupId, SpareReason>();
  for (const group of table.groups) {
    const own = allScores.get(group.id);
    if (group.fixed) spared.set(group.id, "fixed");
    else if (own === undefined) spared.set(group.id, "unscored");
    else if (group.stream && streams !== "prune") spared.set(group.id, "stream");
    else if (locks.has(group.id)) spared.set(group.id, "locked");
    else scores.set(group.id, own);
  }
  return { scores, spared };
}

/**
 * The plan at a slider position; cost O(channels).
 * @throws prune/bad-ratio
 */
export function planAt(prepared: PreparedPruning, request: RatioRequest): Plan {
  const { ratio, mode = "exact" } = request;
  const below = prepared.ranking.pools.map((pool) => countBelow(pool, ratio, mode));
  const allocation = { ...prepared.options, kind: "global-threshold", ratio, mode } as const;
  return planBelow(prepared, below, { mode, requested: ratio, allocation });
}

/**
 * The plan that takes the front of each pool.
 * @param below — by pool, how many go
 */
export function planBelow(
  { lines, criterion, ranking }: PreparedPruning,
  below: readonly number[],
  saying: Omit<Saying, "criterion" | "threshold">,
): Plan {
  const highest = below.map((count, pool) => ranking.pools[pool]?.sorted[count - 1] ?? -Infinity);
  const threshold = Math.max(...highest);
  return planRemoval(lines, removeBelow(lines, below), { criterion, threshold, ...saying });
}

/**
 * The plan that cuts one group alone: its ⌊size · ratio⌋ lowest channels, guards permitting. What a
 * sensitivity curve is made of.
 * @throws prune/bad-ratio, prune/plan-mismatch when the group takes no part
 */
export function planGroupAt(prepared: PreparedPruning, id: GroupId, ratio: number): Plan {
  checkRatio(ratio);
  const line = prepared.lines.find((candidate) => candidate.id === id);
  if (line === undefined) {
    const isThere = prepared.table.byId.has(id);
    throw new AppError("prune/plan-mismatch", {
      where: `plan › ${id}`,
      expected: "a group that takes part in pruning",
      found: isThere ? (prepared.spared.get(id) ?? "another") : "no such group",
    });
  }
  const lines = [line];
  const removal = removeCounts(lines, [countOf(line.size, ratio)]);
  const { criterion } = prepared;
  return planRemoval(lines, removal, { criterion, requested: ratio });
}

/**
 * The cost of a plan on the prepared network; cost O(channels + nodes).
 * @throws prune/plan-mismatch
 */
export function costAt(prepared: PreparedPruning, plan: Plan): PlanCost {
  return planCost(prepared.costs, plan);
}
