/** @file The runtime's table of ops; a new op is its arithmetic and one line here. */
import type { Op, OpKind } from "../../model/index.ts";
import { batchNorm } from "./batch-norm.ts";
import { conv2d } from "./conv2d.ts";
import * as curves from "./curves.ts";
import { dense } from "./dense.ts";
import * as elementwise from "./elementwise.ts";
import { averagePool, maxPool } from "./pool2d.ts";
import type { RuntimeOp } from "./runtime-op.ts";

type Table = { readonly [K in OpKind]: RuntimeOp<Extract<Op, { kind: K }>> };

const OPS: Table = {
  input: elementwise.input,
  conv2d,
  batchNorm,
  relu: elementwise.relu,
  relu6: elementwise.relu6,
  elu: curves.elu,
  leakyRelu: curves.leakyRelu,
  swish: curves.swish,
  tanh: curves.tanh,
  maxPool,
  averagePool,
  globalAveragePool: elementwise.globalAveragePool,
  flatten: elementwise.flatten,
  dense,
  add: elementwise.add,
  concat: elementwise.concat,
  channelSelect: elementwise.channelSelect,
  softmax: elementwise.softmax,
};

/** How an op of that kind runs; each only ever sees its own kind. */
export function runtimeOf(op: Op): RuntimeOp<Op> {
  return OPS[op.kind];
}
