/**
 * @file Equality of networks whose nodes may be called and ordered differently: PyTorch's files name
 * modules, and have no name for an addition or a ReLU.
 */
import { sameBits } from "../../src/core/index.ts";
import {
  factsOf,
  type Network,
  type NodeFacts,
  type NodeName,
  tensorName,
} from "../../src/model/index.ts";

/**
 * True when the two compute the same by the same steps: walked from the output, every node has the same
 * op, the same weights bit for bit, and inputs of which the same holds, in the same order; and nothing
 * is left over.
 */
export function sameUpToNames(a: Network, b: Network): boolean {
  const [ofA, ofB] = [factsOf(a), factsOf(b)];
  const partner = new Map<NodeName, NodeName>();
  const open: [NodeName, NodeName][] = [[a.output, b.output]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [x, y] = [ofA.get(pair[0]), ofB.get(pair[1])];
    const known = partner.get(pair[0]);
    if (x === undefined || y === undefined || (known ?? pair[1]) !== pair[1]) return false;
    if (known !== undefined) continue;
    partner.set(pair[0], pair[1]);
    if (!sameOp(x, y) || !sameWeights([a, x], [b, y])) return false;
    open.push(...x.node.inputs.map((name, i): [string, string] => [name, y.node.inputs[i] ?? ""]));
  }
  const isOneToOne = new Set(partner.values()).size === partner.size;
  return isOneToOne && partner.size === a.nodes.length && partner.size === b.nodes.length;
}

function sameOp({ node: x }: NodeFacts, { node: y }: NodeFacts): boolean {
  const [first, second] = [x, y].map(({ op }) => Object.entries(op).map(([k, v]) => `${k}: ${v}`));
  return (
    first?.toSorted().join() === second?.toSorted().join() && x.inputs.length === y.inputs.length
  );
}

type Place = readonly [Network, NodeFacts];

/** The slots are the same where the ops are. */
function sameWeights(a: Place, b: Place): boolean {
  return Object.keys(a[1].weights).every((slot) => {
    const [first, second] = [a, b].map(([{ weights }, { node }]) =>
      weights.get(tensorName(node.name, slot)),
    );
    return (
      first !== undefined &&
      first.shape.join() === second?.shape.join() &&
      sameBits(first.values, second.values)
    );
  });
}
