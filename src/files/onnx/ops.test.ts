/** @file Each op by a small graph: what is read of it, and what it computes. */
import { describe, expect, it } from "vitest";
import type { Op } from "../../model/index.ts";
import { AppError, explain } from "../../core/index.ts";
import type { AttributeValue, NodeProto, TensorProto } from "./schema.ts";
import {
  answer,
  floats,
  ints,
  model,
  node,
  numbers,
  read,
  type Sketch,
  sketch,
  value,
  weights,
} from "./testing/models.ts";
import { encodeModel } from "./schema.ts";
import { readOnnx } from "./read.ts";

const X = numbers(108);
const x = (i: number): number => X[i] ?? Number.NaN;
const W = weights("w", 4, 3, 3, 3);
const PADS = { pads: [1, 1, 1, 1] };
const conv = (attributes = {}, from = "x", to = "y"): NodeProto =>
  node("Conv", [from, "w"], to, attributes);

const ops = (of: Sketch): readonly Op["kind"][] => read(of).network.nodes.map(({ op }) => op.kind);
const lastOp = (of: Sketch): Op | undefined => read(of).network.nodes.at(-1)?.op;
function refusal(of: Sketch): string {
  try {
    read(of);
  } catch (error) {
    if (error instanceof AppError) return explain(error);
    throw error;
  }
  return "accepted";
}
const expectSame = (a: Sketch, b: Sketch): void => {
  const [left, right] = [answer(a, X), answer(b, X)];
  expect(left.length).toBe(right.length);
  left.forEach((one, i) => expect(one).toBeCloseTo(right[i] as number, 4));
};

describe("convolution", () => {
  it("spells out auto_pad for the input's size, the odd pixel behind or before", () => {
    const padding = (word: string, strides: number[]): unknown => {
      const op = lastOp({ nodes: [conv({ auto_pad: word, strides })], tensors: [W] });
      return op?.kind === "conv2d" ? op.padding : undefined;
    };
    expect(padding("SAME_UPPER", [1, 1])).toEqual([1, 1, 1, 1]);
    expect(padding("SAME_UPPER", [2, 2])).toEqual([0, 1, 0, 1]);
    expect(padding("SAME_LOWER", [2, 2])).toEqual([1, 0, 1, 0]);
    expect(padding("VALID", [2, 2])).toEqual([0, 0, 0, 0]);
  });

  it("takes pads as top, left, bottom, right", () => {
    expect(lastOp({ nodes: [conv({ pads: [0, 1, 2, 0] })], tensors: [W] })).toMatchObject({
      padding: [0, 2, 1, 0],
    });
  });

  it("computes what the definition says", () => {
    const kernel = floats("w", [1, 3, 1, 1], [1, 10, 100]);
    const found = answer({ nodes: [conv()], tensors: [kernel] }, X);
    found.forEach((one, i) => {
      expect(one).toBeCloseTo(x(i) + 10 * x(36 + i) + 100 * x(72 + i), 3);
    });
  });

  it("reads groups", () => {
    const kernel = floats("w", [3, 1, 1, 1], [1, 2, 3]);
    const of = { nodes: [conv({ group: 3 })], tensors: [kernel] };
    expect(lastOp(of)).toMatchObject({ groups: 3, filters: 3 });
    expect(answer(of, X)[5]).toBeCloseTo(3 * x(73), 4);
  });

  it.each([
    ["dilations", { dilations: [2, 2] }],
    ["auto_pad", { auto_pad: "MIRROR" }],
    ["pads", { pads: [1, 1] }],
    ["negative pads", { pads: [-1, 0, 0, 0] }],
    ["kernel_shape", { kernel_shape: [5, 5] }],
    ["group", { group: 2 }],
    ["kind", { group: "two" }],
    ["strides", { strides: [0, 0] }],
  ])("refuses %s that it cannot say", (_, attributes) => {
    expect(refusal({ nodes: [conv(attributes)], tensors: [W] })).toMatchSnapshot();
  });

  it("refuses three axes of space", () => {
    const kernel = weights("w", 4, 3, 3, 3, 3);
    expect(refusal({ nodes: [conv()], tensors: [kernel] })).toMatchSnapshot();
  });
});

