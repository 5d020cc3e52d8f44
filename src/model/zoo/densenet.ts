/**
 * @file DenseNet for CIFAR (Huang et al. 2017), each batch norm followed by a channel selection, as
 * Network Slimming prunes it. Plain: depth 3n+4, 3×3 layers, transitions that keep their width. BC:
 * depth 6n+4, 1×1 bottlenecks of four times the growth and transitions that halve the width.
 */
import { GraphBuilder } from "../builder.ts";
import type { Graph, NodeName } from "../network.ts";
import { scaled, type ZooOptions } from "./options.ts";

const BLOCKS = 3;

/** Plain (`bc` false) or BC. */
export function densenet(name: string, depth: number, bc: boolean, options: ZooOptions): Graph {
  const layers = (depth - 4) / (bc ? 6 : 3);
  const growth = scaled(options.growth, options);
  const b = new GraphBuilder();
  const stem = scaled(options.stem ?? 2 * options.growth, options);
  let x = b.conv("conv1", b.input([32, 32, 3]), { filters: stem });
  for (let block = 1; block <= BLOCKS; block++) {
    for (let layer = 0; layer < layers; layer++) {
      const at = `dense${block}.${layer}`;
      let y = activate(b, at, 1, x);
      if (bc) {
        y = b.conv(`${at}.conv1`, y, { filters: 4 * growth, size: 1 });
        y = b.conv(`${at}.conv2`, activate(b, at, 2, y), { filters: growth });
      } else {
        y = b.conv(`${at}.conv1`, y, { filters: growth });
      }
      x = b.add(`${at}.concat`, { kind: "concat" }, x, y);
    }
    if (block < BLOCKS) x = transition(b, `trans${block}`, x, bc);
  }
  x = b.relu("relu", b.select("select", b.bn("bn", x)));
  x = b.add("pool", { kind: "globalAveragePool" }, x);
  x = b.add("fc", { kind: "dense", units: options.classes, bias: true }, x);
  return b.finish(name, x);
}

/** BN, selection where the reader is pruned apart from its writers, ReLU. */
function activate(b: GraphBuilder, at: string, index: number, from: NodeName): NodeName {
  const bn = b.bn(`${at}.bn${index}`, from);
  // Only the first BN reads the shared stream; inside a bottleneck the writer itself is pruned.
  const chosen = index === 1 ? b.select(`${at}.select`, bn) : bn;
  return b.relu(`${at}.relu${index}`, chosen);
}

function transition(b: GraphBuilder, at: string, from: NodeName, halve: boolean): NodeName {
  const filters = Math.floor(b.channels(from) * (halve ? 0.5 : 1));
  const x = b.conv(`${at}.conv1`, activate(b, at, 1, from), { filters, size: 1 });
  return b.averagePool(`${at}.pool`, x);
}
