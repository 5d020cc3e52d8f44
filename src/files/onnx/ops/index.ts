/** @file The table of ops that are read. A new one is a function beside the others and a line here. */
import type { Call } from "../call.ts";
import type { Value } from "../values.ts";
import { readBinary, readSum } from "./affine.ts";
import { readBatchNorm, readConv, readGemm, readMatMul } from "./layers.ts";
import { readFlatten, readReshape, readSqueeze, readTranspose, readUnsqueeze } from "./layout.ts";
import {
  readActivation,
  readCast,
  readClip,
  readConstant,
  readIdentity,
  readSigmoid,
  readSoftmax,
  readSwish,
} from "./plain.ts";
import { readConcat, readGather, readPad, readSlice } from "./select.ts";
import { readShape } from "./shape-arithmetic.ts";
import { readGlobalAveragePool, readPool, readReduceMean } from "./windows.ts";

/** By `op_type` of the default domain. */
export const OPS: ReadonlyMap<string, (call: Call) => Value> = new Map<
  string,
  (call: Call) => Value
>([
  ["Add", readBinary],
  ["AveragePool", readPool],
  ["BatchNormalization", readBatchNorm],
  ["Cast", readCast],
  ["Clip", readClip],
  ["Concat", readConcat],
  ["Constant", readConstant],
  ["Conv", readConv],
  ["Div", readBinary],
  ["Dropout", readIdentity],
  ["Elu", readActivation],
  ["Flatten", readFlatten],
  ["Gather", readGather],
  ["Gemm", readGemm],
  ["GlobalAveragePool", readGlobalAveragePool],
  ["Identity", readIdentity],
  ["LeakyRelu", readActivation],
  ["MatMul", readMatMul],
  ["MaxPool", readPool],
  ["Mul", readBinary],
  ["Pad", readPad],
  ["ReduceMean", readReduceMean],
  ["Relu", readActivation],
  ["Reshape", readReshape],
  ["Shape", readShape],
  ["Sigmoid", readSigmoid],
  ["Slice", readSlice],
  ["Softmax", readSoftmax],
  ["Squeeze", readSqueeze],
  ["Sub", readBinary],
  ["Sum", readSum],
  ["Swish", readSwish],
  ["Tanh", readActivation],
  ["Transpose", readTranspose],
  ["Unsqueeze", readUnsqueeze],
]);