describe("constants behind a layer", () => {
  const two = floats("k", [1, 4, 1, 1], [2, 3, 4, 5]);
  const behind = (opType: string, inputs: string[], k: TensorProto = two): Sketch => ({
    nodes: [conv(PADS, "x", "t"), node(opType, inputs, "y")],
    tensors: [W, k],
  });

  it("folds Add, Sub, Mul and Div into the weights, from either side", () => {
    const plain = answer({ nodes: [conv(PADS)], tensors: [W] }, X);
    const factor = (i: number): number => 2 + (i % 4);
    const cases: readonly [Sketch, (one: number, i: number) => number][] = [
      [behind("Add", ["t", "k"]), (one, i) => one + factor(i)],
      [behind("Add", ["k", "t"]), (one, i) => one + factor(i)],
      [behind("Sub", ["t", "k"]), (one, i) => one - factor(i)],
      [behind("Sub", ["k", "t"]), (one, i) => factor(i) - one],
      [behind("Mul", ["t", "k"]), (one, i) => one * factor(i)],
      [behind("Div", ["t", "k"]), (one, i) => one / factor(i)],
      [behind("Mul", ["t", "k"], floats("k", [], [3])), (one) => one * 3],
      [
        behind("Mul", ["t", "k"], floats("k", [4, 1, 1], [2, 3, 4, 5])),
        (one, i) => one * factor(i),
      ],
    ];
    for (const [of, expected] of cases) {
      expect(ops(of)).toEqual(["input", "conv2d"]);
      answer(of, X).forEach((one, i) =>
        expect(one).toBeCloseTo(expected(plain[i] as number, i), 3),
      );
    }
  });

  it("folds into a batch norm", () => {
    const bn = ["g", "b", "m", "v"].map((name) => floats(name, [3], [1.5, 2, 0.5]));
    const norm = (to: string): NodeProto =>
      node("BatchNormalization", ["x", "g", "b", "m", "v"], to);
    const nodes = [norm("t"), node("Mul", ["t", "k"], "y")];
    const scaled = answer({ nodes, tensors: [...bn, floats("k", [3, 1, 1], [2, 2, 2])] }, X);
    const plain = answer({ nodes: [norm("y")], tensors: bn }, X);
    scaled.forEach((one, i) => expect(one).toBeCloseTo(2 * (plain[i] as number), 3));
  });

  it.each([
    ["of one per pixel", behind("Add", ["t", "k"], floats("k", [6, 6], numbers(36)))],
    ["divided by the layer", behind("Div", ["k", "t"])],
    [
      "of what another node reads too",
      {
        nodes: [conv(PADS, "x", "t"), node("Mul", ["t", "k"], "s"), node("Add", ["s", "t"], "y")],
        tensors: [W, two],
      },
    ],
    [
      "in front of the first layer",
      {
        nodes: [node("Sub", ["x", "k"], "t"), conv(PADS, "t")],
        tensors: [W, floats("k", [3, 1, 1], [1, 2, 3])],
      },
    ],
    [
      "behind a ReLU",
      {
        nodes: [node("Relu", ["x"], "t"), node("Mul", ["t", "k"], "y")],
        tensors: [floats("k", [], [2])],
      },
    ],
  ])("refuses a constant %s", (_, of) => {
    expect(refusal(of)).toMatchSnapshot();
  });
});

describe("activations", () => {
  it("reads ReLU6 with limits as attributes and as inputs, and ReLU without an end", () => {
    const limits = [floats("lo", [], [0]), floats("hi", [], [6])];
    const six = { min: { kind: "float", value: 0 }, max: { kind: "float", value: 6 } } as const;
    expect(lastOp({ nodes: [node("Clip", ["x"], "y", six)], opset: 10 })).toEqual({
      kind: "relu6",
    });
    expect(lastOp({ nodes: [node("Clip", ["x", "lo", "hi"], "y")], tensors: limits })).toEqual({
      kind: "relu6",
    });
    expect(lastOp({ nodes: [node("Clip", ["x", "lo"], "y")], tensors: limits })).toEqual({
      kind: "relu",
    });
    expect(refusal({ nodes: [node("Clip", ["x", "hi"], "y")], tensors: limits })).toMatchSnapshot();
  });

  it("reads the others, swish as a product, from either side", () => {
    expect(lastOp({ nodes: [node("Elu", ["x"], "y", { alpha: 0.5 })] })).toEqual({
      kind: "elu",
      alpha: 0.5,
    });
    expect(lastOp({ nodes: [node("LeakyRelu", ["x"], "y")] })).toEqual({
      kind: "leakyRelu",
      alpha: 0.01,
    });
    expect(lastOp({ nodes: [node("Tanh", ["x"], "y")] })).toEqual({ kind: "tanh" });
    for (const inputs of [
      ["x", "s"],
      ["s", "x"],
    ]) {
      const nodes = [node("Sigmoid", ["x"], "s"), node("Mul", inputs, "y")];
      expect(ops({ nodes })).toEqual(["input", "swish"]);
    }
  });

  it("refuses a sigmoid by itself", () => {
    expect(refusal({ nodes: [node("Sigmoid", ["x"], "y")] })).toMatchSnapshot();
    const gate = [
      node("Relu", ["x"], "r"),
      node("Sigmoid", ["x"], "s"),
      node("Mul", ["r", "s"], "y"),
    ];
    expect(refusal({ nodes: gate })).toMatchSnapshot();
  });
});

