/** @file What can be said of a graph with ops that are not ours: as much as the file tells, and no more. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { known, sizeOf } from "../../core/index.ts";
import { openFiles } from "../open.ts";
import { UnrunnableNetwork, type Sketch, type SketchLayer } from "../sketch.ts";
import { broadcast } from "./broadcast.ts";
import { DATA_TYPES, type TensorProto } from "./schema.ts";
import { floats, model, node, read, weights, type Sketch as Small } from "./testing/models.ts";
import { type Axis, fresh } from "./values.ts";

const PADS = { pads: [1, 1, 1, 1] };

function drawn(of: Small): Sketch {
  try {
    read(of);
  } catch (error) {
    if (error instanceof UnrunnableNetwork) return error.sketch;
    throw error;
  }
  throw new Error("read as a network");
}

const layer = ({ layers }: Sketch, name: string): SketchLayer =>
  known(
    layers.find((one) => one.name === name),
    name,
  );

const norm = ["gamma", "beta", "mean", "variance"].map((name, i) =>
  floats(name, [4], [1 + i, -0.5, 0, 2]),
);
const UNKNOWN: Small = {
  nodes: [
    node("Conv", ["x", "w1"], "a", PADS),
    node("BatchNormalization", ["a", "gamma", "beta", "mean", "variance"], "b"),
    node("GroupNormalization", ["b", "scale", "bias"], "c", { num_groups: 2 }),
    node("MaxPool", ["c"], "d", { kernel_shape: [2, 2], strides: [2, 2] }),
    node("Magic", ["d", "spell"], "e"),
    node("Conv", ["e", "w2"], "f", PADS),
    node("GlobalAveragePool", ["f"], "y"),
  ],
  tensors: [
    ...norm,
    weights("w1", 4, 3, 3, 3),
    floats("scale", [4], [1, 1, 1, 1]),
    floats("bias", [4], [0, 0, 0, 0]),
    floats("spell", [7], [1, 2, 3, 4, 5, 6, 7]),
    weights("w2", 5, 4, 3, 3),
  ],
};

it("counts what is known before, through and behind ops that it has not", () => {
  const sketch = drawn(UNKNOWN);
  expect(layer(sketch, "x")).toMatchObject({ op: "input", shape: [6, 6, 3] });
  expect(layer(sketch, "n_a")).toEqual({
    name: "n_a",
    op: "Conv",
    shape: [6, 6, 4],
    parameters: 108,
    macs: 6 * 6 * 108,
    problem: null,
  });
  // Running statistics are no parameters.
  expect(layer(sketch, "n_b")).toMatchObject({ shape: [6, 6, 4], parameters: 8, macs: 0 });
  expect(layer(sketch, "n_c")).toEqual({
    name: "n_c",
    op: "GroupNormalization",
    shape: [6, 6, 4],
    parameters: 8,
    macs: 0,
    problem: "Espalier has no GroupNormalization",
  });
  expect(layer(sketch, "n_d")).toMatchObject({ shape: [3, 3, 4], problem: null });
  // An op of which nothing is known may do anything.
  expect(layer(sketch, "n_e")).toMatchObject({ shape: null, parameters: 7, macs: null });
  expect(layer(sketch, "n_f")).toMatchObject({
    shape: null,
    parameters: 180,
    macs: null,
    problem: null,
  });
  expect(layer(sketch, "n_y")).toMatchObject({ shape: null, parameters: 0, macs: 0 });
  expect([...sketch.scales]).toEqual([1, 0.5, 0, 2]);
});

it("says what of an op that is known is not supported, and goes on behind it", () => {
  const sketch = drawn({
    nodes: [
      node("GlobalAveragePool", ["x"], "a"),
      node("Sigmoid", ["a"], "b"),
      node("Mul", ["x", "b"], "c"),
      node("Conv", ["c", "w1"], "y", { ...PADS, dilations: [2, 2] }),
    ],
    tensors: [weights("w1", 4, 3, 3, 3)],
  });
  expect(layer(sketch, "n_c").problem).toMatch(/a constant per channel/);
  expect(layer(sketch, "n_c").shape).toEqual([6, 6, 3]);
  expect(layer(sketch, "n_y")).toMatchObject({ shape: null, parameters: 108, macs: null });
  expect(layer(sketch, "n_y").problem).toMatch(/dilation|\[2,2\]|found/i);
});

it("finds no fault with what a network is read from, swish and folded factors among it", () => {
  const { layers } = drawn({
    nodes: [
      node("Conv", ["x", "w1"], "a", PADS),
      node("Mul", ["a", "k"], "b"),
      node("Sigmoid", ["b"], "c"),
      node("Mul", ["b", "c"], "d"),
      node("Magic", ["d"], "y"),
    ],
    tensors: [weights("w1", 4, 3, 3, 3), floats("k", [4, 1, 1], [1, 2, 3, 4])],
  });
  expect(layers.filter(({ problem }) => problem !== null).map(({ op }) => op)).toEqual(["Magic"]);
});

it("is opened only where that is asked for; otherwise the refusal is what it was", async () => {
  const file = new File([model(UNKNOWN) as BlobPart], "net.onnx");
  const refused = {
    code: "files/unsupported",
    found: "GroupNormalization (n_c), Magic (n_e)",
  };
  await expect(openFiles([file])).rejects.toMatchObject(refused);
  const [opened, ...others] = await openFiles([file], { sketches: true });
  expect(others).toEqual([]);
  expect(opened).toMatchObject({ kind: "sketch", refusal: refused, sketch: { name: "net" } });
});

it("draws no file that is broken, whatever else is wrong with it", async () => {
  const nodes = [node("Magic", ["x"], "a"), node("Conv", ["a", "w1"], "a", PADS)];
  const file = new File([model({ nodes }) as BlobPart], "net.onnx");
  await expect(openFiles([file], { sketches: true })).rejects.toMatchObject({
    code: "files/duplicate-name",
  });
});

/** Numbers of one byte, as quantized files have their weights. */
const bytes = (name: string, ...dims: number[]): TensorProto => ({
  name,
  dims,
  dataType: DATA_TYPES.indexOf("int8"),
  payload: { kind: "raw", bytes: new Uint8Array(sizeOf(dims)) },
});

