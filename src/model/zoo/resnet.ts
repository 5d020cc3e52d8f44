/**
 * @file ResNet for CIFAR (He et al. 2016a, §4.2): basic blocks after activation, depth 6n+2. Where a
 * stage halves the map, the shortcut takes every second pixel and fills the new channels with zeros,
 * half before and half after (option A): no parameters.
 */
import { GraphBuilder } from "../builder.ts";
import type { Graph, NodeName } from "../network.ts";
import { scaled, type ZooOptions } from "./options.ts";

const WIDTHS = [16, 32, 64];

/** `depth` = 6n+2 with n blocks a stage. */
export function resnet(name: string, depth: number, options: ZooOptions): Graph {
  const blocks = (depth - 2) / 6;
  const b = new GraphBuilder();
  let x = b.conv("conv1", b.input([32, 32, 3]), { filters: scaled(16, options) });
  x = b.relu("relu1", b.bn("bn1", x));
  WIDTHS.forEach((stageWidth, stage) => {
    const width = scaled(stageWidth, options);
    for (let block = 0; block < blocks; block++) {
      const at = `layer${stage + 1}.${block}`;
      const narrows = block === 0 && stage > 0;
      let y = b.conv(`${at}.conv1`, x, { filters: width, stride: narrows ? 2 : 1 });
      y = b.relu(`${at}.relu1`, b.bn(`${at}.bn1`, y));
      y = b.bn(`${at}.bn2`, b.conv(`${at}.conv2`, y, { filters: width }));
      const shortcut = narrows ? optionA(b, at, x, width) : x;
      x = b.relu(`${at}.relu2`, b.add(`${at}.add`, { kind: "add" }, y, shortcut));
    }
  });
  x = b.add("pool", { kind: "globalAveragePool" }, x);
  x = b.add("fc", { kind: "dense", units: options.classes, bias: true }, x);
  return b.finish(name, x);
}

function optionA(b: GraphBuilder, at: string, from: NodeName, width: number): NodeName {
  const sampled = b.maxPool(`${at}.sample`, from, 1, 2);
  const before = Math.floor((width - b.channels(from)) / 2);
  const indices = Array.from({ length: width }, (_, i) => {
    const source = i - before;
    return source >= 0 && source < b.channels(from) ? source : -1;
  });
  return b.add(`${at}.widen`, { kind: "channelSelect", indices }, sampled);
}
