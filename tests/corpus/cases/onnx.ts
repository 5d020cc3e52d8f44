/** @file ONNX models: one of each kind; `src/files/onnx/hostile.test.ts` has many more of them. */
import {
  floats,
  ints,
  model,
  node,
  type Sketch,
  value,
  weights,
} from "../../../src/files/onnx/testing/models.ts";
import { file, join } from "../../../src/files/testing/samples.ts";
import { type Cases, one } from "./case.ts";

const CONV = node("Conv", ["x", "w"], "y");
const W = weights("w", 4, 3, 3, 3);
const of = (sketch: Sketch): File[] => one("net.onnx", model(sketch));
const whole = model({ nodes: [CONV], tensors: [W] });

/** Weights in another file, of which so many bytes are wanted from a place. */
const external = (location: string, offset = "0"): File[] => {
  const entries = new Map([
    ["location", location],
    ["offset", offset],
    ["length", "432"],
  ]);
  return of({ nodes: [CONV], tensors: [{ ...W, payload: { kind: "external", entries } }] });
};
const DATA = new Uint8Array(432);

export const ONNX: Cases = {
  "onnx/truncated": () => one("net.onnx", whole.subarray(0, 200)),
  "onnx/length-that-lies": () =>
    one(
      "net.onnx",
      join(whole.subarray(0, 6), Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0x7f), whole.subarray(6)),
    ),
  "onnx/shape-disagrees": () => of({ nodes: [CONV], tensors: [{ ...W, dims: [5, 3, 3, 3] }] }),
  "onnx/sizes-that-overflow": () =>
    of({ nodes: [CONV], tensors: [{ ...W, dims: [2 ** 31, 2 ** 31, 2 ** 31, 2] }] }),
  "onnx/nine-axes": () => of({ nodes: [CONV], tensors: [{ ...W, dims: Array(9).fill(1) }] }),
  "onnx/shape-that-doubles": () =>
    of({
      nodes: [
        ...Array.from({ length: 40 }, (_, i) => node("Concat", [`s${i}`, `s${i}`], `s${i + 1}`)),
        node("Relu", ["x"], "y"),
      ],
      tensors: [ints("s0", 1)],
    }),
  "onnx/text-as-weights": () => of({ nodes: [CONV], tensors: [{ ...W, dataType: 8 }] }),
  "onnx/data-cut-short": () => [...external("w.bin", "8"), file("w.bin", DATA)],
  "onnx/data-outside": () => [...external("w.bin", "9007199254740991"), file("w.bin", DATA)],
  "onnx/data-missing": () => external("w.bin"),
  "onnx/data-at-an-address": () => [...external("https://example.org/w.bin"), file("w.bin", DATA)],
  "onnx/data-further-up": () => [...external("../../etc/passwd"), file("passwd", DATA)],
  "onnx/value-twice": () => of({ nodes: [CONV, node("Relu", ["x"], "y")], tensors: [W] }),
  "onnx/weight-twice": () => of({ nodes: [CONV], tensors: [W, W] }),
  "onnx/missing-input": () => of({ nodes: [node("Conv", ["x", "nowhere"], "y")] }),
  "onnx/many-unknown-ops": () =>
    of({
      nodes: [
        node("LSTM", ["x"], "a"),
        node("Resize", ["a"], "b"),
        node("Einsum", ["b"], "c"),
        { ...node("Fused", ["c"], "y"), domain: "com.microsoft" },
      ],
    }),
  "onnx/code": () =>
    of({
      nodes: [{ ...node("PyOp", ["x"], "y"), domain: "ai.onnx.contrib" }],
    }),
  "onnx/nan-weights": () =>
    of({ nodes: [CONV], tensors: [floats("w", [1, 3, 1, 1], [1, Number.NaN, 3])] }),
  "onnx/circle": () =>
    of({
      nodes: [node("Add", ["x", "b"], "a"), node("Relu", ["a"], "b"), node("Relu", ["b"], "y")],
    }),
  "onnx/bad-setting": () =>
    of({ nodes: [node("Conv", ["x", "w"], "y", { strides: [0, 1] })], tensors: [W] }),
  "onnx/open-height": () =>
    of({ nodes: [CONV], tensors: [W], input: value("x", "N", 3, "height", "width") }),
  "onnx/called-proto": () =>
    of({ nodes: [node("__proto__", ["x"], "constructor")], output: "constructor" }),
};
