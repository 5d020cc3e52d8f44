/**
 * @file Where a graph forks and joins again with a way past the layers between: residual blocks, whose
 * shortcut is added, and dense layers, whose output is laid beside what they read. For people who look at
 * a network; nothing is computed by it.
 *
 * Example: x = relu(…), y = conv2(relu(conv1(x))), add(y, x) → the fork is x, the join the addition, and
 * conv1, relu and conv2 are inside.
 */
import { channelsOf, known } from "../core/index.ts";
import type { Graph, NodeName } from "./network.ts";
import { definitionOf } from "./ops/index.ts";
import { factsOf } from "./shapes.ts";

/** Layers with a way past them. */
export interface Branch {
  readonly fork: NodeName;
  readonly join: NodeName;
  /** Whether the join adds, or lays side by side. */
  readonly kind: "sum" | "concat";
  /** The nodes on any way from fork to join, themselves left out. */
  readonly inside: ReadonlySet<NodeName>;
  /** Channels at the fork, and behind the join. */
  readonly channels: readonly [before: number, after: number];
}

/** All branches in the order of their joins; cost O(nodes + nodes inside). */
export function branchesOf(graph: Graph): readonly Branch[] {
  const facts = factsOf(graph);
  const before = immediateDominators(graph);
  return [...facts.values()].flatMap(({ node, inputs, shape }): Branch[] => {
    const { kind } = definitionOf(node.op).coupling(node.op, inputs);
    const fork = before.get(node.name)?.name;
    const isSum = kind === "ties";
    // Ways that all have layers on them, as in an inception module, have no shortcut among them.
    const isGrown = kind === "joins" && fork !== undefined && node.inputs.includes(fork);
    if (fork === undefined || new Set(node.inputs).size < 2 || !(isSum || isGrown)) return [];
    const width = channelsOf(known(facts.get(fork), fork).shape);
    return [
      {
        fork,
        join: node.name,
        kind: isSum ? "sum" : "concat",
        inside: between(graph, fork, node.inputs),
        channels: [width, channelsOf(shape)],
      },
    ];
  });
}

interface Dominator {
  readonly name: NodeName;
  /** In the tree of dominators. */
  readonly depth: number;
}

/** For each node the last one that every way to it goes through (Cooper et al. 2001, for a graph without cycles). */
function immediateDominators(graph: Graph): ReadonlyMap<NodeName, Dominator> {
  const above = new Map<NodeName, Dominator>();
  const depthOf = (name: NodeName): number => (above.get(name)?.depth ?? -1) + 1;
  const meet = (a: NodeName, b: NodeName): NodeName => {
    let [left, right] = [a, b];
    while (left !== right) {
      const isLeft = depthOf(left) >= depthOf(right);
      if (isLeft) left = known(above.get(left), left).name;
      else right = known(above.get(right), right).name;
    }
    return left;
  };
  for (const { name, inputs } of [...factsOf(graph).values()].map(({ node }) => node)) {
    const [first, ...others] = inputs;
    if (first === undefined) continue;
    const dominator = others.reduce(meet, first);
    above.set(name, { name: dominator, depth: depthOf(dominator) });
  }
  return above;
}

/** What lies on the ways back from a join's inputs, up to the fork. */
function between(graph: Graph, fork: NodeName, inputs: readonly NodeName[]): ReadonlySet<NodeName> {
  const facts = factsOf(graph);
  const inside = new Set<NodeName>();
  const waiting = [...inputs];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === fork || inside.has(name)) continue;
    inside.add(name);
    waiting.push(...known(facts.get(name), name).node.inputs);
  }
  return inside;
}
