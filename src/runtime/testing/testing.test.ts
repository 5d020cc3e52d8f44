/** @file The tests' own tools: one that always says yes would make every other test worthless. */
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { GraphBuilder } from "../../model/index.ts";
import { compile } from "../index.ts";
import { openInNode } from "./backends.ts";
import { CASES, fill } from "./cases.ts";
import { distance } from "./close.ts";
import { beyond } from "./conformance.ts";
import { addHolder, corners, heldBy, SPACING, spacedValues } from "./holder.ts";
import { peakBytesOf, withLeakCheck } from "./leaks.ts";
import { answerOf } from "./reference.ts";

beforeAll(() => openInNode("cpu"));

describe("distance", () => {
  it("measures by the largest expected value", () => {
    expect(distance([1, 2.02], [1, 2])).toBeCloseTo(0.01, 10);
    expect(distance([5, 5], [5, 5])).toBe(0);
  });

  it("never lets a NaN or a missing value pass", () => {
    expect(distance([NaN, 1], [1, 1])).toBeNaN();
    expect(distance([1, 1], [NaN, 1])).toBeNaN();
    expect(distance([], [1])).toBe(Infinity);
    expect(beyond({ a: NaN, b: Infinity, c: 0 }, () => 1)).toEqual({ a: NaN, b: Infinity });
  });
});

describe("withLeakCheck", () => {
  it("lets through what gives everything back", async () => {
    await expect(withLeakCheck(() => tf.tidy(() => tf.add(1, 2).dataSync()[0]))).resolves.toBe(3);
  });

  it("reports a tensor too many and a tensor too few", async () => {
    const kept: tf.Tensor[] = [];
    await expect(withLeakCheck(() => kept.push(tf.scalar(1)))).rejects.toThrow(/^leak: /);
    await expect(withLeakCheck(() => kept.pop()?.dispose())).rejects.toThrow(/^leak: /);
  });

  it("measures the highest tide, not the last", async () => {
    const bytes = await peakBytesOf(async () => {
      const a = tf.ones([1000]);
      const b = tf.square(a);
      await b.data();
      tf.dispose([a, b]);
      tf.square(1).dispose();
    });
    expect(bytes).toBe(8000);
  });
});

describe("a holder", () => {
  it("puts out its own kernel, turned around, image by image", async () => {
    const shape = [3, 2, 4];
    const b = new GraphBuilder();
    const graph = b.finish("held", addHolder(b, "x", shape, b.input([3, 2, 2])));
    const network = fill(graph);
    const program = compile(network, await openInNode("cpu"), 2);
    const kernel = network.weights.get("x/kernel")?.values ?? new Float32Array();
    expect(await program.forward(corners(2, shape))).toEqual(heldBy(kernel, 2, shape));
    program.dispose();
  });

  it("holds values without ties or kinks", () => {
    const values = spacedValues([6, 7, 4, 2], 3, 3);
    expect(new Set(values).size).toBe(values.length);
    const nearest = Math.min(...[...values].flatMap((v) => [Math.abs(v), Math.abs(v - 6)]));
    expect(nearest).toBeGreaterThan(SPACING * 0.49);
    expect(Math.min(...values)).toBeLessThan(0);
    expect(Math.max(...values)).toBeGreaterThan(6);
  });
});

describe("the reference", () => {
  it("notices a weight that is off by a thousandth", () => {
    for (const { network, images, labels } of CASES.slice(0, 3)) {
      const kernel = network.weights.get("conv/kernel");
      expect.assert(kernel !== undefined);
      const values = kernel.values.with(0, (kernel.values[0] ?? 0) + 1e-3);
      const weights = new Map([...network.weights, ["conv/kernel", { ...kernel, values }]]);
      const [right, wrong] = [network, { ...network, weights }].map((one) =>
        answerOf(one, images, labels),
      );
      expect(distance(wrong?.output ?? [], right?.output ?? [])).toBeGreaterThan(1e-5);
    }
  });
});
