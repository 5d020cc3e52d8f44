/** @file Whole networks beyond those of `runtime/testing`: pruned ones, and odd shapes of every kind. */
import { makeRandom } from "../../../core/index.ts";
import {
  buildArchitecture,
  GraphBuilder,
  initialize,
  type Network,
  type NodeName,
} from "../../../model/index.ts";
import { applyPlan, findGroups, planFromLists } from "../../../prune/index.ts";
import { convOp } from "../../testing/cases.ts";
import { curved, NETWORKS } from "../../testing/networks.ts";

/** Cuts about a third of every group, at random, so that widths are odd and selections have gaps. */
export function pruned(network: Network): Network {
  const table = findGroups(network);
  const random = makeRandom(17);
  const lists = table.groups
    .filter(({ fixed, size, layers }) => !fixed && size > 2 && layers.length === 1)
    .map(({ id, size }) => {
      const all = Array.from({ length: size }, (_, channel) => channel);
      return [id, all.filter((channel) => channel === 0 || random.uniform() > 0.35)] as const;
    });
  return applyPlan(network, table, planFromLists(table, lists));
}

/** Convolutions of every size and stride, some with a bias and no batch norm, and a 2 × 2 flatten. */
function windows(): Network {
  const b = new GraphBuilder();
  let x: NodeName = b.input([19, 17, 3]);
  x = b.add("seven", convOp({ filters: 5, size: 7, padding: [3, 2, 1, 3], bias: true }), x);
  x = b.add("seven.act", { kind: "relu" }, x);
  x = b.add("three", convOp({ filters: 37, size: 3, padding: [0, 2, 1, 0] }), x);
  x = b.relu("three.act", b.bn("three.bn", x));
  x = b.add("two", convOp({ filters: 7, size: [2, 5], stride: [2, 3], padding: [1, 0, 4, 1] }), x);
  x = b.add("two.act", { kind: "relu6" }, b.bn("two.bn", x));
  x = b.add("four", convOp({ filters: 12, size: 4, stride: 3, padding: [2, 1, 0, 3] }), x);
  x = b.relu("four.act", b.bn("four.bn", x));
  x = b.add("one", convOp({ filters: 3, size: 1, bias: true }), x);
  x = b.add("six", convOp({ filters: 9, size: [6, 1], padding: [3, 2, 0, 0] }), x);
  x = b.averagePool("pool", x);
  x = b.bn("flat.bn", b.add("flat", { kind: "flatten" }, x));
  x = b.add("fc1", { kind: "dense", units: 11, bias: true }, x);
  x = b.relu("fc1.act", b.bn("fc1.bn", x));
  return initialize(
    b.finish("windows", b.add("fc2", { kind: "dense", units: 10, bias: true }, x)),
    { seed: 6 },
  );
}

/** Groups of 5 and of 7 channels, depthwise twice as wide, and a concat with gaps in front of them. */
function groups(): Network {
  const b = new GraphBuilder();
  const image = b.input([9, 8, 3]);
  const left = b.relu("left.act", b.bn("left.bn", b.conv("left", image, { filters: 7 })));
  const right = b.relu("right.act", b.bn("right.bn", b.conv("right", image, { filters: 8 })));
  let x = b.add("join", { kind: "concat" }, left, right);
  x = b.add("fives", convOp({ filters: 21, size: 3, padding: 1, groups: 3, bias: true }), x);
  x = b.add("sevens", convOp({ filters: 9, size: 3, stride: 2, padding: 1, groups: 3 }), x);
  x = b.add("sevens.act", { kind: "relu6" }, b.bn("sevens.bn", x));
  x = b.add("twice", convOp({ filters: 18, size: 3, padding: 1, groups: 9 }), x);
  x = b.relu("twice.act", b.bn("twice.bn", x));
  x = b.add("deep", convOp({ filters: 18, size: 5, stride: 2, padding: 2, groups: 18 }), x);
  x = b.add("gap", { kind: "globalAveragePool" }, x);
  return initialize(b.finish("groups", b.add("fc", { kind: "dense", units: 10, bias: true }, x)), {
    seed: 7,
  });
}

/** Every whole network that the lowering must get right. */
export const WHOLE: readonly (readonly [string, () => Network])[] = [
  ...NETWORKS,
  ...NETWORKS.slice(0, 5).map(([name, make]) => [`${name}, pruned`, () => pruned(make())] as const),
  ["every other activation, pruned", () => pruned(curved())],
  ["a wide chain, pruned to odd widths", () => pruned(buildArchitecture("vgg11:width=0.125", 3))],
  ["windows of every size", windows],
  ["odd groups", groups],
];