describe("pooling", () => {
  const pool = (opType: string, attributes: object): Sketch => ({
    nodes: [node(opType, ["x"], "y", { kernel_shape: [3, 3], strides: [2, 2], ...attributes })],
  });

  it("leaves padding out of the average", () => {
    expect(lastOp(pool("AveragePool", PADS))).toMatchObject({ kind: "averagePool" });
    expect(refusal(pool("AveragePool", { ...PADS, count_include_pad: 1 }))).toMatchSnapshot();
    expect(lastOp(pool("AveragePool", { count_include_pad: 1 }))).toMatchObject({
      kind: "averagePool",
    });
  });

  it("takes ceil_mode where there is nothing to round", () => {
    expect(refusal(pool("MaxPool", { ceil_mode: 1 }))).toMatchSnapshot();
    expect(lastOp(pool("MaxPool", { ceil_mode: 1, pads: [1, 1, 0, 0] }))).toMatchObject({
      kind: "maxPool",
    });
    expect(refusal({ nodes: [node("MaxPool", ["x"], "y")] })).toMatchSnapshot();
  });

  it("takes the mean over height and width, and over nothing else", () => {
    const mean = (attributes: object): Sketch => ({
      nodes: [node("ReduceMean", ["x"], "y", attributes as never)],
    });
    const pooled = { nodes: [node("GlobalAveragePool", ["x"], "y")] };
    expectSame(mean({ axes: [2, 3] }), pooled);
    expectSame(mean({ axes: [-1, -2], keepdims: 0 }), pooled);
    const asInput = {
      nodes: [node("ReduceMean", ["x", "a"], "y")],
      tensors: [ints("a", 3, 2)],
      opset: 18,
    };
    expectSame(asInput, pooled);
    expect(refusal(mean({ axes: [1] }))).toMatchSnapshot();
  });
});

