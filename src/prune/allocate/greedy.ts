/**
 * @file Which channels go when those that went before them are taken into account. Li et al. 2017,
 * §3.3: *independent* scoring sums over whole filters; *greedy* scoring, front to back, leaves out the
 * kernels that read channels which are already gone. The two agree wherever nothing was cut before.
 *
 * How many go is settled first, by any allocation; only the choice is made again, so a plan costs the
 * same either way. A stream is decided where it first opens, by the mean over its layers: what feeds the
 * later ones is still whole then (ours; the paper prunes no streams this way).
 *
 * Example: filters over two inputs [1, 9] and [3, 2]: independent drops the second (10 > 5); when input
 * 1 is gone, greedy drops the first (1 < 3).
 */
import { AppError, channelsOf, known } from "../../core/index.ts";
import {
  factsOfNode,
  tensorName,
  type Kept,
  type Network,
  type NodeName,
} from "../../model/index.ts";
import { planRemoval, removeCounts } from "../cut.ts";
import { classesOf, type Group, type GroupTable } from "../groups.ts";
import { lineUp } from "../lines.ts";
import { positionsOf, type Plan } from "../plan.ts";
import type { PreparedPruning } from "../prepare.ts";
import { rankScores } from "../ranking.ts";

export type Scoring = "independent" | "greedy";

export const SCORINGS: readonly Scoring[] = ["independent", "greedy"];

/**
 * The scores of a layer's output channels when only these of its input channels are left; nothing for
 * a layer that has no filters.
 */
export type ScoreGiven = (layer: NodeName, keptInputs: Kept) => Float64Array | undefined;

/**
 * Chooses anew, with as many channels of each group as the plan takes.
 * @throws prune/nothing-to-prune when a group has no filters to score
 */
export function planGreedily(prepared: PreparedPruning, plan: Plan, scoreOf: ScoreGiven): Plan {
  const { table, lines, options } = prepared;
  const { minimumShare = 0, rounding = { to: 1 } } = options;
  const survives = new Uint8Array(table.classCount).fill(1);
  const single = lines.map(({ id, size }) => {
    const group = known(table.byId.get(id), id);
    const scores = scoreGroup(table, group, survives, scoreOf);
    const { rank } = rankScores(table, new Map([[id, scores]]));
    const line = lineUp(table, group, { rank, pool: 0, scores }, { minimumShare, rounding });
    const count = size - known(plan.kept.get(id), id).length;
    const saying = { criterion: plan.criterion, requested: plan.requested };
    const kept = known(planRemoval([line], removeCounts([line], [count]), saying).kept.get(id), id);
    survives.fill(0, group.start, group.start + size);
    for (const channel of kept) survives[group.start + channel] = 1;
    return [id, kept] as const;
  });
  return { ...plan, kept: new Map(single) };
}

/** The mean over the group's filters, given what is left of their inputs. */
function scoreGroup(
  table: GroupTable,
  { id, start, size, layers }: Group,
  survives: Uint8Array,
  scoreOf: ScoreGiven,
): Float64Array {
  const [sum, votes] = [new Float64Array(size), new Int32Array(size)];
  for (const layer of layers) {
    const [input] = factsOfNode(table.graph, layer).node.inputs;
    if (input === undefined) continue;
    const scores = scoreOf(layer, positionsOf(classesOf(table, input), survives));
    if (scores === undefined) continue;
    classesOf(table, layer).forEach((c, j) => {
      sum[c - start] = (sum[c - start] as number) + (scores[j] as number);
      votes[c - start] = (votes[c - start] as number) + 1;
    });
  }
  if (!votes.includes(0)) return sum.map((total, i) => total / (votes[i] as number));
  throw new AppError("prune/nothing-to-prune", {
    where: id,
    expected: "filters of its own, for greedy scoring",
    found: "channels without filters, as selections are",
    hint: "score independently",
  });
}

/**
 * The scorer behind a criterion, for greedy scoring: l1 alone sums over a filter's kernels one by one.
 * @throws prune/bad-allocation for every other criterion
 */
export function scorerOf(network: Network, criterion: string): ScoreGiven {
  // What a group is divided by does not change its order.
  if (/^l1(:normalise=\w+)?$/.test(criterion)) return filterSums(network);
  throw new AppError("prune/bad-allocation", {
    where: "scoring",
    expected: "the criterion l1, for greedy scoring",
    found: criterion,
    hint: "choose l1, or score independently",
  });
}

/**
 * Li's score: Σ |w| over a filter's kernels for the inputs that are left.
 * @param network — borrowed
 */
export function filterSums(network: Network): ScoreGiven {
  return (layer, keptInputs) => {
    const kernel = network.weights.get(tensorName(layer, "kernel"));
    if (kernel === undefined) return undefined;
    const facts = factsOfNode(network, layer);
    const outputs = channelsOf(facts.shape);
    // A grouped convolution's kernel has but one group's inputs: output j reads from its own group on.
    const width = kernel.shape.at(-2) ?? 0;
    const perGroup = outputs / (channelsOf(known(facts.inputs[0], "input")) / width);
    const isLeft = new Uint8Array(channelsOf(known(facts.inputs[0], "input")));
    for (const channel of keptInputs) isLeft[channel] = 1;
    const sums = new Float64Array(outputs);
    kernel.values.forEach((value, at) => {
      const j = at % outputs;
      const row = Math.floor(at / outputs) % width;
      const input = Math.floor(j / perGroup) * width + row;
      if (isLeft[input] === 1) sums[j] = (sums[j] as number) + Math.abs(value);
    });
    return sums;
  };
}
