/**
 * @file Pre-activation bottleneck ResNet as network-slimming has it (`models/preresnet.py`), pruned or
 * not: bn1, select, relu, conv1, bn2, relu, conv2, bn3, relu, conv3. The first block of each stage has
 * a 1×1 convolution without batch norm on its shortcut, which reads the block's raw input.
 */
import type { NodeName } from "../../model/index.ts";
import { assumedSelections, assumedSide, type Family } from "./family.ts";
import type { ModuleBuilder } from "./module-builder.ts";

const SIDE = 32;

export const preresnet: Family = {
  key: "slimming-preresnet",
  name: "network-slimming pre-activation ResNet",
  modules:
    /^(conv1|bn|select|fc|layer\d+\.\d+\.(bn[123]|select|conv[123]|downsample|downsample\.0))$/,
  build(b) {
    let x = b.convLike("conv1", b.anyInputFor("conv1", SIDE));
    let blocks = 0;
    for (const stage of b.everyNumberAfter("layer", 1)) {
      for (const block of b.everyNumberAfter(`layer${stage}.`, 0)) {
        x = bottleneck(b, `layer${stage}.${block}`, x, block === 0 && stage > 1 ? 2 : 1);
        blocks += 1;
      }
    }
    x = b.relu("relu", b.selectLike("select", b.bn("bn", x)));
    x = b.add("avgpool", { kind: "globalAveragePool" }, x);
    const graph = b.finish(`preresnet-${3 * blocks + 2}`, b.denseLike("fc", x));
    return { graph, notes: [...assumedSide(b, SIDE), ...assumedSelections(b)] };
  },
};

function bottleneck(b: ModuleBuilder, at: string, from: NodeName, stride: number): NodeName {
  let x = b.relu(`${at}.relu1`, b.selectLike(`${at}.select`, b.bn(`${at}.bn1`, from)));
  x = b.bnBehind(b.convLike(`${at}.conv1`, x, { sizes: [1] }), `${at}.bn2`);
  x = b.convLike(`${at}.conv2`, b.relu(`${at}.relu2`, x), { stride });
  x = b.relu(`${at}.relu3`, b.bnBehind(x, `${at}.bn3`));
  x = b.convLike(`${at}.conv3`, x, { sizes: [1] });
  return b.add(`${at}.add`, { kind: "add" }, x, shortcut(b, at, from, stride));
}

function shortcut(b: ModuleBuilder, at: string, from: NodeName, stride: number): NodeName {
  // `downsample.0` is network-slimming's, `downsample` what our own networks call it.
  const module = [`${at}.downsample.0`, `${at}.downsample`].find((m) => b.has(`${m}.weight`));
  return module === undefined ? from : b.convLike(module, from, { sizes: [1], stride });
}
