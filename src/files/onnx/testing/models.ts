/** @file Small ONNX models for tests, written with our own protobuf writer, and what runs them. */
import { readFileSync } from "node:fs";
import { sizeOf } from "../../../core/index.ts";
import { logitsOf } from "../../../model/testing/interpret.ts";
import { makeRandom } from "../../../core/index.ts";
import { readOnnx } from "../read.ts";
import {
  type AttributeValue,
  DATA_TYPES,
  encodeModel,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfo,
} from "../schema.ts";

type Attributes = Readonly<Record<string, number | string | readonly number[] | AttributeValue>>;

/** Numbers that are whole are written as integers; 0.5 is a float. */
function attribute(given: Attributes[string]): AttributeValue {
  if (typeof given === "string") return { kind: "string", value: given };
  if (typeof given === "number") {
    return { kind: Number.isInteger(given) ? "int" : "float", value: given };
  }
  return "kind" in given ? given : { kind: "ints", value: given };
}

/** `node("Conv", ["x", "w"], "y", { pads: [1, 1, 1, 1] })`. */
export function node(
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: Attributes = {},
): NodeProto {
  const entries = Object.entries(attributes).map(
    ([key, given]) => [key, attribute(given)] as const,
  );
  const outputs = output === "" ? [] : [output];
  const name = `n_${output}`;
  return { name, opType, domain: "", inputs, outputs, attributes: new Map(entries) };
}

export function floats(
  name: string,
  dims: readonly number[],
  values: ArrayLike<number>,
): TensorProto {
  const bytes = new Uint8Array(Float32Array.from(values).buffer);
  return { name, dims, dataType: 1, payload: { kind: "raw", bytes } };
}

/** Random weights. */
export function weights(name: string, ...dims: number[]): TensorProto {
  const random = makeRandom(name.length * 31 + sizeOf(dims));
  return floats(
    name,
    dims,
    Float32Array.from({ length: sizeOf(dims) }, () => random.normal()),
  );
}

export function ints(name: string, ...values: number[]): TensorProto {
  const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, dims: [values.length], dataType: 7, payload: { kind: "raw", bytes } };
}

export function value(name: string, ...dims: (number | string)[]): ValueInfo {
  return { name, dataType: DATA_TYPES.indexOf("float32"), dims };
}

export interface Sketch {
  readonly nodes: readonly NodeProto[];
  readonly tensors?: readonly TensorProto[];
  readonly input?: ValueInfo;
  readonly output?: string;
  readonly opset?: number;
}

/** A model whose input is `x`, `[N,3,6,6]` unless told, and whose output is `y`. */
export function sketch({ nodes, tensors = [], input, output, opset = 13 }: Sketch): ModelProto {
  return {
    irVersion: 7,
    producer: "test",
    graph: {
      name: "g",
      nodes,
      initializers: tensors,
      inputs: [input ?? value("x", "N", 3, 6, 6)],
      outputs: [value(output ?? "y", "N", "?")],
      strangers: [],
    },
    opsets: new Map([["", opset]]),
    metadata: new Map(),
  };
}

export function model(of: Sketch): Uint8Array {
  return encodeModel(sketch(of));
}

/** What is read of a sketch. */
export const read = (of: Sketch) => readOnnx(model(of), "net.onnx");

/** What a sketch's network answers to one image, which is given in ONNX' order `[c, h, w]`. */
export function answer(of: Sketch, chw: ArrayLike<number>): number[] {
  const { network } = read(of);
  const [first] = network.nodes;
  const shape = first?.op.kind === "input" ? first.op.shape : [];
  return Array.from(logitsOf(network, toHwc(chw, shape)));
}

/** `[c, h, w]` → `[h, w, c]`; a vector stays. */
export function toHwc(
  chw: ArrayLike<number>,
  [h = 1, w = 1, c = 1]: readonly number[],
): Float32Array {
  return Float32Array.from({ length: chw.length }, (_, i) =>
    Number(chw[(i % c) * h * w + Math.floor(i / c)]),
  );
}

/** Seeded numbers. */
export function numbers(count: number, seed = 5): Float32Array {
  const random = makeRandom(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

/** A file of the project. */
export function projectFile(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../../../${path}`, import.meta.url)));
}

/** Most ops, few weights: most damage hits structure. */
export const foreignGraph = (): Uint8Array =>
  model({
    input: value("x", "N", 6, 6, 2),
    nodes: [
      node("Transpose", ["x"], "a", { perm: [0, 3, 1, 2] }),
      node("Pad", ["a", "pads"], "b"),
      node("Conv", ["b", "w"], "c", { strides: [1, 1], group: 1 }),
      node("Mul", ["c", "k"], "d"),
      node("Clip", ["d", "zero", "six"], "e"),
      node("MaxPool", ["e"], "f", {
        kernel_shape: [2, 2],
        strides: [2, 2],
        auto_pad: "SAME_UPPER",
      }),
      node("Gather", ["f", "i"], "g", { axis: 1 }),
      node("Concat", ["f", "g"], "h", { axis: 1 }),
      node("Shape", ["h"], "s"),
      node("Slice", ["s", "from", "to"], "n"),
      node("Concat", ["n", "rest"], "shape", { axis: 0 }),
      node("Reshape", ["h", "shape"], "r"),
      node("Gemm", ["r", "fc"], "t", { alpha: 0.5 }),
      node("Add", ["t", "t"], "u"),
      node("Softmax", ["u"], "y"),
    ],
    tensors: [
      ints("pads", 0, 0, 1, 1, 0, 0, 1, 1),
      weights("w", 3, 2, 3, 3),
      floats("k", [3, 1, 1], [1, 2, 3]),
      floats("zero", [], [0]),
      floats("six", [], [6]),
      ints("i", 2, 0),
      ints("from", 0),
      ints("to", 1),
      ints("rest", -1),
      weights("fc", 45, 4),
    ],
  });
