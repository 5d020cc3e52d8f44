/**
 * @file Pre-activation bottleneck ResNet (He et al. 2016b) with a channel selection behind the first
 * batch norm of every block, as Network Slimming prunes it: BN, select, ReLU, then 1×1, 3×3, 1×1
 * convolutions, expansion 4. Depth 9n+2. Each stage opens with an unnormalized 1×1 shortcut.
 */
import { GraphBuilder } from "../builder.ts";
import type { Graph, NodeName } from "../network.ts";
import { scaled, type ZooOptions } from "./options.ts";

const WIDTHS = [16, 32, 64];
const EXPANSION = 4;

/** `depth` = 9n+2 with n blocks a stage. */
export function preresnet(name: string, depth: number, options: ZooOptions): Graph {
  const blocks = (depth - 2) / 9;
  const b = new GraphBuilder();
  let x = b.conv("conv1", b.input([32, 32, 3]), { filters: scaled(16, options) });
  WIDTHS.forEach((stageWidth, stage) => {
    const width = scaled(stageWidth, options);
    for (let block = 0; block < blocks; block++) {
      const at = `layer${stage + 1}.${block}`;
      const opens = block === 0;
      const stride = opens && stage > 0 ? 2 : 1;
      const branch = bottleneck(b, at, x, width, stride);
      const shortcut = opens
        ? b.conv(`${at}.downsample`, x, { filters: width * EXPANSION, size: 1, stride })
        : x;
      x = b.add(`${at}.add`, { kind: "add" }, branch, shortcut);
    }
  });
  x = b.relu("relu", b.select("select", b.bn("bn", x)));
  x = b.add("pool", { kind: "globalAveragePool" }, x);
  x = b.add("fc", { kind: "dense", units: options.classes, bias: true }, x);
  return b.finish(name, x);
}

function bottleneck(
  b: GraphBuilder,
  at: string,
  from: NodeName,
  width: number,
  stride: number,
): NodeName {
  let x = b.relu(`${at}.relu1`, b.select(`${at}.select`, b.bn(`${at}.bn1`, from)));
  x = b.conv(`${at}.conv1`, x, { filters: width, size: 1 });
  x = b.relu(`${at}.relu2`, b.bn(`${at}.bn2`, x));
  x = b.conv(`${at}.conv2`, x, { filters: width, stride });
  x = b.relu(`${at}.relu3`, b.bn(`${at}.bn3`, x));
  return b.conv(`${at}.conv3`, x, { filters: width * EXPANSION, size: 1 });
}
