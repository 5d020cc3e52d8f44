/** @file What is written into a block's box. */
import type { Block, BlockPair, BlockPart } from "../../state/index.ts";
import { largeText, percent, relative } from "../format.ts";

/** What each op is called in front of people. */
export const OP_WORDS: Readonly<Record<BlockPart["op"]["kind"], string>> = {
  input: "image",
  conv2d: "convolution",
  dense: "dense",
  batchNorm: "batch norm",
  relu: "ReLU",
  relu6: "ReLU6",
  elu: "ELU",
  leakyRelu: "leaky ReLU",
  swish: "swish",
  tanh: "tanh",
  softmax: "softmax",
  add: "add",
  concat: "concatenate",
  flatten: "flatten",
  maxPool: "max pool",
  averagePool: "average pool",
  globalAveragePool: "global average pool",
  channelSelect: "select channels",
};

/** Such as "convolution 3 × 3, stride 2". */
export function partTitle({ op }: BlockPart): string {
  const word = OP_WORDS[op.kind];
  if (!("size" in op)) return word;
  const [stride] = op.stride;
  const strided = op.kind === "conv2d" && stride > 1 ? `, stride ${stride}` : "";
  return `${word} ${op.size.join(" × ")}${strided}`;
}

/** The first line of a box. */
export function titleOfBlock({ parts }: Block): string {
  const [first] = parts;
  return first === undefined ? "" : partTitle(first);
}

/** What follows in the block, such as "batch norm · ReLU"; empty when nothing does. */
export function restOfBlock({ parts }: Block): string {
  return parts
    .slice(1)
    .map((part) => partTitle(part))
    .join(" · ");
}

/** Such as "32 × 32 × 37". */
export function shapeText({ shape }: Block): string {
  return shape.join(" × ");
}

/**
 * Such as "1.2 M MACs, −47 %" after a cut, "1.2 M MACs, 6 %" of all before one; empty for what computes nothing.
 * @param all — the network's MACs
 */
export function costText(pair: BlockPair, all: number): string {
  const block = pair.now ?? pair.was;
  if (block === null || block.parameters + block.macs === 0) return "";
  const which = block.macs > 0 ? "macs" : "parameters";
  const unit = block.macs > 0 ? "MACs" : "parameters";
  const isShare = block.macs > 0 && pair.was === null && all > 0;
  const share = isShare ? `, ${percent(block.macs / all, 0)}` : "";
  return `${largeText(block[which])} ${unit}${share}${changeText(pair, which)}`;
}

function changeText({ now, was }: BlockPair, which: "parameters" | "macs"): string {
  const [amount, former] = [now?.[which], was?.[which]];
  if (amount === undefined || former === undefined) return "";
  return former > 0 && former !== amount ? `, ${relative(amount, former)}` : "";
}
