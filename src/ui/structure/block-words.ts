/** @file What is written into a block's box. */
import type { Block, BlockPair, BlockPart } from "../../state/index.ts";
import { largeText, relative } from "../format.ts";

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

/** Such as "1.2 M MACs, −47 %"; empty for what computes nothing. */
export function costText({ now, was }: BlockPair): string {
  const block = now ?? was;
  if (block === null || block.parameters + block.macs === 0) return "";
  const amount = block.macs > 0 ? block.macs : block.parameters;
  const former = block.macs > 0 ? was?.macs : was?.parameters;
  const unit = block.macs > 0 ? "MACs" : "parameters";
  const delta =
    now !== null && former !== undefined && former > 0 && former !== amount
      ? `, ${relative(amount, former)}`
      : "";
  return `${largeText(amount)} ${unit}${delta}`;
}
