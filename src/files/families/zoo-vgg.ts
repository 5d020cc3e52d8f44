/**
 * @file VGG as Espalier itself names it (`model/zoo/vgg.ts`): `conv1`, `bn1`, … `fc`. The numbers have no
 * gaps, so the poolings follow from the number of convolutions, which is that of VGG-11, 13, 16 or 19;
 * widths come from the shapes, pruned or not.
 */
import { showShape } from "../../core/index.ts";
import { vggStages } from "../../model/index.ts";
import type { Family } from "./family.ts";
import { Misfit } from "./module-builder.ts";

const SIDE = 32;

export const zooVgg: Family = {
  key: "espalier-vgg",
  name: "VGG of Espalier",
  modules: /^(conv\d+|bn\d+|head|head\.bn|fc)$/,
  build(b) {
    const count = b.everyNumberAfter("conv", 1).length;
    const stages = vggStages(count);
    if (stages === undefined) {
      const name = `conv${count}.weight`;
      const found = showShape(b.shapeOf(name, 4));
      throw new Misfit({ name, expected: "the last of 8, 10, 13 or 16 convolutions", found });
    }
    let x = b.inputFor("conv1", SIDE);
    let layer = 0;
    stages.forEach((convolutions, stage) => {
      if (stage > 0) x = b.maxPool(`pool${stage}`, x);
      for (let i = 0; i < convolutions; i++) {
        layer += 1;
        x = b.bnBehind(b.convLike(`conv${layer}`, x), `bn${layer}`);
        x = b.relu(`relu${layer}`, x);
      }
    });
    x = b.add("flatten", { kind: "flatten" }, b.averagePool("pool", x));
    // A dense layer in front of the last one, as Li et al. 2017 have it.
    if (b.has("head.weight")) {
      x = b.relu("head.relu", b.bn("head.bn", b.denseLike("head", x)));
    }
    return { graph: b.finish(`vgg${count + 3}`, b.denseLike("fc", x)), notes: [] };
  },
};
