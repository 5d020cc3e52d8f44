/** @file Axes of channels that cost a file nothing: a few bytes must not ask for lists of a billion. */
import { describe, expect, it } from "vitest";
import { GraphBuilder, type Graph } from "../model/index.ts";
import { graphToJson, readGraph } from "./graph.ts";
import { planKeras } from "./keras/translate.ts";
import { LIMITS } from "./limits.ts";
import { node, read, value } from "./onnx/testing/models.ts";

const over = (where: string): unknown =>
  expect.objectContaining({
    code: "files/over-limit",
    where: expect.stringContaining(where) as unknown,
    expected: expect.stringMatching(/^at most [\d ]+ channels$/) as unknown,
  });

const reading = (graph: Graph) => () => readGraph(graphToJson(graph), "net.safetensors");

function pooled(channels: number): Graph {
  const b = new GraphBuilder();
  return b.finish("wide", b.add("pool", { kind: "globalAveragePool" }, b.input([1, 1, channels])));
}

/** Twice as wide with every node. */
function doubled(times: number): Graph {
  const b = new GraphBuilder();
  let x = b.input([1, 1, 3]);
  for (let i = 0; i < times; i++) x = b.add(`twice${i}`, { kind: "concat" }, x, x);
  return b.finish("doubled", x);
}

function flattened(units: number | undefined): Graph {
  const b = new GraphBuilder();
  const flat = b.add("flat", { kind: "flatten" }, b.input([1024, 512, 3]));
  if (units === undefined) return b.finish("flat", flat);
  return b.finish("flat", b.add("fc", { kind: "dense", units, bias: false }, flat));
}

describe("channels", () => {
  it("are as many as an input may have, and no more", () => {
    expect(reading(pooled(LIMITS.channels))).not.toThrow();
    expect(reading(pooled(LIMITS.channels + 1))).toThrow(over("net.safetensors › input"));
    expect(reading(pooled(2 ** 31))).toThrow(over("input"));
  });

  it("are as many further inside, unless weights stand for them", () => {
    expect(reading(doubled(18))).not.toThrow();
    expect(reading(doubled(19))).toThrow(over("twice18"));
    expect(reading(flattened(1))).not.toThrow();
    expect(reading(flattened(undefined))).toThrow(over("flat"));
  });

  it("are counted before anything is made of an ONNX or a Keras input", () => {
    const nodes = [node("GlobalAveragePool", ["x"], "p"), node("Flatten", ["p"], "y")];
    const onnx = (channels: number) => () =>
      read({ nodes, input: value("x", "N", channels, 1, 1) });
    expect(onnx(LIMITS.channels)).not.toThrow();
    expect(onnx(LIMITS.channels + 1)).toThrow(over("net.onnx › x"));
    const keras = (channels: number) => () =>
      planKeras(
        {
          class_name: "Sequential",
          config: {
            name: "net",
            layers: [
              {
                class_name: "InputLayer",
                config: { name: "in", batch_shape: [null, 1, 1, channels] },
              },
              { class_name: "GlobalAveragePooling2D", config: { name: "pool" } },
            ],
          },
        },
        "net.h5",
      );
    expect(keras(LIMITS.channels)).not.toThrow();
    expect(keras(LIMITS.channels + 1)).toThrow(over("in"));
  });
});
