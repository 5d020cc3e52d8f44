/** @file The build of TensorFlow.js that a page gets shows its memory too: our kernels run there. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { describe, expect, it } from "vitest";
import { browserKernelFiles } from "../../../../worker/kernels.ts";
import { openInBrowser } from "../../../testing/browser-backends.ts";
import { distance } from "../../../testing/close.ts";
import { registerTrainingKernels } from "./index.ts";

const waves = (...shape: [number, number, number, number]): tf.Tensor4D => {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(1 + i * 12.9898));
  return tf.tensor(values, shape);
};

function gradients(): Float32Array[] {
  return tf.tidy(() => {
    const loss = (x: tf.Tensor, w: tf.Tensor): tf.Scalar =>
      tf.mean(tf.square(tf.relu(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same"))));
    return tf
      .grads(loss)([waves(2, 9, 8, 11), waves(3, 3, 11, 13)])
      .map((gradient) => gradient.dataSync<"float32">());
  });
}

describe("in a page", () => {
  it("differentiates a convolution on our kernels as on cpu", async () => {
    await openInBrowser("cpu");
    const expected = gradients();
    await openInBrowser("wasm");
    const { kernels, note } = await registerTrainingKernels(browserKernelFiles);
    expect(note).toBe("");
    expect(kernels).toContain("Conv2DBackpropFilter");
    gradients().forEach((values, at) => {
      expect(distance(values, expected[at] ?? [])).toBeLessThan(1e-4);
    });
  });
});