describe("dense", () => {
  const flat = node("Flatten", ["x"], "f");
  const B = weights("fc.weight", 108, 5);
  const transposed = (): TensorProto => {
    const all = read({
      nodes: [node("Gemm", ["x", "fc.weight"], "y")],
      tensors: [B],
      input: value("x", 1, 108),
    });
    const kernel = all.network.weights.get("fc/kernel")?.values ?? [];
    return floats(
      "fc.weight",
      [5, 108],
      Array.from({ length: 540 }, (_, i) => kernel[(i % 108) * 5 + Math.floor(i / 108)] ?? 0),
    );
  };
  const gemm = (attributes: object, ...inputs: string[]): NodeProto =>
    node("Gemm", ["f", "fc.weight", ...inputs], "y", attributes as never);

  it("permutes the rows of a flattened map, which PyTorch has channel by channel", () => {
    const onMap = answer({ nodes: [flat, gemm({})], tensors: [B] }, X);
    const onVector = answer(
      { nodes: [node("Gemm", ["x", "fc.weight"], "y")], tensors: [B], input: value("x", 1, 108) },
      X,
    );
    onMap.forEach((one, i) => expect(one).toBeCloseTo(onVector[i] as number, 4));
  });

  it("keeps that order through a ReLU, a batch norm, a Gather and an Add", () => {
    const norm = ["g", "b", "m"].map((name, i) => floats(name, [108], numbers(108, i + 1)));
    const variance = floats("v", [108], numbers(108, 9).map(Math.abs));
    const nodes = [
      node("Relu", ["f"], "r"),
      node("BatchNormalization", ["r", "g", "b", "m", "v"], "n"),
      node("Add", ["n", "f"], "s"),
      node("Gather", ["s", "i"], "k", { axis: 1 }),
      node("Gemm", ["k", "fc.weight"], "y"),
    ];
    const tensors = [...norm, variance, ints("i", 7, 3, 60, -1), weights("fc.weight", 4, 5)];
    const onMap = answer({ nodes: [flat, ...nodes], tensors }, X);
    const vector = [node("Identity", ["x"], "f"), ...nodes];
    const onVector = answer({ nodes: vector, tensors, input: value("x", 1, 108) }, X);
    onMap.forEach((one, i) => expect(one).toBeCloseTo(onVector[i] as number, 3));
  });

  it("puts features in our order where they leave the network", () => {
    expect(answer({ nodes: [node("Flatten", ["x"], "y")] }, X)).toEqual(Array.from(X));
  });

  it("takes alpha, beta, transB, MatMul and a bias behind it", () => {
    const bias = floats("c", [5], [1, 2, 3, 4, 5]);
    const plain = { nodes: [flat, gemm({}, "c")], tensors: [B, bias] };
    expectSame({ nodes: [flat, gemm({ transB: 1 }, "c")], tensors: [transposed(), bias] }, plain);
    const matmul = [flat, node("MatMul", ["f", "fc.weight"], "t"), node("Add", ["t", "c"], "y")];
    expectSame({ nodes: matmul, tensors: [B, bias] }, plain);
    const none = answer({ nodes: [flat, gemm({})], tensors: [B] }, X);
    const both = answer(
      { nodes: [flat, gemm({ alpha: 0.5, beta: 2.5 }, "c")], tensors: [B, bias] },
      X,
    );
    both.forEach((one, i) => expect(one).toBeCloseTo(0.5 * (none[i] as number) + 2.5 * (i + 1), 3));
    expect(refusal({ nodes: [flat, gemm({ transA: 1 })], tensors: [B] })).toMatchSnapshot();
    expect(
      refusal({ nodes: [flat, gemm({})], tensors: [weights("fc.weight", 100, 5)] }),
    ).toMatchSnapshot();
  });
});

