/**
 * @file The kernels that are registered under TensorFlow.js' own names serve plain TensorFlow.js code
 * too: whoever differentiates with its tape on wasm gets what cpu gives, from our kernels and from the
 * composed ones that stand in for them. Stock tfjs-backend-wasm throws here. 1e-5 of the largest
 * value: a few dozen float32 products in another order.
 */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend, type Backend } from "../../index.ts";
import { NODE_WASM_PATHS, openInNode } from "../../testing/backends.ts";
import { CASES } from "../../testing/cases.ts";
import { distance } from "../../testing/close.ts";
import { beyond, distancesTo, referenceAnswers } from "../../testing/conformance.ts";
import { withLeakCheck } from "../../testing/leaks.ts";

/** Reproducible numbers between −1 and 1, all different. */
const waves = (...shape: number[]): tf.Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(1 + i * 12.9898));
  return tf.tensor(values, shape);
};

type Make = () => { loss: (...xs: tf.Tensor[]) => tf.Scalar; at: tf.Tensor[] };

/** Loss Σ y·weight with a different weight for every output. */
const weighed = (y: tf.Tensor): tf.Scalar =>
  tf.sum(tf.mul(y, tf.cos(tf.reshape(tf.range(0, y.size), y.shape))));

const PROGRAMS: readonly (readonly [string, Make])[] = [
  [
    "conv2d, padded 'same', stride 2",
    () => ({
      loss: (x, w) => weighed(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, "same")),
      at: [waves(2, 7, 6, 3), waves(3, 3, 3, 4)],
    }),
  ],
  [
    "conv2d, 'valid', without a batch axis",
    () => ({
      loss: (x, w) => weighed(tf.conv2d(x as tf.Tensor3D, w as tf.Tensor4D, [1, 2], "valid")),
      at: [waves(6, 6, 2), waves(2, 3, 2, 3)],
    }),
  ],
  [
    "conv2d, padded by a number",
    () => ({
      loss: (x, w) => weighed(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 2)),
      at: [waves(1, 4, 5, 2), waves(5, 5, 2, 2)],
    }),
  ],
  [
    "depthwiseConv2d with two outputs a channel",
    () => ({
      loss: (x, w) => weighed(tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same")),
      at: [waves(2, 5, 6, 3), waves(3, 3, 3, 2)],
    }),
  ],
  [
    "depthwiseConv2d, stride 2",
    () => ({
      loss: (x, w) => weighed(tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, "same")),
      at: [waves(2, 6, 6, 3), waves(3, 3, 3, 1)],
    }),
  ],
  [
    "conv2dTranspose",
    () => ({
      loss: (x, w) =>
        weighed(tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 7, 7, 2], 2, "valid")),
      at: [waves(2, 3, 3, 4), waves(3, 3, 2, 4)],
    }),
  ],
  [
    "gather along the last axis, one index twice",
    () => ({
      loss: (x) => weighed(tf.gather(x, tf.tensor1d([2, 0, 2], "int32"), 3)),
      at: [waves(2, 3, 2, 4)],
    }),
  ],
  [
    "gather along the first axis",
    () => ({
      loss: (x) => weighed(tf.gather(x, tf.tensor1d([1, 1, 4], "int32"))),
      at: [waves(5, 3)],
    }),
  ],
  [
    "maxPool",
    () => ({
      loss: (x) => weighed(tf.maxPool(x as tf.Tensor4D, 3, 2, "same")),
      at: [waves(2, 7, 6, 3)],
    }),
  ],
];

/** `composed` is wasm without the builds of our kernels. */
type Kind = "cpu" | "wasm" | "composed";

const open = (kind: Kind): Promise<Backend> =>
  kind === "composed" ? openBackend("wasm", { wasmPaths: NODE_WASM_PATHS }) : openInNode(kind);

async function gradientsOn(kind: Kind, make: Make): Promise<Float32Array[]> {
  await open(kind);
  return withLeakCheck(() =>
    tf.tidy(() => {
      const { loss, at } = make();
      return tf
        .grads(loss)(at)
        .map((gradient) => gradient.dataSync() as Float32Array);
    }),
  );
}

describe.each(["wasm", "composed"] as const)(
  "plain TensorFlow.js code on %s, as on cpu,",
  (wasm) => {
    beforeAll(() => open(wasm));

    it.each(PROGRAMS)("differentiates %s", async (_, make) => {
      const expected = await gradientsOn("cpu", make);
      const actual = await gradientsOn(wasm, make);
      expect(actual.length).toBe(expected.length);
      expected.forEach((gradient, i) => {
        expect(gradient.some((value) => value !== 0)).toBe(true);
        expect(distance(actual[i] ?? [], gradient)).toBeLessThan(1e-5);
      });
    });

    it("sends a tied maximum's gradient to the first pixel, on both", async () => {
      const make: Make = () => ({
        loss: (x) => tf.sum(tf.maxPool(x as tf.Tensor4D, 2, 2, "valid")),
        at: [tf.zeros([1, 4, 4, 2])],
      });
      const [onCpu] = await gradientsOn("cpu", make);
      const [onWasm] = await gradientsOn(wasm, make);
      expect(onWasm).toEqual(onCpu);
      const firsts = [...(onWasm ?? [])].flatMap((value, i) => (value === 1 ? [i >> 1] : []));
      expect(firsts).toEqual([0, 0, 2, 2, 8, 8, 10, 10]);
    });

    it("trains a network by TensorFlow.js' own optimizer to the same weights", async () => {
      const trained = async (kind: Kind): Promise<Float32Array> => {
        await open(kind);
        const w = tf.variable(waves(3, 3, 2, 3) as tf.Tensor4D);
        const x = waves(4, 5, 5, 2) as tf.Tensor4D;
        const optimizer = tf.train.sgd(0.05);
        for (let step = 0; step < 5; step++) {
          optimizer.minimize(() => tf.mean(tf.square(tf.relu(tf.conv2d(x, w, 1, "same")))));
        }
        const values = await w.data<"float32">();
        tf.dispose([w, x]);
        optimizer.dispose();
        return values;
      };
      const onCpu = await trained("cpu");
      expect(distance(await trained(wasm), onCpu)).toBeLessThan(1e-5);
    });

    it("replaces its kernels on every opening instead of piling them up", async () => {
      await open(wasm);
      const before = tf.getKernelsForBackend("wasm").length;
      await open(wasm);
      expect(tf.getKernelsForBackend("wasm").length).toBe(before);
    });
  },
);

describe("a network that runs op by op on wasm", () => {
  const cases = CASES.filter(({ name }) => /^(averagePool|maxPool|depthwise)/.test(name));

  it.each(["wasm", "composed"] as const)("has its pools' gradients on %s", async (kind) => {
    const answers = await referenceAnswers(cases, () => openInNode("cpu"));
    const backend = { ...(await open(kind)), machine: null };
    for (const one of cases) {
      const answer = answers.get(one.name);
      expect.assert(answer !== undefined);
      const found = await withLeakCheck(() => distancesTo(answer, one, backend));
      expect(beyond(found, () => 1e-4)).toEqual({});
    }
  });
});
