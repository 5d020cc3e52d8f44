/** @file Files that lie, each with the sentence that is said of it. */
import { describe, expect, it } from "vitest";
import { AppError, explain } from "../../core/index.ts";
import { join, tiny } from "../testing/samples.ts";
import { MessageWriter } from "./protobuf.ts";
import { readOnnx } from "./read.ts";
import { decodeModel, encodeModel, type ModelProto, type TensorProto } from "./schema.ts";
import {
  floats,
  ints,
  model,
  node,
  type Sketch,
  sketch,
  value,
  weights,
} from "./testing/models.ts";
import { writeOnnx } from "./write.ts";

function said(bytes: Uint8Array): string {
  let asked = 0;
  try {
    readOnnx(bytes, "net.onnx", () => {
      asked++;
      return undefined;
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const sentence = explain(error);
    expect(sentence).not.toMatch(/undefined|NaN|null|\[object/);
    return `${error.code} | ${sentence}${asked > 0 ? " (asked)" : ""}`;
  }
  return "accepted";
}

const CONV = node("Conv", ["x", "w"], "y");
const W = weights("w", 4, 3, 3, 3);
const good: Sketch = { nodes: [CONV], tensors: [W] };
const whole = model(good);
const tampered = (edit: (of: ModelProto) => ModelProto): Uint8Array =>
  encodeModel(edit(sketch(good)));
const withTensor = (changes: Partial<TensorProto>): Uint8Array =>
  model({ nodes: [CONV], tensors: [{ ...W, ...changes }] });
const external = (location: string, more: readonly [string, string][] = []): Uint8Array =>
  withTensor({
    payload: { kind: "external", entries: new Map([["location", location], ...more]) },
  });

/** An attribute that holds a graph that holds a node that holds an attribute … */
function nested(depth: number): Uint8Array {
  let attribute = new MessageWriter().text(1, "body").finish();
  for (let i = 0; i < depth; i++) {
    const inner = new MessageWriter().bytes(5, attribute).text(4, "If");
    const body = new MessageWriter().message(1, inner);
    attribute = new MessageWriter().text(1, "body").message(6, body).finish();
  }
  const outer = new MessageWriter().text(1, "x").text(2, "y").text(4, "If").bytes(5, attribute);
  const graph = new MessageWriter().message(1, outer);
  for (const [field, name] of [
    [11, "x"],
    [12, "y"],
  ] as const) {
    graph.message(field, new MessageWriter().text(1, name));
  }
  const opset = new MessageWriter().text(1, "").integer(2, 13);
  return join(
    new MessageWriter().message(7, graph).finish(),
    new MessageWriter().message(8, opset).finish(),
  );
}

const field = (number: number, wire: number): number[] => [number * 8 + wire];
const CASES: Readonly<Record<string, () => Uint8Array>> = {
  empty: () => new Uint8Array(),
  truncated: () => whole.subarray(0, 200),
  "a length beyond the file": () => Uint8Array.from([...field(7, 2), 0xff, 0xff, 0x03, 0x01]),
  "a length of 2^63": () =>
    Uint8Array.from([...field(7, 2), 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]),
  "a length of 2^63 - 1": () =>
    Uint8Array.from([...field(7, 2), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
  "a number of eleven bytes": () =>
    Uint8Array.from([...field(1, 0), ...Array<number>(10).fill(0xff), 1]),
  "a number that does not end": () => Uint8Array.from([...field(1, 0), 0xff]),
  "a group": () => Uint8Array.from(field(7, 3)),
  "field 0": () => Uint8Array.from([2, 0]),
  "the wrong wire type": () => Uint8Array.from([...field(7, 0), 1]),
  "a text that is none": () => Uint8Array.from([...field(2, 2), 1, 0xff]),
  "no graph": () => Uint8Array.from([...field(1, 0), 7]),
  "two graphs": () => join(whole, whole),
  "no opset": () => tampered((of) => ({ ...of, opsets: new Map() })),
  "opset 6": () => tampered((of) => ({ ...of, opsets: new Map([["", 6]]) })),
  "opset 999": () => tampered((of) => ({ ...of, opsets: new Map([["", 999]]) })),
  "sizes whose product overflows": () => withTensor({ dims: [2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31] }),
  "sizes of 2^63": () => withTensor({ dims: [Number.MAX_SAFE_INTEGER, 3, 3, 3] }),
  "negative sizes": () => withTensor({ dims: [4, -3, 3, 3] }),
  "nine axes": () => withTensor({ dims: [1, 1, 1, 1, 1, 1, 1, 1, 1] }),
  "too few bytes": () => withTensor({ dims: [5, 3, 3, 3] }),
  "too many bytes": () => withTensor({ dims: [3, 3, 3, 3] }),
  "no bytes at all": () => withTensor({ payload: { kind: "raw", bytes: new Uint8Array() } }),
  "a list of another type": () =>
    withTensor({ payload: { kind: "double", bytes: new Uint8Array(864) } }),
  "text as weights": () => withTensor({ dataType: 8 }),
  "an unknown type": () => withTensor({ dataType: 77 }),
  "integers as weights": () => withTensor({ dataType: 6 }),
  "not a number": () =>
    model({ nodes: [CONV], tensors: [floats("w", [1, 3, 1, 1], [1, Number.NaN, 3])] }),
  "the same initializer twice": () => model({ nodes: [CONV], tensors: [W, W] }),
  "the same value twice": () => model({ nodes: [CONV, node("Relu", ["x"], "y")], tensors: [W] }),
  "a circle": () =>
    model({
      nodes: [node("Add", ["x", "b"], "a"), node("Relu", ["a"], "b"), node("Relu", ["b"], "y")],
    }),
  "a node that reads itself": () => model({ nodes: [node("Relu", ["y"], "y")] }),
  "a missing input": () => model({ nodes: [node("Conv", ["x", "nowhere"], "y")] }),
  "an input left out": () => model({ nodes: [node("Conv", ["x"], "y")] }),
  "a second output": () =>
    model({
      nodes: [
        { ...node("MaxPool", ["x"], "m", { kernel_shape: [2, 2] }), outputs: ["m", "i"] },
        node("Relu", ["i"], "y"),
      ],
    }),
  "a node without output": () => model({ nodes: [CONV, node("Relu", ["x"], "")], tensors: [W] }),
  "a node that nothing reads": () =>
    model({ nodes: [CONV, node("Relu", ["x"], "lost")], tensors: [W] }),
  "two inputs": () =>
    tampered((of) => ({
      ...of,
      graph: { ...of.graph, inputs: [value("x", 1, 3, 6, 6), value("x2", 1, 3, 6, 6)] },
    })),
  "two outputs": () =>
    tampered((of) => ({ ...of, graph: { ...of.graph, outputs: [value("y"), value("z")] } })),
  "no output": () => tampered((of) => ({ ...of, graph: { ...of.graph, outputs: [] } })),
  "an output that is a weight": () =>
    tampered((of) => ({ ...of, graph: { ...of.graph, outputs: [value("w")] } })),
  "an open height": () => model({ ...good, input: value("x", "N", 3, "height", "width") }),
  "an input without sizes": () =>
    tampered((of) => ({
      ...of,
      graph: { ...of.graph, inputs: [{ name: "x", dataType: 1, dims: undefined }] },
    })),
  "an input of bytes": () =>
    tampered((of) => ({
      ...of,
      graph: { ...of.graph, inputs: [{ name: "x", dataType: 2, dims: ["N", 3, 6, 6] }] },
    })),
  "a map of 2^82 values": () =>
    model({ nodes: [node("Relu", ["x"], "y")], input: value("x", 1, 2 ** 20, 2 ** 31, 2 ** 31) }),
  "a map that flattens to 2^40": () =>
    model({
      nodes: [node("Flatten", ["x"], "y")],
      input: value("x", 1, 2 ** 10, 2 ** 15, 2 ** 15),
    }),
  "unknown ops, all at once": () =>
    model({
      nodes: [
        node("LSTM", ["x"], "a"),
        node("Resize", ["a"], "b"),
        node("Resize", ["b"], "c"),
        { ...node("Fused", ["c"], "y"), domain: "com.microsoft" },
      ],
    }),
  "If and Loop": () =>
    model({
      nodes: [node("If", ["x"], "a", { then_branch: { kind: "other" } }), node("Loop", ["a"], "y")],
    }),
  "graphs nested 2 000 deep": () => nested(2000),
  "a shape that doubles forty times": () =>
    model({
      nodes: [
        ...Array.from({ length: 40 }, (_, i) => node("Concat", [`s${i}`, `s${i}`], `s${i + 1}`)),
        node("Relu", ["x"], "y"),
      ],
      tensors: [ints("s0", 1)],
    }),
  "one kernel for five thousand convolutions": () =>
    model({
      nodes: Array.from({ length: 5000 }, (_, i) =>
        node("Conv", [i === 0 ? "x" : `a${i - 1}`, "w"], i === 4999 ? "y" : `a${i}`),
      ),
      tensors: [weights("w", 128, 128, 1, 1)],
      input: value("x", 1, 128, 2, 2),
    }),
  "a selection of many channels, a thousand times": () =>
    model({
      nodes: [
        ...Array.from({ length: 1000 }, (_, i) => node("Pad", ["x", "p"], `a${i}`)),
        node("Sum", ["a0", "a1"], "y"),
      ],
      tensors: [ints("p", 0, 60_000, 0, 0, 0, 0, 0, 0)],
    }),
  "a factor for two billion channels": () =>
    model({
      nodes: [node("Mul", ["x", "k"], "y")],
      tensors: [floats("k", [], [2])],
      input: value("x", 1, 2 ** 31 - 1, 1, 1),
    }),
  "an absolute path": () => external("/etc/passwd"),
  "a path upwards": () => external("data/../../secret"),
  "a path of Windows": () => external("C:\\secret"),
  "an address": () => external("https://example.org/w.bin"),
  "no path": () => external(""),
  "a path beside the model": () => external("w.bin"),
  "another graph's metadata": () => {
    const own = decodeModel(writeOnnx(tiny(), "net.onnx").bytes, "net.onnx");
    return encodeModel({ ...sketch(good), metadata: own.metadata });
  },
  "metadata that is no JSON": () =>
    tampered((of) => ({ ...of, metadata: new Map([["espalier", "{"]]) })),
  "metadata of a newer version": () =>
    tampered((of) => ({ ...of, metadata: new Map([["espalier", '{"version":2,"graph":{}}']]) })),
  "a bad list of axes": () => model({ nodes: [node("Squeeze", ["x"], "y", { axes: [9] })] }),
  "a perm that drops an axis": () =>
    model({ nodes: [node("Transpose", ["x"], "y", { perm: [0, 0, 1, 2] })] }),
  "a shape of ten axes": () =>
    model({
      nodes: [node("Unsqueeze", ["p", "a"], "y")],
      tensors: [ints("a", 1, 2, 3, 4, 5, 6, 7, 8, 9), floats("p", [], [1])],
    }),
};

describe("hostile files", () => {
  it("are good to begin with", () => {
    expect(said(whole)).toBe("accepted");
  });

  it.each(Object.entries(CASES))("%s", (_, make) => {
    expect(said(make())).toMatchSnapshot();
  });
});