describe("layout", () => {
  const toNchw = node("Transpose", ["x"], "a", { perm: [0, 3, 1, 2] });
  const head = (from: string): NodeProto[] => [
    node("GlobalAveragePool", [from], "p"),
    node("Squeeze", ["p"], "q", { axes: [2, 3] }),
    node("Gemm", ["q", "fc"], "y"),
  ];
  const FC = weights("fc", 4, 5);

  it("reads an NHWC graph as tf2onnx writes it, transposes and all", () => {
    const bias = floats("k", [4], [1, 2, 3, 4]);
    const nhwc = [
      toNchw,
      conv(PADS, "a", "b"),
      node("Transpose", ["b"], "c", { perm: [0, 2, 3, 1] }),
      node("Add", ["c", "k"], "d"),
      node("Relu", ["d"], "e"),
      node("ReduceMean", ["e"], "q", { axes: [1, 2], keepdims: 0 }),
      node("MatMul", ["q", "fc"], "y"),
    ];
    const nchw = [node("Conv", ["x", "w", "k"], "b", PADS), node("Relu", ["b"], "c"), ...head("c")];
    const input = value("x", "N", 6, 6, 3);
    expect(ops({ nodes: nhwc, tensors: [W, bias, FC], input })).toEqual(
      ops({ nodes: nchw, tensors: [W, bias, FC], opset: 11 }),
    );
    expectSame(
      { nodes: nhwc, tensors: [W, bias, FC], input },
      { nodes: nchw, tensors: [W, bias, FC], opset: 11 },
    );
  });

  it("transposes constants", () => {
    const nodes = [node("Transpose", ["k"], "w", { perm: [3, 2, 0, 1] }), conv(PADS)];
    const hwio = weights("k", 3, 3, 3, 4);
    expect(read({ nodes, tensors: [hwio] }).network.weights.get("n_y/kernel")?.values).toEqual(
      new Float32Array((hwio.payload as { bytes: Uint8Array }).bytes.slice().buffer),
    );
  });

  it("reads the tail that PyTorch writes for an open batch", () => {
    const tensor = (...values: number[]): AttributeValue => ({
      kind: "tensor",
      value: ints("", ...values),
    });
    const scalar = (one: number): AttributeValue => ({
      kind: "tensor",
      value: { ...ints("", one), dims: [] },
    });
    const dynamic = [
      conv(PADS, "x", "a"),
      node("Shape", ["a"], "s"),
      node("Constant", [], "zero", { value: scalar(0) }),
      node("Gather", ["s", "zero"], "n", { axis: 0 }),
      node("Constant", [], "minus", { value: scalar(-1) }),
      node("Constant", [], "at", { value: tensor(0) }),
      node("Unsqueeze", ["n", "at"], "n1"),
      node("Unsqueeze", ["minus", "at"], "m1"),
      node("Concat", ["n1", "m1"], "shape", { axis: 0 }),
      node("Reshape", ["a", "shape"], "f"),
      node("Gemm", ["f", "fc"], "y"),
    ];
    const fixed = [
      conv(PADS, "x", "a"),
      node("Flatten", ["a"], "f"),
      node("Gemm", ["f", "fc"], "y"),
    ];
    const fc = weights("fc", 144, 5);
    expectSame({ nodes: dynamic, tensors: [W, fc] }, { nodes: fixed, tensors: [W, fc] });
    const sliced = [
      conv(PADS, "x", "a"),
      node("Shape", ["a"], "s"),
      node("Slice", ["s", "from", "to"], "n"),
      node("Concat", ["n", "size"], "shape", { axis: 0 }),
      node("Reshape", ["a", "shape"], "f"),
      node("Gemm", ["f", "fc"], "y"),
    ];
    const pieces = [ints("from", 0), ints("to", 1), ints("size", 144)];
    expectSame({ nodes: sliced, tensors: [W, fc, ...pieces] }, { nodes: fixed, tensors: [W, fc] });
  });

  it("reshapes vectors by axes of size 1 and refuses what mixes values", () => {
    const reshape = (...shape: number[]): Sketch => ({
      nodes: [node("GlobalAveragePool", ["x"], "p"), node("Reshape", ["p", "s"], "y")],
      tensors: [ints("s", ...shape)],
    });
    for (const shape of [
      [0, 3],
      [-1, 3],
      [0, -1],
      [-1, 3, 1, 1],
      [0, 1, 1, 3],
    ]) {
      expect(ops(reshape(...shape))).toEqual(["input", "globalAveragePool"]);
    }
    for (const shape of [[-1, 2], [-1, -1], [3, -1], [7]])
      expect(refusal(reshape(...shape))).toMatchSnapshot();
    const split = { nodes: [node("Reshape", ["x", "s"], "y")], tensors: [ints("s", 0, 3, 36)] };
    expect(refusal(split)).toMatchSnapshot();
  });
});

