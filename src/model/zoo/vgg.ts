/**
 * @file VGG for 32 × 32 images with batch norm (Simonyan & Zisserman 2015, as Network Slimming has
 * it): 3×3 convolutions without bias, max-pool between stages, one 2×2 average pool, one dense layer.
 * With `head=512` a dense layer of 512 units with batch norm stands before it, as in Li et al. 2017.
 */
import { GraphBuilder } from "../builder.ts";
import type { Graph } from "../network.ts";
import { scaled, type ZooOptions } from "./options.ts";

/** Convolutions per stage, by depth. */
const STAGES: Readonly<Record<number, readonly number[]>> = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};
const WIDTHS = [64, 128, 256, 512, 512];

export const VGG_DEPTHS: readonly number[] = Object.keys(STAGES).map(Number);

/** How many convolutions each stage has, of so many in all; nothing when no VGG has that many. */
export function vggStages(convolutions: number): readonly number[] | undefined {
  return Object.values(STAGES).find((stages) => stages.reduce((a, b) => a + b) === convolutions);
}

/** VGG of one of {@link VGG_DEPTHS}. */
export function vgg(name: string, depth: number, options: ZooOptions): Graph {
  const b = new GraphBuilder();
  let x = b.input([32, 32, 3]);
  let layer = 0;
  (STAGES[depth] ?? []).forEach((convolutions, stage) => {
    if (stage > 0) x = b.maxPool(`pool${stage}`, x);
    for (let i = 0; i < convolutions; i++) {
      layer += 1;
      x = b.conv(`conv${layer}`, x, { filters: scaled(WIDTHS[stage] ?? 0, options) });
      x = b.relu(`relu${layer}`, b.bn(`bn${layer}`, x));
    }
  });
  x = b.averagePool("pool", x);
  x = b.add("flatten", { kind: "flatten" }, x);
  if (options.head !== undefined) {
    x = b.add("head", { kind: "dense", units: scaled(options.head, options), bias: true }, x);
    x = b.relu("head.relu", b.bn("head.bn", x));
  }
  x = b.add("fc", { kind: "dense", units: options.classes, bias: true }, x);
  return b.finish(name, x);
}
