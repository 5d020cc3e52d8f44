/**
 * @file DenseNet for CIFAR as network-slimming has it (`models/densenet.py`), pruned or not: every
 * layer is bn1, select, relu, a 3×3 convolution, and stands behind its input; a bottleneck layer has a
 * 1×1 convolution, bn2 and relu before that. Transitions halve the map by an average.
 */
import type { NodeName } from "../../model/index.ts";
import { assumedSelections, assumedSide, type Family } from "./family.ts";
import type { ModuleBuilder } from "./module-builder.ts";

const SIDE = 32;

export const densenet: Family = {
  key: "slimming-densenet",
  name: "network-slimming DenseNet",
  modules:
    /^(conv1|bn|select|fc|dense\d+\.\d+\.(bn[12]|select|conv[12])|trans\d+\.(bn1|select|conv1))$/,
  build(b) {
    let x = b.convLike("conv1", b.anyInputFor("conv1", SIDE));
    const blocks = b.everyNumberAfter("dense", 1);
    let convolutions = 1;
    for (const block of blocks) {
      for (const layer of b.everyNumberAfter(`dense${block}.`, 0)) {
        const at = `dense${block}.${layer}`;
        x = b.add(`${at}.concat`, { kind: "concat" }, x, denseLayer(b, at, x));
        convolutions += b.has(`${at}.conv2.weight`) ? 2 : 1;
      }
      if (block === blocks.length) continue;
      x = transition(b, `trans${block}`, x);
      convolutions += 1;
    }
    x = b.relu("relu", b.selectLike("select", b.bn("bn", x)));
    x = b.add("avgpool", { kind: "globalAveragePool" }, x);
    const graph = b.finish(`densenet-${convolutions + 1}`, b.denseLike("fc", x));
    return { graph, notes: [...assumedSide(b, SIDE), ...assumedSelections(b)] };
  },
};

function denseLayer(b: ModuleBuilder, at: string, from: NodeName): NodeName {
  const x = activate(b, at, from);
  if (!b.has(`${at}.conv2.weight`)) return b.convLike(`${at}.conv1`, x);
  const narrow = b.convLike(`${at}.conv1`, x, { sizes: [1] });
  return b.convLike(`${at}.conv2`, b.relu(`${at}.relu2`, b.bnBehind(narrow, `${at}.bn2`)));
}

function transition(b: ModuleBuilder, at: string, from: NodeName): NodeName {
  const conv = b.convLike(`${at}.conv1`, activate(b, at, from), { sizes: [1] });
  return b.averagePool(`${at}.pool`, conv);
}

function activate(b: ModuleBuilder, at: string, from: NodeName): NodeName {
  return b.relu(`${at}.relu1`, b.selectLike(`${at}.select`, b.bn(`${at}.bn1`, from)));
}