it("does not take weights that it cannot count for none", () => {
  const sketch = drawn({
    nodes: [
      node("QuantizeLinear", ["x", "one", "zero"], "q"),
      node("DequantizeLinear", ["q", "one", "zero"], "a"),
      node("DequantizeLinear", ["w1", "per", "zeros"], "dw"),
      node("Transpose", ["dw"], "tw"),
      node("Conv", ["a", "tw"], "b", PADS),
      node("QLinearConv", ["b", "one", "zero", "w2", "per", "zeros", "one", "zero"], "c", PADS),
      node("QLinearSigmoid", ["c", "one", "zero", "one", "zero"], "y"),
    ],
    tensors: [
      bytes("w1", 4, 3, 3, 3),
      bytes("w2", 4, 4, 3, 3),
      bytes("zero"),
      bytes("zeros", 4),
      floats("one", [], [1]),
      floats("per", [4], [1, 2, 3, 4]),
    ],
  });
  expect(sketch.layers.map(({ op, parameters, macs }) => [op, parameters, macs])).toEqual([
    ["input", 0, 0],
    ["QuantizeLinear", 0, 0],
    ["DequantizeLinear", 0, 0],
    ["DequantizeLinear", 0, 0],
    ["Transpose", 0, 0],
    ["Conv", null, null],
    ["QLinearConv", null, null],
    // Zero points and scales that are single numbers hide no weights.
    ["QLinearSigmoid", 0, null],
  ]);
});

it("counts weights that stand in Constant nodes, and each of them once", () => {
  const constant = (name: string, ...dims: number[]) =>
    node("Constant", [], name, { value: { kind: "tensor", value: weights(name, ...dims) } });
  const sketch = drawn({
    nodes: [
      constant("w1", 4, 3, 3, 3),
      constant("w2", 4, 4),
      node("Conv", ["x", "w1"], "a", PADS),
      node("Magic", ["a"], "b"),
      node("Conv", ["b", "w1"], "c", PADS),
      node("Transpose", ["w2"], "t"),
      node("MatMul", ["c", "t"], "d"),
      node("MatMul", ["d", "b"], "y"),
    ],
  });
  expect(sketch.layers.map(({ op, parameters, macs }) => [op, parameters, macs])).toEqual([
    ["input", 0, 0],
    ["Conv", 108, 6 * 6 * 108],
    // Nothing is known of it: it may well attend.
    ["Magic", 0, null],
    ["Conv", 0, null],
    ["Transpose", 16, 0],
    ["MatMul", 0, null],
    ["MatMul", 0, null],
  ]);
});

it("hands on the shape that broadcasting makes, and none where inputs do not fit", () => {
  const sketch = drawn({
    nodes: [
      node("Conv", ["x", "w1"], "a", PADS),
      node("GlobalAveragePool", ["x"], "b"),
      node("Mul", ["a", "b"], "c"),
      node("Conv", ["c", "w2"], "d", PADS),
      node("Add", ["a", "k"], "e"),
      node("Add", ["x", "d"], "f"),
      node("Add", ["x", "long"], "g"),
      node("Magic", ["f"], "y"),
    ],
    tensors: [
      weights("w1", 1, 3, 3, 3),
      weights("w2", 5, 3, 3, 3),
      floats("k", [2, 1, 1], [1, 2]),
      floats("long", [7], [1, 2, 3, 4, 5, 6, 7]),
    ],
  });
  expect(layer(sketch, "n_c").shape).toEqual([6, 6, 3]);
  expect(layer(sketch, "n_d")).toMatchObject({ shape: [6, 6, 5], macs: 6 * 6 * 135 });
  expect(layer(sketch, "n_e").shape).toEqual([6, 6, 2]);
  // Three channels and five, a row of six and one of seven.
  expect(layer(sketch, "n_f").shape).toBeNull();
  expect(layer(sketch, "n_g").shape).toBeNull();
});

const AXES = fc.constantFrom<readonly Axis[]>(["n", "c", "h", "w"], ["n", "h", "w", "c"]);
const SIZE = fc.constantFrom(1, 2, 3);

it("finds for each axis the only size that is not 1, whatever the order of axes", () => {
  const shape = fc.tuple(SIZE, SIZE, SIZE);
  fc.assert(
    fc.property(AXES, fc.array(shape, { minLength: 1, maxLength: 3 }), (axes, shapes) => {
      const made = broadcast(shapes.map((one) => fresh("a", one, axes)));
      const sizes = [0, 1, 2].map(
        (i) => new Set(shapes.map((one) => one[i]).filter((s) => s !== 1)),
      );
      const fits = sizes.every(({ size }) => size <= 1);
      const expected = sizes.map(([size = 1]) => size);
      expect(made).toEqual(fits ? { shape: expected, axes } : undefined);
    }),
  );
});