describe("channels", () => {
  it("gathers, slices, pads and joins them", () => {
    const pick = {
      nodes: [node("Gather", ["x", "i"], "y", { axis: 1 })],
      tensors: [ints("i", 2, -3, 2)],
    };
    expect(lastOp(pick)).toEqual({ kind: "channelSelect", indices: [2, 0, 2] });
    const pad = {
      nodes: [node("Pad", ["x", "p"], "y")],
      tensors: [ints("p", 0, 1, 0, 0, 0, 2, 0, 0)],
    };
    expect(lastOp(pad)).toEqual({ kind: "channelSelect", indices: [-1, 0, 1, 2, -1, -1] });
    const old = { nodes: [node("Pad", ["x"], "y", { pads: [0, 1, 0, 0, 0, 0, 0, 0] })], opset: 10 };
    expect(lastOp(old)).toEqual({ kind: "channelSelect", indices: [-1, 0, 1, 2] });
    const slices = [ints("s", 1), ints("e", Number.MAX_SAFE_INTEGER), ints("a", 1)];
    const slice = { nodes: [node("Slice", ["x", "s", "e", "a"], "y")], tensors: slices };
    expect(lastOp(slice)).toEqual({ kind: "channelSelect", indices: [1, 2] });
    const half = {
      nodes: [node("Slice", ["x"], "y", { starts: [0, 0], ends: [99, 99], axes: [2, 3] })],
      opset: 9,
    };
    expect(ops(half)).toEqual(["input"]);
    const join = {
      nodes: [node("Relu", ["x"], "r"), node("Concat", ["x", "r"], "y", { axis: -3 })],
    };
    expect(ops(join)).toEqual(["input", "relu", "concat"]);
  });

  it("takes every second pixel as a pooling of one", () => {
    const tensors = [ints("s", 0, 0), ints("e", 6, 6), ints("a", 2, 3), ints("k", 2, 2)];
    const of = { nodes: [node("Slice", ["x", "s", "e", "a", "k"], "y")], tensors };
    expect(lastOp(of)).toMatchObject({ kind: "maxPool", size: [1, 1], stride: [2, 2] });
  });

  it("hands pads on to the convolution that follows", () => {
    const tensors = [W, ints("p", 0, 0, 1, 2, 0, 0, 0, 1)];
    const of = { nodes: [node("Pad", ["x", "p"], "t"), conv({}, "t")], tensors };
    expect(lastOp(of)).toMatchObject({ kind: "conv2d", padding: [1, 0, 2, 1] });
  });

  it.each([
    [
      "a pooling behind a Pad",
      [node("Pad", ["x", "p"], "t"), node("MaxPool", ["t"], "y", { kernel_shape: [2, 2] })],
    ],
    ["reflecting", [node("Pad", ["x", "p"], "t", { mode: "reflect" }), conv({}, "t")]],
    ["another axis", [node("Gather", ["x", "p"], "y", { axis: 2 })]],
    ["a channel that is not there", [node("Gather", ["x", "far"], "y", { axis: 1 })]],
    ["a billion channels", [node("Pad", ["x", "huge"], "y")]],
    ["joining by rows", [node("Concat", ["x", "x"], "y", { axis: 2 })]],
    ["a piece of the map", [node("Slice", ["x", "one", "far", "two"], "y")]],
  ])("refuses %s", (_, nodes) => {
    const tensors = [
      W,
      ints("p", 0, 0, 1, 1, 0, 0, 1, 1),
      ints("far", 3),
      ints("one", 1),
      ints("two", 2),
      ints("huge", 0, 2 ** 30, 0, 0, 0, 0, 0, 0),
    ];
    expect(refusal({ nodes, tensors })).toMatchSnapshot();
  });

  it("adds several, and softmax only at the end", () => {
    expect(ops({ nodes: [node("Sum", ["x", "x", "x"], "y")] })).toEqual(["input", "add"]);
    const soft = [
      node("GlobalAveragePool", ["x"], "p"),
      node("Flatten", ["p"], "f"),
      node("Softmax", ["f"], "y"),
    ];
    expect(ops({ nodes: soft, opset: 11 })).toEqual(["input", "globalAveragePool", "softmax"]);
    const early = [...soft.slice(0, 2), node("Softmax", ["f"], "s"), node("Relu", ["s"], "y")];
    expect(refusal({ nodes: early })).toMatchSnapshot();
  });
});

