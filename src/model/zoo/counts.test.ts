/**
 * @file Every architecture has exactly the parameters, MACs and BN scales of the reference code's: of
 * the models of network-slimming (Liu et al. 2017) and rethinking-network-pruning (Liu et al. 2019).
 */
import { describe, expect, it } from "vitest";
import { costOf } from "../cost.ts";
import { weightSpecs } from "../shapes.ts";
import { parseArchitecture } from "./index.ts";

type Row = [name: string, parameters: number, macs: number, scales: number | undefined];
const TABLE: Row[] = [
  ["vgg11", 9_228_362, 152_769_536, 2752],
  ["vgg13", 9_413_066, 228_267_008, 2944],
  ["vgg16", 14_724_042, 313_201_664, 4224],
  ["vgg19", 20_035_018, 398_136_320, 5504],
  ["vgg19:classes=100", 20_081_188, 398_136_320 + 90 * 512, 5504],
  ["vgg16:width=0.5", 3_684_842, 78_744_064, 2112],
  ["vgg16:width=0.25", 923_130, 19_907_840, 1056],
  ["vgg16:head=512", 14_987_722, 313_463_808, 4224 + 512],
  ["resnet-20", 269_722, 40_551_040, undefined],
  ["resnet-56", 853_018, 125_485_696, undefined],
  ["resnet-110", 1_727_962, 252_887_680, undefined],
  ["preresnet-38", 404_954, 60_475_904, 2704],
  ["preresnet-56", 590_426, 87_214_592, 4048],
  ["preresnet-92", 961_370, 140_691_968, 6736],
  ["preresnet-164", 1_703_258, 247_646_720, 12_112],
  ["preresnet-164:classes=100", 1_726_388, 247_646_720 + 90 * 256, 12_112],
  ["densenet-40", 1_059_298, 282_917_328, 9360],
  ["densenet-40:stem=16", 1_019_722, 264_812_928, 9048],
  ["densenet-bc-100", 769_162, 287_929_692, undefined],
];

describe("architecture counts", () => {
  it.each(TABLE)("%s has its parameters, MACs and BN scales", (name, parameters, macs, scales) => {
    const graph = parseArchitecture(name)?.graph;
    if (graph === undefined) throw new Error(`${name} was not understood`);
    const cost = costOf(graph);
    expect([cost.parameters, cost.macs]).toEqual([parameters, macs]);
    if (scales === undefined) return;
    let count = 0;
    for (const [tensor, spec] of weightSpecs(graph)) {
      if (tensor.endsWith("/gamma")) count += spec.shape[0] ?? 0;
    }
    expect(count).toBe(scales);
  });
});
