/**
 * @file A network as an ONNX file, so that onnxruntime can run it: the ops of the zoo and no others, in
 * opset 13. Only for this benchmark. Protocol buffers are written field by field: a key, then a number
 * or a length with bytes; the numbers of the fields are those of onnx.proto.
 */
import { AppError, channelsOf, known, sizeOf, type Shape } from "../../src/core/index.ts";
import {
  endsOf,
  factsOf,
  tensorName,
  type Network,
  type NodeFacts,
  type Op,
  type Tensor,
} from "../../src/model/index.ts";

export const INPUT = "image";
export const OUTPUT = "logits";

const OPSET = 13;
const IR_VERSION = 7;
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_TYPES = { f: 1, i: 2, ints: 7 } as const;

type Bytes = readonly number[] | Uint8Array;

/** Below 2⁵³ and not negative, seven bits a byte. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

const join = (parts: readonly Bytes[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

const number = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)];
const float = (field: number, value: number): Bytes => [
  ...varint(field * 8 + 5),
  ...new Uint8Array(Float32Array.of(value).buffer),
];
const message = (field: number, ...parts: readonly Bytes[]): Bytes => {
  const body = join(parts);
  return join([varint(field * 8 + 2), varint(body.length), body]);
};
const text = (field: number, value: string): Bytes =>
  message(field, new TextEncoder().encode(value));

type Attribute = { f: number } | { i: number } | { ints: readonly number[] };

function attribute(name: string, value: Attribute): Bytes {
  if ("f" in value) return message(5, text(1, name), float(2, value.f), number(20, 1));
  const [numbers, field, type] =
    "i" in value ? [[value.i], 3, ATTRIBUTE_TYPES.i] : [value.ints, 8, ATTRIBUTE_TYPES.ints];
  return message(5, text(1, name), ...numbers.map((n) => number(field, n)), number(20, type));
}

/** Nodes and initializers of the file, as they come. */
class OnnxGraph {
  readonly #nodes: Bytes[] = [];
  readonly #initializers: Bytes[] = [];

  node(
    type: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, Attribute> = {},
  ): string {
    const parts = Object.entries(attributes).map(([name, value]) => attribute(name, value));
    this.#nodes.push(
      message(1, ...inputs.map((name) => text(1, name)), text(2, output), text(4, type), ...parts),
    );
    return output;
  }

  floats(name: string, dims: Shape, values: Float32Array): string {
    return this.#initializer(name, dims, FLOAT, new Uint8Array(values.slice().buffer));
  }

  integers(name: string, values: readonly number[]): string {
    const wide = BigInt64Array.from(values.map(BigInt));
    return this.#initializer(name, [values.length], INT64, new Uint8Array(wide.buffer));
  }

  #initializer(name: string, dims: Shape, type: number, raw: Uint8Array): string {
    const shape = dims.map((dim) => number(1, dim));
    this.#initializers.push(message(5, ...shape, number(2, type), text(8, name), message(9, raw)));
    return name;
  }

  /** The whole file. The batch has a name instead of a size. */
  file(input: Shape, output: Shape): Uint8Array {
    const value = (field: number, name: string, dims: Shape): Bytes => {
      const sizes = dims.map((dim) => message(1, number(1, dim)));
      const shape = message(2, message(1, text(2, "batch")), ...sizes);
      return message(field, text(1, name), message(2, message(1, number(1, FLOAT), shape)));
    };
    return join([
      number(1, IR_VERSION),
      message(
        7,
        ...this.#nodes,
        text(2, "network"),
        ...this.#initializers,
        value(11, INPUT, input),
        value(12, OUTPUT, output),
      ),
      message(8, text(1, ""), number(2, OPSET)),
    ]);
  }
}

/** `[kh, kw, cin, cout]` → `[cout, cin, kh, kw]`. */
function toOihw({ shape, values }: Tensor): Tensor {
  const [kh = 1, kw = 1, cin = 1, cout = 1] = shape;
  const turned = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const [out, tap] = [i % cout, Math.floor(i / (cout * cin))];
    const into = Math.floor(i / cout) % cin;
    turned[(out * cin + into) * kh * kw + tap] = values[i] ?? 0;
  }
  return { shape: [cout, cin, kh, kw], values: turned };
}

/** ONNX names both pads of all axes: first those before, then those after. */
function windowAttributes({ size, stride, padding }: Extract<Op, { kind: "maxPool" }>) {
  const [top, bottom, left, right] = padding;
  return {
    kernel_shape: { ints: size },
    strides: { ints: stride },
    pads: { ints: [top, left, bottom, right] },
  };
}

