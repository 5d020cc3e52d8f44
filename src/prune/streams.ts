/**
 * @file Who decides for a residual stream when it is pruned as one group.
 *
 * - "closure": all layers that write into it, by the criterion's own reduction over them
 *   (Torch-Pruning takes the mean over the closure).
 * - "shortcut": what the stream's first addition gets from its shortcut; the other layers copy that
 *   choice. Li et al. 2017, "Pruning Filters for Efficient ConvNets", §3.3: the projection decides, and
 *   where there is none the identity's channels, which are those of the layer that opened the stream.
 *
 * The shortcut is the input of the addition with the fewest layers of its own, that is, which no other
 * input comes through. Ops are asked by coupling alone: no kernel size or name gives a projection away,
 * as a bottleneck's last convolution is 1×1 too.
 *
 * Deviates: where the shortcut has no score of its own, as a selection that widens by zero channels
 * (option A), the closure decides.
 *
 * Example: add(conv3(…), downsample(x)) → downsample; add(conv2(…), relu1) at the first block → the
 * stem behind relu1.
 */
import { known } from "../core/index.ts";
import {
  definitionOf,
  factsOf,
  factsOfNode,
  type NodeFacts,
  type NodeName,
} from "../model/index.ts";
import type { Scores } from "./criteria/criterion.ts";
import { classesOf, type Group, type GroupTable } from "./groups.ts";

export type StreamDecider = "closure" | "shortcut";

export const STREAM_DECIDERS: readonly StreamDecider[] = ["closure", "shortcut"];

/**
 * The scores with each stream's own replaced by what its shortcut says.
 * @param alone — the table in which every layer stands for itself (`findLayers`), and its scores
 */
export function decideByShortcut(
  table: GroupTable,
  scores: Scores,
  alone: { readonly table: GroupTable; readonly scores: Scores },
): Scores {
  const decided = new Map(scores);
  for (const group of table.groups) {
    if (!group.stream || group.fixed) continue;
    const shortcut = shortcutOf(table, group);
    const own = shortcut === undefined ? undefined : scoresAt(table, group, shortcut, alone);
    if (own !== undefined) decided.set(group.id, own);
  }
  return decided;
}

/** The node through which the first addition of a stream gets its shortcut. */
export function shortcutOf({ graph }: GroupTable, { joints }: Group): NodeName | undefined {
  const first = joints.map((name) => factsOfNode(graph, name)).find(isAddition);
  if (first === undefined) return undefined;
  const inputs = first.node.inputs.map((name) => ({ name, layers: layersBefore(graph, name) }));
  const lengths = inputs.map(({ layers }, i) => {
    const others = inputs.filter((_, j) => j !== i);
    return [...layers].filter((layer) => !others.every((other) => other.layers.has(layer))).length;
  });
  return inputs[lengths.indexOf(Math.min(...lengths))]?.name;
}

const isAddition = ({ node, inputs }: NodeFacts): boolean =>
  definitionOf(node.op).coupling(node.op, inputs).kind === "ties";

/** The nodes that open an axis on the way to this one, itself included. */
function layersBefore(graph: GroupTable["graph"], name: NodeName): ReadonlySet<NodeName> {
  const facts = factsOf(graph);
  const seen = new Set<NodeName>();
  const layers = new Set<NodeName>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { node, inputs } = known(facts.get(next), next);
    if (definitionOf(node.op).coupling(node.op, inputs).kind === "opens") layers.add(next);
    waiting.push(...node.inputs);
  }
  return layers;
}

/** What the layers behind a node say of a group's channels; nothing where they leave one out. */
function scoresAt(
  table: GroupTable,
  { start, size }: Group,
  node: NodeName,
  alone: { readonly table: GroupTable; readonly scores: Scores },
): Float64Array | undefined {
  const byClass = new Map<number, number>();
  for (const { id, start: from } of alone.table.groups) {
    alone.scores.get(id)?.forEach((score, i) => byClass.set(from + i, score));
  }
  const decided = new Float64Array(size).fill(NaN);
  const classes = classesOf(table, node);
  classesOf(alone.table, node).forEach((c, j) => {
    decided[known(classes[j], "channel") - start] = byClass.get(c) ?? NaN;
  });
  return decided.includes(NaN) ? undefined : decided;
}
