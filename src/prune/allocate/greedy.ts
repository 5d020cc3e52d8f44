/**
 * @file Which channels go when those that went before them are taken into account. Li et al. 2017,
 * §3.3: *independent* scoring sums over whole filters; *greedy* scoring, front to back, leaves out the
 * kernels that read channels which are already gone. The two agree wherever nothing was cut before.
 *
 * How many go of each part of a group is settled first, by any allocation; only the choice is made
 * again. So every layer has the same width either way, a plan costs the same, and guards and rounding
 * hold as they did. Its threshold does not: those scores decide no longer.
 *
 * Everything that the criterion l1 looks at is scored: every kernel of a group, depthwise ones too, and
 * the mean of them counts. A group is decided where it first opens, while what feeds its later layers is
 * still whole (ours; the paper prunes no streams this way).
 *
 * Example: filters over two inputs [1, 9] and [3, 2]: independent drops the second (10 > 5); when input
 * 1 is gone, greedy drops the first (1 < 3).
 */
import { AppError, channelsOf, known } from "../../core/index.ts";
import {
  factsOf,
  factsOfNode,
  tensorName,
  type Kept,
  type Network,
  type NodeName,
} from "../../model/index.ts";
import type { ChosenCriterion } from "../criteria/index.ts";
import { kernelSlot } from "../criteria/kernels.ts";
import { classesOf, type Group, type GroupTable } from "../groups.ts";
import { positionsOf, type Plan } from "../plan.ts";
import type { PreparedPruning, PruneOptions } from "../prepare.ts";
import { segmentsOf } from "../rounding.ts";

export type Scoring = "independent" | "greedy";

export const SCORINGS: readonly Scoring[] = ["independent", "greedy"];

/**
 * The scores of a layer's output channels when only these of its input channels are left; nothing for
 * a layer that has no filters.
 */
export type ScoreGiven = (layer: NodeName, keptInputs: Kept) => Float64Array | undefined;

/**
 * Refuses greedy scoring where it has no meaning: l1 alone sums over a filter's kernels one by one, and
 * a group goes by the mean over them, not by its shortcut.
 * @throws prune/bad-allocation
 */
export function checkScoring(
  { name, options, text }: ChosenCriterion,
  { scoring, streams, decider }: PruneOptions,
): void {
  if (scoring !== "greedy") return;
  // What a group is divided by does not change its order.
  if (name !== "l1" || options["reduce"] !== "mean") {
    throw unfit("the criterion l1, for greedy scoring", text, "choose l1, or score independently");
  }
  if (streams !== "prune" || decider !== "shortcut") return;
  throw unfit(
    "streams that all their layers decide for, with greedy scoring",
    "the decider shortcut",
    "score independently, or let the closure decide",
  );
}

function unfit(expected: string, found: string, hint: string): AppError {
  return new AppError("prune/bad-allocation", { where: "scoring", expected, found, hint });
}

/**
 * Chooses anew, with as many channels of each part of each group as the plan takes.
 * @throws prune/nothing-to-prune when a group has no filters to score
 */
export function planGreedily({ table }: PreparedPruning, plan: Plan, scoreOf: ScoreGiven): Plan {
  const survives = new Uint8Array(table.classCount).fill(1);
  const chosen = new Map<string, Kept>();
  for (const group of table.groups) {
    const independent = plan.kept.get(group.id);
    if (independent === undefined) continue;
    const scores = scoreGroup(table, group, survives, scoreOf);
    const kept = chooseAgain(table, group, independent, scores);
    survives.fill(0, group.start, group.start + group.size);
    for (const channel of kept) survives[group.start + channel] = 1;
    chosen.set(group.id, kept);
  }
  const { threshold: _, ...rest } = plan;
  return { ...rest, kept: chosen };
}

/** Of each part of a group as many as before, but the highest by these scores; of equals the lower. */
function chooseAgain(table: GroupTable, group: Group, before: Kept, scores: Float64Array): Kept {
  const stayed = new Set(before);
  const chosen = segmentsOf(table, group, 1).flatMap(({ channels }) => {
    const count = channels.filter((channel) => stayed.has(channel)).length;
    const order = [...channels].toSorted((a, b) => (scores[b] as number) - (scores[a] as number));
    return order.slice(0, count);
  });
  return Int32Array.from(chosen).sort();
}

/** The mean over the group's filters, given what is left of their inputs. */
function scoreGroup(
  table: GroupTable,
  { id, start, size }: Group,
  survives: Uint8Array,
  scoreOf: ScoreGiven,
): Float64Array {
  const [sum, votes] = [new Float64Array(size), new Int32Array(size)];
  for (const facts of factsOf(table.graph).values()) {
    const { name, inputs } = facts.node;
    const [input] = inputs;
    const classes = classesOf(table, name);
    const isOn = (c: number): boolean => c >= start && c < start + size;
    if (input === undefined || kernelSlot(facts) === undefined || !classes.some(isOn)) continue;
    const scores = scoreOf(name, positionsOf(classesOf(table, input), survives));
    if (scores === undefined) continue;
    classes.forEach((c, j) => {
      if (!isOn(c)) return;
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