/**
 * Channels in a new place. Zeros around all of them are padding; anything else is a gathering.
 * @throws files/unsupported for zeros between channels
 */
function writeSelection(
  graph: OnnxGraph,
  { node, inputs: [shape = []] }: NodeFacts,
  indices: readonly number[],
  from: string,
): void {
  const before = indices.findIndex((index) => index >= 0);
  const channels = channelsOf(shape);
  const after = indices.length - channels - before;
  if (
    indices.every((index, j) => index === (j >= before && j < before + channels ? j - before : -1))
  ) {
    const pads = graph.integers(`${node.name}/pads`, [0, before, 0, 0, 0, after, 0, 0]);
    graph.node("Pad", [from, pads], node.name);
    return;
  }
  if (indices.includes(-1)) throw unsupported(node.name, "zeros between channels");
  const kept = graph.integers(`${node.name}/indices`, indices);
  graph.node("Gather", [from, kept], node.name, { axis: { i: 1 } });
}

function writeNode(graph: OnnxGraph, facts: NodeFacts, network: Network): void {
  const { node, inputs: shapes } = facts;
  const { op, name } = node;
  const inputs = node.inputs.map((input) => (network.nodes[0]?.name === input ? INPUT : input));
  const [from = ""] = inputs;
  const weightOf = (slot: string): Tensor =>
    known(network.weights.get(tensorName(name, slot)), tensorName(name, slot));
  const weight = (slot: string, { shape, values } = weightOf(slot)): string =>
    graph.floats(tensorName(name, slot), shape, values);
  switch (op.kind) {
    case "input":
      return;
    case "conv2d": {
      const kernel = weight("kernel", toOihw(weightOf("kernel")));
      const operands = op.bias ? [from, kernel, weight("bias")] : [from, kernel];
      const attributes = {
        ...windowAttributes({ ...op, kind: "maxPool" }),
        group: { i: op.groups },
      };
      graph.node("Conv", operands, name, attributes);
      return;
    }
    case "batchNorm": {
      const operands = ["gamma", "beta", "mean", "variance"].map((slot) => weight(slot));
      graph.node("BatchNormalization", [from, ...operands], name, { epsilon: { f: op.epsilon } });
      return;
    }
    case "relu":
      graph.node("Relu", [from], name);
      return;
    case "maxPool":
      graph.node("MaxPool", [from], name, windowAttributes(op));
      return;
    case "averagePool":
      graph.node("AveragePool", [from], name, windowAttributes({ ...op, kind: "maxPool" }));
      return;
    case "globalAveragePool":
      graph.node("Flatten", [graph.node("GlobalAveragePool", [from], `${name}/mean`)], name);
      return;
    case "flatten": {
      // Channels are innermost here; on a map of one pixel that makes no difference.
      const [height = 1, width = 1] = shapes[0] ?? [];
      const perm = { perm: { ints: [0, 2, 3, 1] } };
      const turned =
        height * width === 1 ? from : graph.node("Transpose", [from], `${name}/nhwc`, perm);
      graph.node("Flatten", [turned], name);
      return;
    }
    case "dense":
      graph.node("Gemm", [from, weight("kernel"), ...(op.bias ? [weight("bias")] : [])], name);
      return;
    case "add":
      graph.node(inputs.length === 2 ? "Add" : "Sum", inputs, name);
      return;
    case "concat":
      graph.node("Concat", inputs, name, { axis: { i: 1 } });
      return;
    case "channelSelect":
      writeSelection(graph, facts, op.indices, from);
      return;
    case "relu6":
    case "elu":
    case "leakyRelu":
    case "swish":
    case "tanh":
    case "softmax":
      throw unsupported(name, op.kind);
  }
}

function unsupported(where: string, found: string): AppError {
  return new AppError("files/unsupported", { where, expected: "an op of the zoo", found });
}

/** The file's bytes. */
export function writeOnnx(network: Network): Uint8Array {
  const graph = new OnnxGraph();
  for (const facts of factsOf(network).values()) writeNode(graph, facts, network);
  graph.node("Identity", [network.output], OUTPUT);
  const { input, output } = endsOf(network);
  const [height = 1, width = 1, channels = 1] = input;
  return graph.file([channels, height, width], [sizeOf(output)]);
}
