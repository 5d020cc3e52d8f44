/**
 * @file The small networks that papers print, as lists by layer: applied to the architecture that the
 * preset names, they give exactly the paper's parameters and MACs (docs/methods/allocation.md). Which
 * channels stay is the criterion's choice; how many is the paper's.
 *
 * Li et al. 2017 number a ResNet's convolutions from the stem, which is 1; the first convolution of
 * block i (from 0) is then 2 + 2i. They prune only those, by a share per stage, and skip some.
 */
import type { RecipeAllocation } from "./allocation.ts";

type List = Extract<RecipeAllocation, { kind: "list" }>;
type Layers = List["layers"];

/** Table 1: half of conv1 and of conv8 … conv13. */
export const LI_2017_VGG_16_A: List = {
  kind: "list",
  layers: Object.fromEntries(
    [1, 8, 9, 10, 11, 12, 13].map((layer) => [`conv${layer}`, { ratio: 0.5 }]),
  ),
};

interface Variant {
  readonly blocks: number;
  /** Share that goes, by stage. */
  readonly shares: readonly [number, number, number];
  /** Convolutions that stay whole, by the paper's numbers. */
  readonly skips: readonly number[];
}

/** §4.2: "A" and "B" of either depth. */
const RESNETS = {
  "56-a": { blocks: 9, shares: [0.1, 0.1, 0.1], skips: [16, 20, 38, 54] },
  "56-b": { blocks: 9, shares: [0.6, 0.3, 0.1], skips: [16, 18, 20, 34, 38, 54] },
  "110-a": { blocks: 18, shares: [0.5, 0, 0], skips: [36] },
  "110-b": { blocks: 18, shares: [0.5, 0.4, 0.3], skips: [36, 38, 74] },
} satisfies Record<string, Variant>;

/** One of Li et al.'s ResNets. */
export function li2017Resnet(variant: keyof typeof RESNETS): List {
  const { blocks, shares, skips }: Variant = RESNETS[variant];
  const layers: Layers = {};
  shares.forEach((ratio, stage) => {
    for (let block = 0; block < blocks; block++) {
      const id = 2 + 2 * (stage * blocks + block);
      if (ratio === 0 || skips.includes(id)) continue;
      layers[`layer${stage + 1}.${block}.conv1`] = { ratio };
    }
  });
  return { kind: "list", layers };
}

/** Liu et al. 2017, the compact VGGNet: VGG-19 after four passes of slimming. */
const COMPACT_WIDTHS = [22, 62, 83, 119, 193, 168, 85, 40, 32, 32, 32, 32, 32, 32, 32, 38];

export const COMPACT_VGG: List = {
  kind: "list",
  layers: Object.fromEntries(COMPACT_WIDTHS.map((keep, i) => [`conv${i + 1}`, { keep }])),
};