describe("numbers", () => {
  const kernel = numbers(12);
  const typed = (dataType: number, payload: TensorProto["payload"]): Float32Array | undefined => {
    const tensor = { name: "c.weight", dims: [4, 3, 1, 1], dataType, payload };
    const nodes = [node("Conv", ["x", "c.weight"], "y")];
    return read({ nodes, tensors: [tensor] }).network.weights.get("c/kernel")?.values;
  };
  const bytes = (buffer: ArrayBufferLike): Uint8Array => new Uint8Array(buffer as ArrayBuffer);
  const expected = Float32Array.from(
    { length: 12 },
    (_, i) => kernel[(i % 4) * 3 + Math.floor(i / 4)] ?? 0,
  );

  it("reads raw and typed values alike, and wider ones rounded", () => {
    const raw = bytes(kernel.slice().buffer);
    expect(typed(1, { kind: "raw", bytes: raw })).toEqual(expected);
    expect(typed(1, { kind: "float", bytes: raw })).toEqual(expected);
    const wide = bytes(Float64Array.from(kernel).buffer);
    expect(typed(11, { kind: "raw", bytes: wide })).toEqual(expected);
    expect(typed(11, { kind: "double", bytes: wide })).toEqual(expected);
  });

  it("widens float16 and bfloat16, raw or as varints, and says so", () => {
    const ones = new Uint16Array(12).fill(0x3c00);
    expect(typed(10, { kind: "raw", bytes: bytes(ones.buffer) })).toEqual(
      new Float32Array(12).fill(1),
    );
    const varints = Uint8Array.from(Array.from(ones).flatMap(() => [0x80, 0x78]));
    expect(typed(10, { kind: "varint", bytes: varints })).toEqual(new Float32Array(12).fill(1));
    const brain = bytes(new Uint16Array(12).fill(0x4000).buffer);
    expect(typed(16, { kind: "raw", bytes: brain })).toEqual(new Float32Array(12).fill(2));
    const tensor = {
      name: "w",
      dims: [4, 3, 1, 1],
      dataType: 16,
      payload: { kind: "raw", bytes: brain },
    } as const;
    expect(read({ nodes: [conv()], tensors: [tensor] }).notes).toEqual([
      "weights stored as bfloat16 became float32",
    ]);
  });

  it("takes data from a file that was dropped too, and only from there", () => {
    const entries = new Map([
      ["location", "net.data"],
      ["offset", "4"],
      ["length", "48"],
    ]);
    const tensor = {
      name: "w",
      dims: [4, 3, 1, 1],
      dataType: 1,
      payload: { kind: "external", entries },
    } as const;
    const file = encodeModel(sketch({ nodes: [conv()], tensors: [tensor] }));
    const outside = new Uint8Array(52);
    outside.set(bytes(kernel.slice().buffer), 4);
    const asked: string[] = [];
    const { network } = readOnnx(file, "net.onnx", (path) => {
      asked.push(path);
      return outside;
    });
    expect(network.weights.get("n_y/kernel")?.values).toEqual(expected);
    expect(asked).toEqual(["net.data"]);
    expect(() => readOnnx(file, "net.onnx", () => outside.subarray(8))).toThrow(
      expect.objectContaining({ code: "files/truncated" }),
    );
    expect(() => readOnnx(file, "net.onnx")).toThrow(
      expect.objectContaining({ code: "files/missing-part" }),
    );
  });

  describe("of large weights in another file", () => {
    const FEATURES = 20_000;
    const outside = new Uint8Array(FEATURES * 1000 * 4);
    const external = (name: string, ...dims: number[]): TensorProto => ({
      name,
      dims,
      dataType: 1,
      payload: { kind: "external", entries: new Map([["location", "net.data"]]) },
    });

    it("counts the file's own size, so that 80 MB open behind a model of some hundred bytes", () => {
      new DataView(outside.buffer).setFloat32(4, 1, true);
      const file = model({
        input: value("x", "N", FEATURES),
        nodes: [node("Gemm", ["x", "fc"], "y")],
        tensors: [external("fc", FEATURES, 1000)],
      });
      expect(file.length).toBeLessThan(1000);
      const { network } = readOnnx(file, "net.onnx", () => outside);
      expect(network.weights.get("n_y/kernel")?.values.slice(0, 3)).toEqual(
        Float32Array.of(0, 1, 0),
      );
    });

    it("does not make numbers of the same bytes without end", () => {
      const layers = Array.from({ length: 6 }, (_, i) => `w${i}`);
      const file = model({
        input: value("x", "N", 1000),
        nodes: layers.map((layer, i) =>
          node("Gemm", [i === 0 ? "x" : `y${i - 1}`, layer], i === 5 ? "y" : `y${i}`),
        ),
        tensors: layers.map((layer) => external(layer, 1000, 1000)),
      });
      const million = outside.subarray(0, 4_000_000);
      expect(() => readOnnx(file, "net.onnx", () => million)).not.toThrow();
      const many = Array.from({ length: 40 }, (_, i) => external(`s${i}`, 1_000_000));
      const greedy = model({
        input: value("x", "N", 1000),
        nodes: [
          ...many.map(({ name }, i) => node("Identity", [name], `i${i}`)),
          node("Gemm", ["x", "w"], "y"),
        ],
        tensors: [...many, external("w", 1000, 1000)],
      });
      expect(() => readOnnx(greedy, "net.onnx", () => million)).toThrow(
        expect.objectContaining({
          code: "files/over-limit",
          where: expect.stringContaining("external_data") as string,
        }),
      );
    });
  });
});
