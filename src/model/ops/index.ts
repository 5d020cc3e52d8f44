/**
 * @file The table of ops. A new op is its own file and one line here; its arithmetic lives in
 * `runtime/`.
 */
import type { OpDefinition } from "../op.ts";
import {
  elu,
  leakyRelu,
  relu,
  relu6,
  swish,
  tanh,
  type Elu,
  type LeakyRelu,
  type Relu,
  type Relu6,
  type Swish,
  type Tanh,
} from "./activation.ts";
import { add, type Add } from "./add.ts";
import { batchNorm, type BatchNorm } from "./batch-norm.ts";
import { channelSelect, type ChannelSelect } from "./channel-select.ts";
import { concat, type Concat } from "./concat.ts";
import { conv2d, type Conv2d } from "./conv2d.ts";
import { dense, type Dense } from "./dense.ts";
import { flatten, type Flatten } from "./flatten.ts";
import { globalAveragePool, type GlobalAveragePool } from "./global-average-pool.ts";
import { input, type Input } from "./input.ts";
import { averagePool, maxPool, type AveragePool, type MaxPool } from "./pool2d.ts";
import { softmax, type Softmax } from "./softmax.ts";

/** Every op, told apart by `kind`. */
export type Op =
  | Input
  | Conv2d
  | BatchNorm
  | Relu
  | Relu6
  | Elu
  | LeakyRelu
  | Swish
  | Tanh
  | MaxPool
  | AveragePool
  | GlobalAveragePool
  | Flatten
  | Dense
  | Add
  | Concat
  | ChannelSelect
  | Softmax;

export type OpKind = Op["kind"];

type Definitions = { readonly [K in OpKind]: OpDefinition<Extract<Op, { kind: K }>> };

const DEFINITIONS: Definitions = {
  input,
  conv2d,
  batchNorm,
  relu,
  relu6,
  elu,
  leakyRelu,
  swish,
  tanh,
  maxPool,
  averagePool,
  globalAveragePool,
  flatten,
  dense,
  add,
  concat,
  channelSelect,
  softmax,
};

/** Every kind there is, for readers that must refuse others. */
export const OP_KINDS: readonly OpKind[] = Object.keys(DEFINITIONS) as OpKind[];

/** The answers of an op's kind, typed for any op: each definition only ever sees its own kind. */
export function definitionOf(op: Op): OpDefinition<Op> {
  return DEFINITIONS[op.kind];
}
